"""What a driver says of a device: flags, numbers, texts and versions, one or several of one sort."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from kubernel.objects.devices.names import qualified_name_errors
from kubernel.objects.errors import FieldError, field_invalid, field_too_long
from kubernel.objects.models import resource
from kubernel.objects.rules.maps import typed_values

__all__ = ["attribute_errors", "attributes_of", "count_values", "has_lists"]

VALUE_MAX = 64
_NUMBER, _LABEL = r"(0|[1-9][0-9]*)", r"(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_LABEL}(\.{_LABEL})*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?")


class Attribute(msgspec.Struct, omit_defaults=True):
    """What is said of one name; the generated type cannot be used, because its ``bool`` hides Python's."""

    flag: bool | None = msgspec.field(default=None, name="bool")
    flags: list[bool] | None = msgspec.field(default=None, name="bools")
    number: int | None = msgspec.field(default=None, name="int")
    numbers: list[int] | None = msgspec.field(default=None, name="ints")
    string: str | None = None
    strings: list[str] | None = None
    version: str | None = None
    versions: list[str] | None = None


_LISTS = {"flags": "bools", "numbers": "ints", "strings": "strings", "versions": "versions"}
"""Member → its name on the wire."""
_SINGLES = ("flag", "number", "string", "version")
Attributes = Mapping[str, Attribute]


def attributes_of(device: resource.Device) -> Attributes:
    """Return the attributes, which the generated types leave plain, by name.

    Raises:
        Mistyped: One is no attribute.
    """
    return typed_values(device.attributes, Attribute)


def has_lists(attributes: Attributes) -> bool:
    """Whether one has several values."""
    return any(getattr(attribute, name) is not None for attribute in attributes.values() for name in _LISTS)


def count_values(attributes: Attributes) -> int:
    """Return how many values all of them have together."""
    return sum(sum(len(getattr(a, name) or ()) for name in _LISTS) or 1 for a in attributes.values())


def attribute_errors(attributes: Attributes, path: str) -> Iterable[FieldError]:
    """Check all attributes of a device."""
    for name, attribute in attributes.items():
        yield from qualified_name_errors(name, path)
        yield from _one(attribute, f"{path}[{name}]")


def _one(attribute: Attribute, path: str) -> Iterable[FieldError]:
    if attribute.string is not None:
        yield from _text_errors(attribute.string, f"{path}.string")
    if attribute.version is not None:
        yield from _version_errors(attribute.version, f"{path}.version")
    for member, name in _LISTS.items():
        if getattr(attribute, member) == []:
            yield field_invalid(f"{path}.{name}", [], "must not be empty if specified")
    for i, text in enumerate(attribute.strings or ()):
        yield from _text_errors(text, f"{path}.strings[{i}]")
    for i, version in enumerate(attribute.versions or ()):
        yield from _version_errors(version, f"{path}.versions[{i}]")
    said = [name for name in (*_SINGLES, *_LISTS) if getattr(attribute, name) is not None]
    if len(said) != 1:
        yield field_invalid(path, attribute if said else "", "exactly one value must be specified")


def _text_errors(value: str, path: str) -> Iterable[FieldError]:
    if len(value.encode()) > VALUE_MAX:
        yield field_too_long(path, VALUE_MAX)


def _version_errors(value: str, path: str) -> Iterable[FieldError]:
    if len(value) <= VALUE_MAX and not _VERSION.fullmatch(value):
        yield field_invalid(path, value, "must be a string compatible with semver.org spec 2.0.0")
    yield from _text_errors(value, path)
