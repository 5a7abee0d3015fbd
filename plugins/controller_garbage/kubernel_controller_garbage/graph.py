"""Who owns whom: every object that is known, and under each owner's uid its dependents.

The graph is fed by the watches and never decides; `Collector` does. An owner that is named and was never seen is simply
not in it: its kind's watch may be behind, or it is gone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kubernel.client import PartialObject, ServedResource, metadata_of
from kubernel.objects.models import meta

__all__ = ["FOREGROUND", "ORPHAN", "Graph", "Item", "Owner"]

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


class Owner(NamedTuple):
    """A reference to an owner, as a dependent has it."""

    uid: str
    api_version: str
    kind: str
    name: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One object, as far as collecting garbage needs it.

    Attributes:
        resource: Where it is found.
        namespace, name, uid: Which one it is.
        owners: Its owner references.
        finalizers: What holds it when it is deleted.
        is_deleted: Whether it is marked for deletion.
    """

    resource: ServedResource
    namespace: str
    name: str
    uid: str
    owners: tuple[Owner, ...]
    finalizers: tuple[str, ...]
    is_deleted: bool

    @property
    def path(self) -> str:
        """Its URL path."""
        return self.resource.path(self.namespace, self.name)

    @property
    def waits_for_dependents(self) -> bool:
        """Whether it goes only after those that it owns."""
        return self.is_deleted and FOREGROUND in self.finalizers

    @property
    def lets_dependents_go(self) -> bool:
        """Whether those that it owns stay without it."""
        return self.is_deleted and ORPHAN in self.finalizers

    @classmethod
    def of(cls, resource: ServedResource, obj: PartialObject) -> "Item":
        """Return what an object's metadata says."""
        about = metadata_of(obj)
        return cls(
            resource,
            about.namespace or "",
            about.name or "",
            about.uid or "",
            owners_of(about),
            tuple(about.finalizers or ()),
            about.deletionTimestamp is not None,
        )


def owners_of(about: meta.ObjectMeta) -> tuple[Owner, ...]:
    """Return an object's owner references."""
    return tuple(
        Owner(owner.uid, owner.apiVersion, owner.kind, owner.name, bool(owner.blockOwnerDeletion))
        for owner in about.ownerReferences or ()
    )


@dataclass(slots=True)
class Graph:
    """Items by uid, and the uids of dependents by owner."""

    _items: dict[str, Item] = field(default_factory=dict)
    _dependents: dict[str, set[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._items)

    def get(self, uid: str) -> Item | None:
        """Return an object as last seen."""
        return self._items.get(uid)

    def put(self, item: Item) -> None:
        """Take in a new state of an object."""
        self._unlink(self._items.get(item.uid))
        self._items[item.uid] = item
        for owner in item.owners:
            self._dependents.setdefault(owner.uid, set()).add(item.uid)

    def remove(self, uid: str) -> None:
        """Forget an object; its dependents stay known as such."""
        self._unlink(self._items.pop(uid, None))

    def dependents(self, uid: str) -> list[Item]:
        """Return the objects that name this owner, whether it is known or not."""
        return [item for child in self._dependents.get(uid, ()) if (item := self._items.get(child)) is not None]

    def blocking(self, uid: str) -> list[Item]:
        """Return the dependents that must be gone before this owner may go."""
        return [item for item in self.dependents(uid) if any(o.uid == uid and o.blocks for o in item.owners)]

    def items_of(self, resource: ServedResource) -> Iterator[Item]:
        """Yield every known object of a resource."""
        return (item for item in list(self._items.values()) if item.resource == resource)

    def unseen_owners(self, owners: Iterable[Owner]) -> bool:
        """Whether one of the owners is not known."""
        return any(owner.uid not in self._items for owner in owners)

    def _unlink(self, item: Item | None) -> None:
        for owner in item.owners if item else ():
            children = self._dependents.get(owner.uid)
            if children is not None:
                children.discard(item.uid if item else "")
                if not children:
                    del self._dependents[owner.uid]
