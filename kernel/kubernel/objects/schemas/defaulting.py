"""Defaulting: what an object means where it says nothing, by its schema.

Source: apiextensions-apiserver ``pkg/apiserver/schema/defaulting``. A ``null`` where the schema allows none counts as
absent: it takes the default, or is dropped when there is none.
"""

from typing import Any

from kubernel.objects.schemas.schema import Schema

__all__ = ["fill_in", "has_defaults"]


def has_defaults(schema: Schema | None) -> bool:
    """Whether a schema or one inside it has a default."""
    if schema is None:
        return False
    if schema.default is not None:
        return True
    inner = (schema.item, schema.additional_schema, *schema.properties.values())
    return any(has_defaults(nested) for nested in inner)


def fill_in(value: Any, schema: Schema | None) -> None:  # noqa: ANN401 - any JSON value
    """Add the defaults that are missing and drop the nulls that may not be, in place."""
    if isinstance(value, dict):
        _object(value, schema)
    elif isinstance(value, list):
        item = schema.item if schema is not None else None
        for i, element in enumerate(value):
            if element is None and item is not None and not item.nullable:
                value[i] = _copy(item.default)
            else:
                fill_in(element, item)


def _object(value: dict[str, Any], schema: Schema | None) -> None:
    if schema is None:
        return
    for name, nested in schema.properties.items():
        if nested.default is not None and _is_missing(value, name, nested):
            value[name] = _copy(nested.default)
    for name in list(value):
        nested_in = schema.properties.get(name) or schema.additional_schema
        if nested_in is None:
            continue
        if value[name] is None and not nested_in.nullable:
            if nested_in.default is None:
                del value[name]
                continue
            value[name] = _copy(nested_in.default)
        fill_in(value[name], nested_in)


def _is_missing(value: dict[str, Any], name: str, schema: Schema) -> bool:
    return name not in value or (value[name] is None and not schema.nullable)


def _copy(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _copy(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_copy(element) for element in value]
    return value
