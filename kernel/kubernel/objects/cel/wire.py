"""The protobuf wire format, as far as a syntax tree needs it: fields by number, read and written without a schema."""

from collections.abc import Iterable

__all__ = ["Field", "Message", "read", "signed", "write"]

Field = tuple[int, int | bytes]
"""A field's number and its value: an integer (varint) or the bytes of text and messages."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_LENGTH = {_FIXED64: 8, _FIXED32: 4}


class Message:
    """One decoded message: its fields in order, found by number."""

    def __init__(self, fields: list[Field]) -> None:
        self.fields = fields

    def __contains__(self, number: int) -> bool:
        return any(field == number for field, _ in self.fields)

    def all(self, number: int) -> list[bytes]:
        """Return a repeated field of text or messages."""
        return [value for field, value in self.fields if field == number and isinstance(value, bytes)]

    def one(self, number: int) -> bytes:
        """Return a field of text or a message; the last one counts, empty when there is none."""
        found = self.all(number)
        return found[-1] if found else b""

    def text(self, number: int) -> str:
        """Return a field of text."""
        return self.one(number).decode()

    def number(self, number: int) -> int:
        """Return a field of numbers, 0 when there is none."""
        found = [value for field, value in self.fields if field == number and isinstance(value, int)]
        return found[-1] if found else 0


def read(data: bytes) -> Message:
    """Decode one message's fields; the library wrote it, so it is well formed."""
    fields: list[Field] = []
    position, end = 0, len(data)
    while position < end:
        key, position = _varint(data, position)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, position = _varint(data, position)
            fields.append((number, value))
            continue
        length = _FIXED_LENGTH.get(wire, 0)
        if wire == _BYTES:
            length, position = _varint(data, position)
        fields.append((number, data[position : position + length]))
        position += length
    return Message(fields)


def write(fields: Iterable[Field]) -> bytes:
    """Encode fields; the inverse of `read` for integers, text and messages."""
    out = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            out += _to_varint(number << 3) + _to_varint(value)
        else:
            out += _to_varint(number << 3 | _BYTES) + _to_varint(len(value)) + value
    return bytes(out)


def signed(value: int) -> int:
    """Return what a varint means as an ``int64``."""
    return value - (1 << 64) if value >> 63 else value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def _to_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
