"""What a definition's schema may say at all, node by node.

Source: apiextensions-apiserver ``pkg/apis/apiextensions/validation``
(``ValidateCustomResourceDefinitionOpenAPISchema``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.allowed.lists import list_errors
from kubernel.objects.schemas.field_paths import BadFieldPath, resolve
from kubernel.objects.schemas.pruning import META_FIELDS
from kubernel.objects.schemas.schema import Rule, Schema, subschemas

__all__ = ["standard_errors"]

_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_REASONS = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")
_MAP_TYPES = ("atomic", "granular")
_LINE_BREAK = re.compile(r"[\n\r]")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a schema stands.

    Attributes:
        is_root: It describes the whole object.
        is_in_head: It describes a part of a resource's head.
        no_default: Why it may have no default; empty when it may.
    """

    is_root: bool = False
    is_in_head: bool = False
    no_default: str = ""


def standard_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    """Yield what a version's schema may not say."""
    yield from _errors(schema, path, _Place(is_root=True))


def _errors(schema: Schema, path: str, place: _Place) -> Iterator[FieldError]:
    yield from _unsupported(schema, path, place)
    if schema.unique_items:
        why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield field_forbidden(child(path, "uniqueItems"), why)
    if schema.additional is not None and schema.additional is not True and schema.properties:
        why = "additionalProperties and properties are mutual exclusive"
        yield field_forbidden(child(path, "additionalProperties"), why)
    for nested, where in subschemas(schema, path):
        yield from _errors(nested, where, _inside(schema, path, where, place))
    if schema.preserves_unknown is False:
        yield field_invalid(child(path, "x-kubernetes-preserve-unknown-fields"), False, "must be true or undefined")
    yield from _map_errors(schema, path)
    yield from list_errors(schema, path)
    for i, rule in enumerate(schema.rules):
        yield from _rule_errors(schema, rule, f"{child(path, 'x-kubernetes-validations')}[{i}]")


def _inside(schema: Schema, path: str, where: str, place: _Place) -> _Place:
    inner = replace(place, is_root=False)
    if where == child(path, "additionalProperties") and place.is_in_head:
        return replace(inner, no_default="inside additionalProperties applying to object metadata")
    for name in META_FIELDS:
        if (place.is_root or schema.is_embedded) and where == key(child(path, "properties"), name):
            no_default = f"in top-level {name}" if place.is_root else inner.no_default
            return replace(inner, is_in_head=True, no_default=no_default)
    return inner


def _unsupported(schema: Schema, path: str, place: _Place) -> Iterator[FieldError]:
    if schema.type and schema.type not in _TYPES:
        yield field_not_supported(child(path, "type"), schema.type, _TYPES)
    if schema.default is not None and place.no_default:
        yield field_forbidden(child(path, "default"), f"must not be set {place.no_default}")
    for is_there, word in (
        (schema.id, "id"),
        (schema.additional_items is not None, "additionalItems"),
        (schema.pattern_properties, "patternProperties"),
        (schema.definitions, "definitions"),
        (schema.dependencies is not None, "dependencies"),
        (schema.ref is not None, "$ref"),
    ):
        if is_there:
            yield field_forbidden(child(path, word), f"{word} is not supported")
    if schema.schema_:
        yield field_invalid(path, "", "OpenAPIV3Schema 'schema' is not supported")
    if schema.type == "null":
        yield field_forbidden(child(path, "type"), "type cannot be set to null, use nullable as an alternative")
    if isinstance(schema.items, list) and schema.items:
        yield field_forbidden(child(path, "items"), "items must be a schema object and not an array")
    if place.is_in_head and schema.is_embedded:
        where = child(path, "x-kubernetes-embedded-resource")
        yield field_forbidden(where, "must not be used inside of resource meta")
    if place.is_root and schema.nullable:
        yield field_forbidden(child(path, "nullable"), "nullable cannot be true at the root")


def _map_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    if schema.map_type is None:
        return
    if schema.type != "object":
        where, why = child(path, "type"), "must be object if x-kubernetes-map-type is specified"
        yield field_invalid(where, schema.type, why) if schema.type else field_required(where, why)
    if schema.map_type not in _MAP_TYPES:
        yield field_not_supported(child(path, "x-kubernetes-map-type"), schema.map_type, _MAP_TYPES)


def _rule_errors(schema: Schema, rule: Rule, path: str) -> Iterator[FieldError]:
    text, message = rule.rule.strip(), rule.message.strip()
    if not text:
        yield field_required(child(path, "rule"), "rule is not specified")
    elif rule.message and not message:
        yield field_invalid(child(path, "message"), rule.message, "must be non-empty if specified")
    elif _LINE_BREAK.search(message):
        yield field_invalid(child(path, "message"), rule.message, "must not contain line breaks")
    elif _LINE_BREAK.search(text) and not message:
        yield field_required(child(path, "message"), "message must be specified if rule contains line breaks")
    if rule.message_expression and not rule.message_expression.strip():
        yield field_required(child(path, "messageExpression"), "messageExpression must be non-empty if specified")
    if rule.reason is not None and rule.reason not in _REASONS:
        yield field_not_supported(child(path, "reason"), rule.reason, _REASONS)
    if rule.field_path:
        yield from _field_path_errors(schema, rule.field_path, child(path, "fieldPath"))


def _field_path_errors(schema: Schema, text: str, path: str) -> Iterator[FieldError]:
    if not text.strip():
        yield field_invalid(path, text, "must be non-empty if specified")
    if _LINE_BREAK.search(text):
        yield field_invalid(path, text, "must not contain line breaks")
    try:
        resolve(text, schema)
    except BadFieldPath:
        yield field_invalid(path, text, "must be a valid path")
