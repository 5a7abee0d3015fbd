"""What a schema may say of lists that are sets or maps.

Source: apiextensions-apiserver ``pkg/apis/apiextensions/validation`` (``validateMapListKeysMapSet`` and around it).
"""

from collections.abc import Iterator

from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.schema import Schema

__all__ = ["list_errors"]

_LIST_TYPES = ("atomic", "set", "map")
_OF_SET = "must be atomic as item of a list with x-kubernetes-list-type=set"


def list_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield what is wrong with the list extensions of one schema."""
    if schema.list_type is not None and schema.type != "array":
        where, why = child(path, "type"), "must be array if x-kubernetes-list-type is specified"
        yield field_invalid(where, schema.type, why) if schema.type else field_required(where, why)
    elif schema.list_type == "set" and schema.item is not None:
        yield from _set_errors(schema.item, child(path, "items"))
    if schema.list_type is not None and schema.list_type not in _LIST_TYPES:
        yield field_not_supported(child(path, "x-kubernetes-list-type"), schema.list_type, _LIST_TYPES)
    if schema.list_keys and schema.list_type != "map":
        where, why = (
            child(path, "x-kubernetes-list-type"),
            "must be map if x-kubernetes-list-map-keys is non-empty",
        )
        yield field_invalid(where, schema.list_type, why) if schema.list_type else field_required(where, why)
    if schema.list_type == "map":
        yield from _map_errors(schema, path)
    if schema.list_type in ("set", "map") and schema.item is not None:
        yield from _key_errors(schema, schema.item, child(path, "items"))


def _set_errors(item: Schema, path: str) -> Iterator[FieldError]:
    if item.type == "array" and item.list_type not in (None, "atomic"):
        yield field_invalid(child(path, "x-kubernetes-list-type"), item.list_type, _OF_SET)
    if item.type == "object" and item.map_type != "atomic":
        yield field_invalid(child(path, "x-kubernetes-map-type"), item.list_type, _OF_SET)


def _map_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    keys, items = child(path, "x-kubernetes-list-map-keys"), child(path, "items")
    if not schema.list_keys:
        yield field_required(keys, "must not be empty if x-kubernetes-list-type is map")
    if schema.items is None:
        yield field_required(items, "must have a schema if x-kubernetes-list-type is map")
    item = schema.item
    if item is None:
        return
    if item.type != "object":
        why = "must be object if parent array's x-kubernetes-list-type is map"
        yield field_invalid(child(items, "type"), item.type, why)
        return
    for i, name in enumerate(schema.list_keys):
        nested = item.properties.get(name)
        if nested is None:
            yield field_invalid(keys, schema.list_keys, "entries must all be names of item properties")
        elif nested.type in ("array", "object"):
            why = "must be a scalar type if parent array's x-kubernetes-list-type is map"
            yield field_invalid(f"{items}.properties[{name}].type", item.type, why)
        if name in schema.list_keys[:i]:
            yield field_invalid(keys, schema.list_keys, "must not contain duplicate entries")


def _key_errors(schema: Schema, item: Schema, path: str) -> Iterator[FieldError]:
    if item.nullable:
        why = f"cannot be nullable when x-kubernetes-list-type is {schema.list_type}"
        yield field_forbidden(child(path, "nullable"), why)
    for name in schema.list_keys if schema.list_type == "map" else ():
        nested = item.properties.get(name)
        if nested is None:
            continue
        where, why = key(child(path, "properties"), name), "this property is in x-kubernetes-list-map-keys, so it "
        if name not in item.required and nested.default is None:
            yield field_required(child(where, "default"), why + "must have a default or be a required property")
        if nested.nullable:
            yield field_forbidden(child(where, "nullable"), why + "cannot be nullable")
