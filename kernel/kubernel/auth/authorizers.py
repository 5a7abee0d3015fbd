"""The built-in authoriser: ``system:masters`` may do everything. RBAC is a link that others add to the chain."""

from kubernel.auth.authenticators import MASTERS
from kubernel.plugin.hooks import Attributes, Decision, Verdict, hookimpl

__all__ = ["Masters"]

_ALLOWED = Decision(Verdict.ALLOW)


class Masters:
    """Allows everything to one group and has no opinion on anybody else."""

    @hookimpl
    def kubernel_authorize(self, attributes: Attributes) -> Decision | None:
        """Allow members of ``system:masters``."""
        return _ALLOWED if MASTERS in attributes.identity.groups else None
