"""Values that have no members: what Go's decoder takes for each, and what it says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from kubernel.objects.reading.findings import Findings
from kubernel.objects.reading.places import Mismatch, Place
from kubernel.objects.reading.tree import plain_of
from kubernel.objects.rules.payloads import base64_error

__all__ = ["ANYTHING", "SCALARS", "Scalar"]

Value = Any
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_LAYOUT = '"2006-01-02T15:04:05Z07:00"'
_NEVER = "0001-01-01T00:00:00Z"
_MICRO_LAYOUT = '"2006-01-02T15:04:05.000000Z07:00"'


@dataclass(frozen=True, slots=True)
class Scalar:
    """The shape of a value without members.

    Attributes:
        go: The Go type's name.
        take: Returns what is to be kept, or raises `Mismatch`.
        zero: What ``null`` means in a list or a map, and what a required value is that is missing.
    """

    go: str
    take: Callable[[Value, Place | None], Value]
    zero: Value

    def read(self, value: Value, _findings: Findings, place: Place | None) -> Value:
        """Read one value."""
        return self.zero if value is None else self.take(value, place)


def _plain(wanted: type, go: str, zero: Value) -> Scalar:
    def take(value: Value, place: Place | None) -> Value:
        if type(value) is wanted:
            return value
        raise Mismatch.of(value, place, go)

    return Scalar(go, take, zero)


def _whole(bits: int) -> Scalar:
    go, limit = f"int{bits}", 1 << (bits - 1)

    def take(value: Value, place: Place | None) -> Value:
        if type(value) is int and -limit <= value < limit:
            return value
        raise Mismatch.of(value, place, go, is_shown=True)

    return Scalar(go, take, 0)


def _decimal(value: Value, place: Place | None) -> Value:
    if type(value) in (int, float):
        return value
    raise Mismatch.of(value, place, "float64")


def _quantity(value: Value, place: Place | None) -> Value:
    """Take a number for the quantity that it looks like."""
    if type(value) in (int, float):
        return repr(value)
    if type(value) is str:
        return value
    raise Mismatch.of(value, place, "string")


def _number_or_text(value: Value, place: Place | None) -> Value:
    if type(value) is str or (type(value) is int and -(1 << 31) <= value < 1 << 31):
        return value
    raise Mismatch.of(value, place, "int32", is_shown=True)


def _moment(layout: str) -> Callable[[Value, Place | None], Value]:
    def take(value: Value, place: Place | None) -> Value:
        if type(value) is not str:
            raise Mismatch.of(value, place, "string")
        try:
            msgspec.convert(value, _Moment)
        except msgspec.ValidationError as error:
            raise Mismatch(f'parsing time "{value}" as {layout}: cannot parse "{value}" as "2006"') from error
        return value

    return take


def _bytes(value: Value, place: Place | None) -> Value:
    if type(value) is not str:
        raise Mismatch.of(value, place, "[]uint8")
    if why := base64_error(value):
        raise Mismatch(why)
    return value


ANYTHING = Scalar("interface {}", lambda value, _place: plain_of(value), None)

SCALARS: Mapping[str, Scalar] = {
    "string": _plain(str, "string", ""),
    "bool": _plain(bool, "bool", False),
    "int32": _whole(32),
    "int64": _whole(64),
    "double": Scalar("float64", _decimal, 0),
    "bytes": Scalar("[]uint8", _bytes, ""),
    "quantity": Scalar("resource.Quantity", _quantity, "0"),
    "intorstring": Scalar("intstr.IntOrString", _number_or_text, 0),
    "time": Scalar("v1.Time", _moment(_LAYOUT), _NEVER),
    "microtime": Scalar("v1.MicroTime", _moment(_MICRO_LAYOUT), _NEVER),
    "duration": _plain(str, "v1.Duration", "0s"),
    "raw": ANYTHING,
    "json": ANYTHING,
    "fields": ANYTHING,
}
"""Published type → shape."""
