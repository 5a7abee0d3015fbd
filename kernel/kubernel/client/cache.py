"""What an informer knows: the objects by key, and secondary indexes over them.

Keys are ``(namespace, name)``; cluster-scoped objects have the empty namespace. Objects in here are shared by every
reader: look, do not change; copy (`copy.deepcopy`) what you want to send changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

from kubernel.client.wire import ApiType, metadata_of

__all__ = ["Cache", "Key", "key_of"]

T = TypeVar("T", bound=ApiType)


class Key(NamedTuple):
    """An object's place in its kind."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def key_of(obj: ApiType) -> Key:
    """Return the object's key."""
    about = metadata_of(obj)
    return Key(about.namespace or "", about.name or "")


class _Index(Generic[T]):
    """Objects by the values that ``values_of`` finds in them; each object is under all of its values."""

    def __init__(self, values_of: Callable[[T], Iterable[str]]) -> None:
        self._values_of = values_of
        self._by_value: dict[str, dict[Key, T]] = {}

    def remove(self, key: Key, obj: T) -> None:
        for value in self._values_of(obj):
            bucket = self._by_value.get(value)
            if bucket is None:
                continue
            bucket.pop(key, None)
            if not bucket:
                del self._by_value[value]

    def insert(self, key: Key, obj: T) -> None:
        for value in self._values_of(obj):
            self._by_value.setdefault(value, {})[key] = obj

    def get(self, value: str) -> list[T]:
        return list(self._by_value.get(value, {}).values())


class Cache(Mapping[Key, T]):
    """A read-only mapping to everyone but the informer that owns it."""

    def __init__(self) -> None:
        self._items: dict[Key, T] = {}
        self._indexes: dict[str, _Index[T]] = {}

    def __getitem__(self, key: tuple[str, str]) -> T:
        return self._items[Key(*key)]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def add_index(self, name: str, values_of: Callable[[T], Iterable[str]]) -> None:
        """Keep an index from now on, over what is here already too."""
        index = self._indexes[name] = _Index(values_of)
        for key, obj in self._items.items():
            index.insert(key, obj)

    def by_index(self, name: str, value: str) -> list[T]:
        """Return the objects that have this value, in no particular order."""
        return self._indexes[name].get(value)

    def put(self, key: Key, new: T | None) -> T | None:
        """Store the object, or forget the key when ``new`` is ``None``; returns what was there."""
        old = self._items.get(key)
        for index in self._indexes.values():
            if old is not None:
                index.remove(key, old)
            if new is not None:
                index.insert(key, new)
        if new is not None:
            self._items[key] = new
        elif old is not None:
            del self._items[key]
        return old
