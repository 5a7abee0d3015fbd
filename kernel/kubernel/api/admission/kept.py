"""Configuration that is compiled when a write first meets it and kept while the objects stay as they are."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from kubernel.objects.models import ApiObject
from kubernel.objects.registry import AnyKind
from kubernel.watch import Cache, Record

__all__ = ["Kept"]

T = TypeVar("T")


class Kept(Generic[T]):
    """What the objects of one kind mean, sorted by name; compiled again when one of them changed."""

    def __init__(self, kind: AnyKind, compile_one: Callable[[ApiObject], T]) -> None:
        self._kind = kind
        self._compile = compile_one
        self._by_name: dict[str, tuple[Record, T]] = {}
        self._records: list[Record] = []
        self._all: Sequence[T] = ()

    def all(self, cache: Cache) -> Sequence[T]:
        """Return what all of them mean now."""
        collection = cache.collection(self._kind)
        if not len(collection) and not self._records:
            return ()
        records = list(collection.all())
        # Records are immutable and compared by identity, so this sees every change.
        if records != self._records:
            kept = self._by_name
            self._by_name = {
                record.name: found
                if (found := kept.get(record.name)) is not None and found[0] is record
                else (record, self._compile(record.decode()))
                for record in sorted(records, key=lambda record: record.name)
            }
            self._records = records
            self._all = [compiled for _, compiled in self._by_name.values()]
        return self._all
