"""The built-in authorisers: ``system:masters`` may do everything, everybody may look around and ask about themselves.

RBAC is a link that others add to the chain.
"""

from kubernel.auth.groups import AUTHENTICATED, MASTERS, SERVICE_ACCOUNTS
from kubernel.plugin.hooks import Attributes, Decision, Identity, PathRule, ResourceRule, Rules, Verdict, hookimpl

__all__ = ["Basics", "Masters"]


class Masters:
    """Allows everything to one group and has no opinion on anybody else."""

    _ALLOWED = Decision(Verdict.ALLOW)
    _RULES = Rules((ResourceRule(("*",), ("*",), ("*",)),), (PathRule(("*",), ("*",)),))

    @hookimpl
    def kubernel_authorize(self, attributes: Attributes) -> Decision | None:
        """Allow members of ``system:masters``."""
        return self._ALLOWED if MASTERS in attributes.identity.groups else None

    @hookimpl
    def kubernel_rules(self, identity: Identity) -> Rules | None:
        """Say that members of ``system:masters`` may do everything."""
        return self._RULES if MASTERS in identity.groups else None


_REVIEWS = (
    ("authentication.k8s.io", ("selfsubjectreviews",)),
    ("authorization.k8s.io", ("selfsubjectaccessreviews", "selfsubjectrulesreviews")),
)
_PATHS = ("/api", "/apis", "/healthz", "/livez", "/openapi", "/readyz", "/version")
_TREES = ("/api/", "/apis/", "/openapi/")
_ISSUER_PATHS = ("/.well-known/openid-configuration", "/openid/v1/jwks")


class Basics:
    """What Kubernetes' default roles give to whoever is authenticated, before any RBAC.

    ``system:discovery`` and ``system:public-info-viewer`` (what is served, and whether), ``system:basic-user`` (who am
    I, and what may I), ``system:service-account-issuer-discovery`` for service accounts. Source: the bootstrap policy.
    """

    _REVIEWED = frozenset((group, name) for group, names in _REVIEWS for name in names)
    _RESOURCES = tuple(ResourceRule(("create",), (group,), names) for group, names in _REVIEWS)
    _OPEN = PathRule(("get",), (*_PATHS, *(f"{tree}*" for tree in _TREES)))
    _ISSUER = PathRule(("get",), _ISSUER_PATHS)

    @hookimpl
    def kubernel_authorize(self, attributes: Attributes) -> Decision | None:
        """Allow looking around and asking about oneself."""
        identity = attributes.identity
        if AUTHENTICATED not in identity.groups:
            return None
        if attributes.resource:
            is_asked = attributes.verb == "create" and (attributes.group, attributes.resource) in self._REVIEWED
            return Decision(Verdict.ALLOW) if is_asked and not attributes.subresource else None
        if attributes.verb not in {"get", "head"}:
            return None
        path = attributes.path.rstrip("/") or "/"
        is_open = path in _PATHS or path.startswith(_TREES)
        is_issuer = SERVICE_ACCOUNTS in identity.groups and path in _ISSUER_PATHS
        return Decision(Verdict.ALLOW) if is_open or is_issuer else None

    @hookimpl
    def kubernel_rules(self, identity: Identity) -> Rules | None:
        """Say the same as rules."""
        if AUTHENTICATED not in identity.groups:
            return None
        paths = (self._OPEN, self._ISSUER) if SERVICE_ACCOUNTS in identity.groups else (self._OPEN,)
        return Rules(self._RESOURCES, paths)
