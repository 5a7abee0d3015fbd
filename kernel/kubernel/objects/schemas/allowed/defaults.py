"""Defaults must themselves be right: of their schema, without unknown fields.

Source: apiextensions-apiserver ``pkg/apiserver/schema/defaulting/validation.go``.
"""

from collections.abc import Iterator

import msgspec

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.embedded import embedded_errors, type_embedded
from kubernel.objects.schemas.pruning import META_FIELDS, pruned_value
from kubernel.objects.schemas.schema import Schema
from kubernel.objects.schemas.validating.validator import Validator

__all__ = ["default_errors"]


def default_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield what is wrong with the defaults anywhere inside a structural schema."""
    yield from _errors(schema, path, is_resource=True, is_in_head=False)


def _errors(schema: Schema, path: str, *, is_resource: bool, is_in_head: bool) -> Iterator[FieldError]:
    if schema.default is not None and not is_in_head:
        yield from _one(schema, child(path, "default"))
    if schema.item is not None:
        item = schema.item
        yield from _errors(item, child(path, "items"), is_resource=item.is_embedded, is_in_head=is_in_head)
    for name, nested in schema.properties.items():
        where = key(child(path, "properties"), name)
        in_head = is_in_head or (is_resource and name in META_FIELDS)
        yield from _errors(nested, where, is_resource=nested.is_embedded, is_in_head=in_head and not nested.is_embedded)


def _one(schema: Schema, path: str) -> Iterator[FieldError]:
    default = schema.default
    if pruned_value(default, schema) != default:
        yield field_invalid(path, default, "must not have unknown fields")
    try:
        copy = pruned_value(default, schema)
        type_embedded(copy, schema)
    except msgspec.ValidationError as error:
        yield field_invalid(path, default, f"must result in valid metadata: {error}")
        return
    yield from embedded_errors(default, schema, path)
    yield from Validator(schema).errors(default, path)
