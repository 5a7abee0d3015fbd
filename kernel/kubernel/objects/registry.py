"""The kinds that a process knows, found by path, by name and by type.

A registry is built once when a process starts and handed down; it is not a module-global. ``Registry(BUILTIN)``
(``kubernel.objects.kinds``) holds the kernel's own kinds; the API server adds those of plugins.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from kubernel.objects.kind import GroupVersionKind, Kind
from kubernel.objects.models import ApiObject

__all__ = ["Registry"]

T = TypeVar("T", bound=ApiObject)
AnyKind = Kind[Any]


class Registry:
    """A set of kinds with its indexes; adding one whose names are taken is an error."""

    def __init__(self, kinds: Iterable[AnyKind] = ()) -> None:
        self._by_path: dict[tuple[str, str, str], AnyKind] = {}
        self._by_gvk: dict[GroupVersionKind, AnyKind] = {}
        self._by_type: dict[type, AnyKind] = {}
        self._by_resource: dict[str, AnyKind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: AnyKind) -> None:
        """Add one kind.

        Raises:
            ValueError: Its group, version and kind, or its plural, is there already.
        """
        path = (kind.group, kind.version, kind.plural)
        if path in self._by_path or kind.gvk in self._by_gvk:
            raise ValueError(f"kind {kind.name} of {kind.api_version} is registered twice; remove one of the plugins")
        self._by_path[path] = kind
        self._by_gvk[kind.gvk] = kind
        self._by_type.setdefault(kind.type, kind)
        self._by_resource.setdefault(kind.resource, kind)

    def __iter__(self) -> Iterator[AnyKind]:
        return iter(self._by_path.values())

    def __len__(self) -> int:
        return len(self._by_path)

    def at_path(self, group: str, version: str, plural: str) -> AnyKind | None:
        """Return the kind served at ``/apis/group/version/plural`` (the core group is the empty string)."""
        return self._by_path.get((group, version, plural))

    def by_gvk(self, gvk: GroupVersionKind) -> AnyKind | None:
        """Return the kind with this full name."""
        return self._by_gvk.get(gvk)

    def by_resource(self, resource: str) -> AnyKind | None:
        """Return the kind whose ``Kind.resource`` this is, such as ``pods``."""
        return self._by_resource.get(resource)

    def of_type(self, struct: type[T]) -> Kind[T]:
        """Return the kind whose objects have this Struct.

        Raises:
            KeyError: No kind has this type; register it first.
        """
        return self._by_type[struct]
