"""All of it together: fed with commits, asked by routes and by discovery."""

from collections.abc import Callable, Sequence

from kubernel.api.aggregation.keeping import Keeping
from kubernel.api.aggregation.remotes import Remote, Remotes
from kubernel.objects.registry import Registry
from kubernel.store import Entry, GroupCommit
from kubernel.watch import Cache

__all__ = ["Aggregation"]

_RESOURCE = "apiservices.apiregistration.k8s.io"
_SERVICES = f"{_RESOURCE}/"


class Aggregation:
    """The groups that others serve.

    Attributes:
        remotes: The table of them.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._keeping: Keeping | None = None
        self._cache: Cache | None = None
        self._followers: list[Callable[[], None]] = []
        self.remotes = Remotes()
        registry.follow(self._look_again)

    def find(self, group: str, version: str) -> Remote | None:
        """Return who else serves a group version; ``None`` when nobody does."""
        return self.remotes.find(group, version) if self.remotes else None

    def start(self, cache: Cache, commit: GroupCommit) -> None:
        """Read the APIServices and begin to keep them; needs a running event loop."""
        kind = self._registry.by_resource(_RESOURCE)
        if kind is None:
            return
        self._cache = cache
        self.remotes.load(cache.collection(kind).all())
        self._keeping = Keeping(kind, self._registry, self.remotes, cache, commit)
        self._keeping.start()

    async def stop(self) -> None:
        """End."""
        if self._keeping is not None:
            await self._keeping.stop()
            self._keeping = None

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take in one commit, after the cache has it."""
        if self._keeping is None:
            return
        for entry in entries:  # no generator: every commit comes here
            if entry.key.startswith(_SERVICES):
                self._load(self._keeping)
                return
        if self.remotes and any(entry.key in self.remotes.behind for entry in entries):
            self._keeping.wake()

    def _load(self, keeping: Keeping) -> None:
        kind = self._registry.by_resource(_RESOURCE)
        if kind is not None and self._cache is not None:
            self.remotes.load(self._cache.collection(kind).all())
        keeping.wake()

    def _look_again(self) -> None:
        if self._keeping is not None:
            self._keeping.wake()
