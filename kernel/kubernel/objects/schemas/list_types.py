"""Lists that are sets or maps: no value, or no key, may be there twice.

Source: apiextensions-apiserver ``pkg/apiserver/schema/listtype``.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.schema import Schema

__all__ = ["list_type_errors"]

_ENCODER = msgspec.json.Encoder(order="deterministic")


def list_type_errors(value: Any, schema: Schema | None, path: str = "") -> Iterator[FieldError]:  # noqa: ANN401
    """Yield each element that a list of type ``set`` or ``map`` has twice, once."""
    if schema is None:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            if name in schema.properties:
                yield from list_type_errors(member, schema.properties[name], child(path, name))
            elif schema.additional_schema is not None:
                yield from list_type_errors(member, schema.additional_schema, key(path, name))
    elif isinstance(value, list):
        if schema.list_type == "set":
            yield from _duplicates(value, path)
        elif schema.list_type == "map":
            yield from _map_errors(value, schema, path)
        for i, element in enumerate(value):
            yield from list_type_errors(element, schema.item, f"{path}[{i}]")


def _map_errors(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    for i, element in enumerate(value):
        if element is not None and not isinstance(element, dict):
            yield field_invalid(f"{path}[{i}]", element, "must be an object for an array of list-type map")
            return
    keys = [{name: element[name] for name in schema.list_keys if name in (element or {})} for element in value]
    yield from _duplicates(keys, path)


def _duplicates(values: list[Any], path: str) -> Iterator[FieldError]:
    seen: dict[bytes, int] = {}
    for i, value in enumerate(values):
        text = _ENCODER.encode(value)
        seen[text] = seen.get(text, 0) + 1
        if seen[text] == 2:
            yield field_duplicate(f"{path}[{i}]", value)
