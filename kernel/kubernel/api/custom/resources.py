"""Custom resources as the rest of the server meets them: fed with commits, started and stopped with the process."""

from collections.abc import Sequence

from kubernel.api.custom.conversion import Conversion
from kubernel.api.custom.definitions import Definitions
from kubernel.api.custom.negotiation import Negotiation
from kubernel.objects.kinds.apiextensions.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION
from kubernel.objects.registry import Registry
from kubernel.store import Entry, GroupCommit
from kubernel.watch import Cache

__all__ = ["CustomResources"]


class CustomResources:
    """Serves what the stored definitions say, and says in them what became of them.

    Args:
        registry: Gets the custom kinds.
        cache: Filled already; the kinds of its definitions are served when this returns.
    """

    def __init__(self, registry: Registry, cache: Cache) -> None:
        self._cache = cache
        self._conversion = Conversion(cache)
        self._definitions = Definitions(registry, self._conversion)
        self._definitions.load(cache.collection(CUSTOM_RESOURCE_DEFINITION).all())
        self._negotiation: Negotiation | None = None

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take in one commit that the cache has taken in; its writers are answered afterwards."""
        touched = self._definitions.apply(entries)
        if touched and self._negotiation is not None:
            self._negotiation.look_at(touched)

    def start(self, commit: GroupCommit) -> None:
        """Begin to negotiate names and to clean up; needs a running event loop."""
        self._negotiation = Negotiation(self._cache, commit, self._definitions)
        self._negotiation.start()

    async def stop(self) -> None:
        """End what `start` began."""
        if self._negotiation is not None:
            await self._negotiation.stop()
        await self._conversion.close()
