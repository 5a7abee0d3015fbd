"""One object at one revision, as the cache holds it: its bytes, and what selectors ask of it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from kubernel.objects import codec
from kubernel.objects.fields import selectable_fields
from kubernel.objects.models import ApiObject
from kubernel.objects.ownership import EXPLICIT, is_brief, managed_text, with_managed
from kubernel.objects.registry import AnyKind
from kubernel.store import Change

KEPT_MAX_BYTES = 4096
"""``managedFields`` that were worked out are kept with their object; larger ones are worked out again."""

HERDS = 1024
"""Objects of a herd have the same ``managedFields``, and share the text; so many texts are known at a time."""

__all__ = ["ChangeEvent", "Record"]


class Record:
    """An object's bytes and its header; immutable.

    Objects whose kind is not served now (its plugin or definition is away) have none; nobody is shown them.

    Labels and selectable fields are taken from the bytes when a selector first asks: most objects are never asked,
    and a create should not pay for it.
    """

    __slots__ = ("_fields", "_kind", "_labels", "_managed", "data", "name", "namespace", "owners", "revision")

    def __init__(
        self, kind: AnyKind | None, namespace: str, name: str, revision: int, data: bytes, owners: str = ""
    ) -> None:
        self._kind = kind
        self.namespace = namespace
        self.name = name
        self.revision = revision
        self.data = data
        self.owners = owners
        self._labels: Mapping[str, str] | None = None
        self._fields: Mapping[str, str] | None = None
        self._managed: bytes | None = None

    @property
    def kind(self) -> AnyKind:
        """The kind that is stored; a view of it decodes other objects."""
        assert self._kind is not None, "nothing leads to the objects of a kind that is not served"
        return self._kind

    def bound(self, kind: AnyKind | None) -> "Record":
        """Return the same object as one of another kind: its schema or what can be selected has changed."""
        made = Record if kind is None or kind.reread is None else _Earlier
        return made(kind, self.namespace, self.name, self.revision, self.stored, self.owners)

    @property
    def stored(self) -> bytes:
        """The bytes that the log holds, which may be older than the rules of the kind; ``data`` never is."""
        return self.data

    def with_owners(self) -> "Record":
        """Return the object with its ``managedFields``, as who asks for this one object sees it."""
        if not is_brief(self.owners):
            return self
        managed = self._managed
        if managed is None:
            managed = managed_text(self.kind, self.data, self.owners)
            if len(managed) <= KEPT_MAX_BYTES:
                self._managed = managed = _shared(managed)
        data = with_managed(self.kind, self.data, managed)
        return Record(self.kind, self.namespace, self.name, self.revision, data, EXPLICIT)

    @property
    def labels(self) -> Mapping[str, str]:
        """The object's labels."""
        if self._labels is None:
            self._labels = codec.labels_in(self.data)
        return self._labels

    @property
    def fields(self) -> Mapping[str, str]:
        """The object's selectable fields, by path."""
        if self._fields is None:
            self._fields = selectable_fields(self.kind, self.decode())
        return self._fields

    def decode(self) -> ApiObject:
        """Return the object as a typed value of the caller's own."""
        obj: ApiObject = codec.decode_stored(self.kind, self.data)
        return obj


class _Earlier(Record):
    """An object that was stored before its kind became what it is: brought up to date when somebody asks for it."""

    __slots__ = ("_stored",)

    def __init__(
        self, kind: AnyKind | None, namespace: str, name: str, revision: int, data: bytes, owners: str = ""
    ) -> None:
        super().__init__(kind, namespace, name, revision, data, owners)
        self._stored = data
        del self.data  # so that `__getattr__` is asked for it, once

    def __getattr__(self, name: str) -> bytes:
        if name != "data":
            raise AttributeError(name)
        reread = self.kind.reread
        self.data = self._stored if reread is None else reread(self._stored)
        return self.data

    @property
    def stored(self) -> bytes:
        """The bytes that the log holds."""
        return self._stored


@lru_cache(maxsize=HERDS)
def _shared(text: bytes) -> bytes:
    return text


class ChangeEvent(NamedTuple):
    """What one revision did: the object after it (its last state for a deletion) and before it."""

    change: Change
    record: Record
    previous: Record | None
