"""A structural schema as the JSON Schema that the validator library compiles.

Differences of the two dialects are settled here: ``nullable`` is one more type, ``exclusiveMinimum`` a number of its
own, unknown formats go, a pattern becomes a keyword of ours because its dialect is RE2 (`patterns`).
"""

from typing import Any

from kubernel.objects.schemas.schema import Schema
from kubernel.objects.schemas.validating.formats import NUMBERS, STRINGS, normalized

__all__ = ["PATTERN", "RANGE", "json_schema"]

PATTERN, RANGE = "x-pattern", "x-range"
_SAME = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf")


def json_schema(schema: Schema) -> dict[str, Any]:
    """Return the schema in draft 7."""
    made: dict[str, Any] = {**_type(schema), **_limits(schema), **_structure(schema)}
    if schema.enum is not None:
        made["enum"] = schema.enum
    if schema.pattern:
        made[PATTERN] = schema.pattern
    if schema.format:
        made |= _format(schema)
    for word, listed in (("allOf", schema.all_of), ("anyOf", schema.any_of), ("oneOf", schema.one_of)):
        if listed:
            made[word] = [json_schema(nested) for nested in listed]
    if schema.not_ is not None:
        made["not"] = json_schema(schema.not_)
    return made


def _type(schema: Schema) -> dict[str, Any]:
    types = ["integer", "string"] if schema.is_int_or_string else [schema.type] if schema.type else []
    if types and schema.nullable:
        types.append("null")
    return {"type": types} if types else {}


def _limits(schema: Schema) -> dict[str, Any]:
    values = (
        schema.min_length,
        schema.max_length,
        schema.min_items,
        schema.max_items,
        schema.min_properties,
        schema.max_properties,
        schema.multiple_of,
    )
    made: dict[str, Any] = {word: value for word, value in zip(_SAME, values, strict=True) if value is not None}
    if schema.minimum is not None:
        made["exclusiveMinimum" if schema.exclusive_minimum else "minimum"] = schema.minimum
    if schema.maximum is not None:
        made["exclusiveMaximum" if schema.exclusive_maximum else "maximum"] = schema.maximum
    return made


def _structure(schema: Schema) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if schema.required:
        made["required"] = schema.required
    if schema.properties:
        made["properties"] = {name: json_schema(nested) for name, nested in schema.properties.items()}
    if isinstance(schema.additional, Schema):
        made["additionalProperties"] = json_schema(schema.additional)
    elif schema.additional is False:
        made["additionalProperties"] = False
    if isinstance(schema.items, Schema):
        made["items"] = json_schema(schema.items)
    return made


def _format(schema: Schema) -> dict[str, Any]:
    if schema.type in ("", "string"):
        name = normalized(schema.format)
        return {"format": name} if name in STRINGS else {}
    if NUMBERS.get(schema.format, ("", 0))[0] == schema.type:
        return {RANGE: schema.format}
    return {}
