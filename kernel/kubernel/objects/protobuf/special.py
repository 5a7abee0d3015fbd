"""Types whose JSON is not that of their fields: quantities, times, whatever JSON stands inside bytes.

Each reader gets the bytes of one value and returns what JSON would have in its place, or `ABSENT` for what Go's
JSON leaves out or writes as ``null``. Source: the ``MarshalJSON`` and ``Marshal`` methods of apimachinery's types.
"""

import binascii
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from kubernel.objects.bounds import check_json
from kubernel.objects.durations import format_duration
from kubernel.objects.errors import StatusError
from kubernel.objects.protobuf.wire import LENGTH, VARINT, Cursor, ProtobufError

__all__ = ["ABSENT", "LENGTHS", "NUMBERS", "double", "texts"]

ABSENT: Final = object()
"""What a reader returns for a value that JSON does not have."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what is written ends in Z
_JSON = msgspec.json.Decoder()
_EXACT = 1 << 53
_NOTHING = (0, 0)
Value = Any
"""Any JSON value."""


def _number(field: int) -> int:
    return field << 3 | VARINT


def _bytes_of(field: int) -> int:
    return field << 3 | LENGTH


def _int32(value: int) -> int:
    value &= 0xFFFF_FFFF
    return value - (1 << 32) if value >> 31 else value


def _int64(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def double(cursor: Cursor, start: int, end: int, _depth: int) -> float:
    """Return a floating-point number that JSON can write.

    Raises:
        ProtobufError: It is infinite or no number.
    """
    value: float = struct.unpack("<d", cursor.body[start:end])[0]
    if value - value != 0:  # of all numbers only those two
        raise ProtobufError(f"json: unsupported value: {value}")
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def texts(cursor: Cursor, start: int, end: int, _depth: int) -> list[str]:
    """Return the texts of a message that is only a list."""
    found = []
    while start < end:
        tag, first, last, start = cursor.part(start, end)
        if tag == _bytes_of(1):
            found.append(cursor.text(first, last))
    return found


def _bytes(cursor: Cursor, start: int, end: int, _depth: int) -> str:
    return binascii.b2a_base64(cursor.body[start:end], newline=False).decode()


def _quantity(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    return cursor.text(*cursor.parts(start, end).get(_bytes_of(1), _NOTHING)) or ABSENT


def _int_or_string(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    found = cursor.parts(start, end)
    if found.get(_number(1), _NOTHING)[0]:
        return cursor.text(*found.get(_bytes_of(3), _NOTHING))
    return _int32(found.get(_number(2), _NOTHING)[0])


def _moment(cursor: Cursor, start: int, end: int) -> tuple[datetime, int]:
    """Return a second and the nanoseconds in it."""
    found = cursor.parts(start, end)
    seconds, nanos = _int64(found.get(_number(1), _NOTHING)[0]), found.get(_number(2), _NOTHING)[0]
    try:
        return _EPOCH + timedelta(seconds=seconds), nanos
    except OverflowError as error:
        raise ProtobufError("Time.MarshalJSON: year outside of range [0,9999]") from error


def _time(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    # Go's zero time is the empty message.
    return f"{_moment(cursor, start, end)[0].isoformat()}Z" if start < end else ABSENT


def _micro_time(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    if start == end:
        return ABSENT
    second, nanos = _moment(cursor, start, end)
    return f"{second.isoformat()}.{nanos // 1000 % 1_000_000:06d}Z"


def _duration(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    return format_duration(_int64(cursor.parts(start, end).get(_number(1), _NOTHING)[0]))


def _json(cursor: Cursor, start: int, end: int, _depth: int) -> Value:
    """Return the JSON that stands in field 1 of a message (``RawExtension``, ``FieldsV1``, a schema's ``default``)."""
    first, last = cursor.parts(start, end).get(_bytes_of(1), _NOTHING)
    text = cursor.body[first:last]
    if not text:
        return ABSENT
    try:
        check_json(text)
        return _JSON.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, StatusError) as error:
        raise ProtobufError(f"json: error calling MarshalJSON for type runtime.RawExtension: {error}") from error


NUMBERS: dict[str, Callable[[int], Value]] = {"int32": _int32, "int64": _int64, "bool": bool}
"""Type → what a varint means."""

LENGTHS: dict[str, Callable[[Cursor, int, int, int], Value]] = {
    "string": Cursor.text,
    "bytes": _bytes,
    "quantity": _quantity,
    "intorstring": _int_or_string,
    "time": _time,
    "microtime": _micro_time,
    "duration": _duration,
    "raw": _json,
    "json": _json,
    "fields": _json,
}
"""Type → the reader of its bytes; every other type with a length is a message."""
