"""The kinds that a process knows, found by path, by name and by type.

A registry is handed down from the top of a process; it is not a module-global. ``Registry(BUILTIN)``
(``kubernel.objects.kinds``) holds the kernel's own kinds; the API server adds those of plugins at its start, and those
of CustomResourceDefinitions as they come and go.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from kubernel.objects.kind import GroupVersionKind, Kind
from kubernel.objects.models import ApiObject

__all__ = ["AnyKind", "Registry"]

T = TypeVar("T", bound=ApiObject)
AnyKind = Kind[Any]


class Registry:
    """A set of kinds with its indexes; adding one whose names are taken is an error.

    Attributes:
        generation: Counts the changes: who keeps something made of the kinds compares it.
    """

    def __init__(self, kinds: Iterable[AnyKind] = ()) -> None:
        self._kinds: list[AnyKind] = []
        self._followers: list[Callable[[], None]] = []
        self.generation = 0
        self._index([])
        self.replace((), kinds)

    def add(self, kind: AnyKind) -> None:
        """Add one kind.

        Raises:
            ValueError: Its group, version and kind, or its plural, is there already.
        """
        self.replace((), (kind,))

    def remove(self, kind: AnyKind) -> None:
        """Remove one kind; its objects stay in the log and come back with it.

        Raises:
            ValueError: It is not there.
        """
        self.replace((kind,), ())

    def replace(self, old: Iterable[AnyKind], new: Iterable[AnyKind]) -> None:
        """Take some kinds away and add others in one step: nobody sees a state between.

        Raises:
            ValueError: One to be removed is not there, or one to be added is there already; nothing changed.
        """
        gone = list(old)
        if unknown := next((kind for kind in gone if not any(kind is known for known in self._kinds)), None):
            raise ValueError(f"kind {unknown.name} of {unknown.api_version} is not registered")
        self._index([*(known for known in self._kinds if not any(known is kind for kind in gone)), *new])
        self.generation += 1
        for follower in self._followers:
            follower()

    def follow(self, follower: Callable[[], None]) -> None:
        """Call a function after every later change."""
        self._followers.append(follower)

    def _index(self, kinds: list[AnyKind]) -> None:
        by_path: dict[tuple[str, str, str], AnyKind] = {}
        by_gvk: dict[GroupVersionKind, AnyKind] = {}
        by_type: dict[type, AnyKind] = {}
        stored: dict[str, AnyKind] = {}
        for kind in kinds:
            path = (kind.group, kind.version, kind.plural)
            if path in by_path or kind.gvk in by_gvk:
                raise ValueError(
                    f"kind {kind.name} of {kind.api_version} is registered twice; remove one of the plugins"
                )
            by_path[path] = by_gvk[kind.gvk] = kind
            by_type.setdefault(kind.type, kind)
            stored.setdefault(kind.stored_as.resource, kind.stored_as)
        self._kinds, self._by_path, self._by_gvk, self._by_type, self._stored = kinds, by_path, by_gvk, by_type, stored

    def __iter__(self) -> Iterator[AnyKind]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def at_path(self, group: str, version: str, plural: str) -> AnyKind | None:
        """Return the kind served at ``/apis/group/version/plural`` (the core group is the empty string)."""
        return self._by_path.get((group, version, plural))

    def by_gvk(self, gvk: GroupVersionKind) -> AnyKind | None:
        """Return the kind with this full name."""
        return self._by_gvk.get(gvk)

    def by_resource(self, resource: str) -> AnyKind | None:
        """Return the kind that is stored under this `Kind.resource`, such as ``pods``."""
        return self._stored.get(resource)

    def shown_as(self, kind: AnyKind) -> list[AnyKind]:
        """Return all served kinds that show the same stored objects as this one, itself among them."""
        return [known for known in self._kinds if known.stored_as is kind.stored_as]

    def of_type(self, struct: type[T]) -> Kind[T]:
        """Return the kind whose objects have this Struct.

        Raises:
            KeyError: No kind has this type; register it first.
        """
        return self._by_type[struct]
