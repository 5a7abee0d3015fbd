"""Messages into plain objects, along the published facts of their types.

For each type a `_Message` is made once: tag (field number and wire type) → what to do with it. Go writes every field
that is not a pointer, also an empty one, so a zero value says nothing and is left out as JSON leaves it out
(``omitempty``); it stays where the field is a pointer (``replicas: 0``), and where the Python type must have the field
it is put back.
"""

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from kubernel.objects.bounds import MAX_DEPTH
from kubernel.objects.models import Plain
from kubernel.objects.protobuf.special import ABSENT, LENGTHS, NUMBERS, double, texts
from kubernel.objects.protobuf.wire import FIXED64, LENGTH, VARINT, Cursor, ProtobufError
from kubernel.objects.published import Field, message_of

__all__ = ["is_known", "read_message"]

Read = Callable[[Cursor, int, int, int], Any]
"""Reads one value: from where, to where (for a varint: the value and 0), how deep."""


def is_known(name: str) -> bool:
    """Whether the type is published, so that it can be read."""
    return bool(message_of(name))


def read_message(name: str, cursor: Cursor, start: int, end: int) -> Plain:
    """Read one message.

    Args:
        name: Its published name, such as ``core_v1.Pod``.
        cursor: The body.
        start: Where the message begins.
        end: Where it ends.

    Raises:
        ProtobufError: It is no such message.
    """
    return _message(name).read(cursor, start, end, 0)


class _Place(IntEnum):
    """Where a value goes."""

    MEMBER = 0  # into its object, unless it is zero
    POINTER = 1  # into its object
    LIST = 2
    PACKED = 3  # many numbers side by side, as writers other than gogo-proto write them
    MAP = 4
    INLINE = 5  # its members into its object


class _Slot(NamedTuple):
    name: str
    place: _Place
    read: Read


class _Message:
    """Reads the messages of one type."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._slots: dict[int, _Slot] = {}
        self._names: dict[int, str] = {}
        self._zeros: list[tuple[str, Callable[[], Any]]] = []

    def read(self, cursor: Cursor, start: int, end: int, depth: int) -> Plain:
        """Read a message that is there."""
        return self._completed(self._members(cursor, start, end, depth))

    def read_optional(self, cursor: Cursor, start: int, end: int, depth: int) -> Plain:
        """Read a message that Go writes in any case: when nothing in it says anything, it is not there."""
        found = self._members(cursor, start, end, depth)
        return self._completed(found) if found else found

    def _completed(self, found: Plain) -> Plain:
        for name, zero in self._zeros:
            if name not in found:
                found[name] = zero()
        return found

    def _members(self, cursor: Cursor, start: int, end: int, depth: int) -> Plain:
        if depth > MAX_DEPTH:
            raise ProtobufError(f"exceeded max depth ({MAX_DEPTH})")
        if not self._names:  # compiled on first use: some types contain themselves
            self._compile()
        found: Plain = {}
        slots, position = self._slots, start
        while position < end:
            tag, first, last, position = cursor.part(position, end)
            slot = slots.get(tag)
            if slot is None:
                self._check_skipped(tag)
                continue
            name, place, read = slot
            value = read(cursor, first, last, depth + 1)
            if place is _Place.MEMBER:
                if value and value is not ABSENT:
                    found[name] = value
                elif name in found:
                    del found[name]
            else:
                _put(found, name, place, value)
        return found

    def _compile(self) -> None:
        for name, field in message_of(self._name).items():
            self._names[field.number] = name
            place = _place(field)
            wire, read = _reader(field.element, is_optional=place is _Place.MEMBER and not field.is_required)
            if field.is_map:
                wire, read = LENGTH, _entry_reader(wire, read, _zero(field.element))
            self._slots[field.number << 3 | wire] = _Slot(name, place, read)
            if field.is_list and wire == VARINT:
                self._slots[field.number << 3 | LENGTH] = _Slot(name, _Place.PACKED, _packed_reader(read))
            if field.is_required and not field.is_pointer:
                self._zeros.append((name, list if field.is_list else dict if field.is_map else _zero(field.type)))

    def _check_skipped(self, tag: int) -> None:
        name = self._names.get(tag >> 3)
        if name is not None:
            raise ProtobufError(f"proto: wrong wireType = {tag & 7} for field {name[:1].upper()}{name[1:]}")


@lru_cache(maxsize=1024)
def _message(name: str) -> _Message:
    return _Message(name)


def _put(found: Plain, name: str, place: _Place, value: Any) -> None:  # noqa: ANN401 - any JSON value
    if place is _Place.LIST:
        found.setdefault(name, []).append(None if value is ABSENT else value)
    elif place is _Place.MAP:
        key, value = value
        found.setdefault(name, {})[key] = None if value is ABSENT else value
    elif place is _Place.PACKED:
        found.setdefault(name, []).extend(value)
    elif place is _Place.INLINE:
        found.update(value)
    elif value is not ABSENT:
        found[name] = value


def _place(field: Field) -> _Place:
    if field.is_map:
        return _Place.MAP
    if field.is_list:
        return _Place.LIST
    if field.is_inline:
        return _Place.INLINE
    return _Place.POINTER if field.is_pointer else _Place.MEMBER


def _zero(tp: str) -> Callable[[], Any]:
    """Return what makes the value that a field of a type has in Go when nothing was sent."""
    if tp in NUMBERS:
        return bool if tp == "bool" else int
    if tp in {"intorstring", "double"}:
        return int
    if tp in LENGTHS:
        return str
    return list if _is_list(tp) else dict


def _is_list(tp: str) -> bool:
    """Whether the type is a list in JSON, and a message only because protobuf has no lists in maps (``ExtraValue``)."""
    return [(name, field.type) for name, field in message_of(tp).items()] == [("items", "[]string")]


def _reader(tp: str, *, is_optional: bool) -> tuple[int, Read]:
    """Return the wire type of a value and who reads it."""
    if tp in NUMBERS:
        number = NUMBERS[tp]
        return VARINT, lambda _cursor, value, _end, _depth: number(value)
    if tp == "double":
        return FIXED64, double
    if tp in LENGTHS:
        return LENGTH, LENGTHS[tp]
    if tp in _CHOICES:
        return LENGTH, _CHOICES[tp]
    if _is_list(tp):
        return LENGTH, texts
    return LENGTH, _message(tp).read_optional if is_optional else _message(tp).read


def _packed_reader(read: Read) -> Read:
    def packed(cursor: Cursor, start: int, end: int, depth: int) -> list[Any]:
        values = []
        while start < end:
            value, start = cursor.varint(start, end)
            cursor.spend()
            values.append(read(cursor, value, 0, depth))
        return values

    return packed


def _entry_reader(wire: int, read: Read, zero: Callable[[], Any]) -> Read:
    """Return the reader of one entry of a map: a message of a key and a value, each of which may be left out."""

    def entry(cursor: Cursor, start: int, end: int, depth: int) -> tuple[str, Any]:
        key, value, position = "", zero(), start
        while position < end:
            tag, first, last, position = cursor.part(position, end)
            if tag == 1 << 3 | LENGTH:
                key = cursor.text(first, last)
            elif tag == 2 << 3 | wire:
                value = read(cursor, first, last, depth)
            elif tag >> 3 in {1, 2}:
                raise ProtobufError(
                    f"proto: wrong wireType = {tag & 7} for field {'mapkey' if tag >> 3 == 1 else 'mapvalue'}"
                )
        return key, value

    return entry


# --- a schema's three choices, which JSON writes as the one that was chosen ------------------------------------------


def _schema_or_list(cursor: Cursor, start: int, end: int, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    found = _message("apiextensions_v1.JSONSchemaPropsOrArray").read(cursor, start, end, depth)
    return found.get("jSONSchemas") or found.get("schema", ABSENT)


def _schema_or_bool(cursor: Cursor, start: int, end: int, depth: int) -> Any:  # noqa: ANN401
    found = _message("apiextensions_v1.JSONSchemaPropsOrBool").read(cursor, start, end, depth)
    return found.get("schema", found.get("allows", False))


def _schema_or_texts(cursor: Cursor, start: int, end: int, depth: int) -> Any:  # noqa: ANN401
    found = _message("apiextensions_v1.JSONSchemaPropsOrStringArray").read(cursor, start, end, depth)
    return found.get("property") or found.get("schema", ABSENT)


_CHOICES: dict[str, Read] = {
    "apiextensions_v1.JSONSchemaPropsOrArray": _schema_or_list,
    "apiextensions_v1.JSONSchemaPropsOrBool": _schema_or_bool,
    "apiextensions_v1.JSONSchemaPropsOrStringArray": _schema_or_texts,
}
