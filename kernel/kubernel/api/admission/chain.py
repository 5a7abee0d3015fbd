"""The order in which a write is admitted: completed by everybody first, then judged by everybody.

The hooks of plugins are synchronous and on the path of every write. What objects of the cluster configure (policies
and webhooks) may have to wait for others; it comes after the hooks that complete and before those that judge, so that
what a judge counts (a quota) is what will be stored.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kubernel.objects.registry import Registry
from kubernel.plugin.hooks import AdmissionRequest, Hooks
from kubernel.watch import Cache
from kubernel.watch.collection import Collection

if TYPE_CHECKING:
    from kubernel.api.admission.outsiders import Outsiders

__all__ = ["AdmissionChain"]

_CONFIGURATIONS = tuple(
    f"{plural}.admissionregistration.k8s.io"
    for plural in (
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
        "validatingadmissionpolicies",
    )
)
"""Of which there must be one before anybody outside has a say."""


class AdmissionChain:
    """Everybody who may complete or refuse a write."""

    def __init__(self, hooks: Hooks, registry: Registry, cache: Callable[[], Cache]) -> None:
        self._hooks = hooks
        self._registry = registry
        self._cache = cache
        self._outsiders: Outsiders | None = None
        self._collections: tuple[Collection, ...] | None = None

    async def mutate(self, request: AdmissionRequest) -> bool:
        """Let everybody complete ``request.obj``, in place.

        Returns:
            Whether somebody had a hand in it who may have left out what the kind fills in by default.

        Raises:
            StatusError: The write is refused.
        """
        completed = self._hooks.mutate(request)
        outsiders = self._configured()
        if outsiders is not None:
            completed = await outsiders.mutate(request) or completed
        return completed

    async def validate(self, request: AdmissionRequest) -> None:
        """Ask everybody whether the write may happen.

        Raises:
            StatusError: The write is refused.
        """
        outsiders = self._configured()
        if outsiders is not None:
            await outsiders.validate(request)
        self._hooks.validate(request)

    @property
    def asks_outside(self) -> bool:
        """Whether anything of the cluster configures policies or webhooks."""
        return self._configured() is not None

    async def connect(self, request: AdmissionRequest) -> None:
        """Ask those outside whether a connection may be opened; they may change its options, ``request.obj``.

        Raises:
            StatusError: It is refused.
        """
        if (outsiders := self._configured()) is not None:
            await outsiders.mutate(request)
            await outsiders.validate(request)

    async def close(self) -> None:
        """Close the connections to webhooks."""
        if self._outsiders is not None:
            await self._outsiders.close()

    def _configured(self) -> "Outsiders | None":
        """Return those outside who may have a say, when there are any."""
        collections = self._collections
        if collections is None:
            kinds = filter(None, map(self._registry.by_resource, _CONFIGURATIONS))
            collections = self._collections = tuple(map(self._cache().collection, kinds))
        for collection in collections:
            if collection.records:
                return self._asked()
        return None

    def _asked(self) -> "Outsiders":
        if self._outsiders is None:
            # Expressions and an HTTP client: a server without webhooks and policies does without.
            from kubernel.api.admission.outsiders import Outsiders  # noqa: PLC0415

            self._outsiders = Outsiders(self._hooks, self._registry, self._cache)
        return self._outsiders
