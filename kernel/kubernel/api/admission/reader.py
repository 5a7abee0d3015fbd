"""The cluster as admission plugins look at it: the cache, through the narrow face that hooks promise."""

from collections.abc import Callable, Sequence
from typing import Any

from kubernel.objects.fields import EVERY_FIELD
from kubernel.objects.kind import Kind
from kubernel.objects.selectors import EVERYTHING
from kubernel.plugin.hooks import Changed, Stored
from kubernel.store import Change
from kubernel.watch import Cache, Interest

__all__ = ["CacheReader"]


class CacheReader:
    """Implements `kubernel.plugin.hooks.ClusterReader`."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache

    @property
    def revision(self) -> int:
        """The newest revision."""
        return self._cache().revision

    def count(self, kind: Kind[Any]) -> int:
        """Return how many objects of a kind there are."""
        return len(self._cache().collection(kind).records)

    def get(self, kind: Kind[Any], namespace: str, name: str) -> Stored | None:
        """Return one object."""
        return self._cache().collection(kind).get(namespace, name)

    def list(self, kind: Kind[Any], namespace: str = "") -> Sequence[Stored]:
        """Return the objects of a kind, sorted."""
        collection = self._cache().collection(kind)
        return collection.look(Interest(namespace, EVERYTHING, EVERY_FIELD)).records if len(collection) else ()

    def changes(self, kind: Kind[Any], since: int) -> Sequence[Changed] | None:
        """Return what happened to a kind after a revision."""
        collection = self._cache().collection(kind)
        if since < collection.floor:
            return None
        return [
            Changed(event.previous, None if event.change is Change.DELETED else event.record)
            for event in collection.since(since)
        ]
