"""Which schemas are structural: every value has one known type, so that objects can be pruned and defaulted.

The words of ``allOf``, ``anyOf``, ``oneOf`` and ``not`` may judge values and not describe them, and only values that
are described outside. Source: apiextensions-apiserver ``pkg/apiserver/schema`` (``validation.go``, ``complete.go``).
"""

from collections.abc import Iterator
from enum import Enum

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.schema import Schema
from kubernel.objects.schemas.validating.patterns import pattern_error

__all__ = ["structure_errors"]

_EITHER = [Schema(type="integer"), Schema(type="string")]
_NAMES = ({"name"}, {"generateName"}, {"name", "generateName"})


class _Level(Enum):
    """Where a schema stands; the words for a missing type."""

    ROOT = "must not be empty at the root"
    ITEM = "must not be empty for specified array items"
    FIELD = "must not be empty for specified object fields"


def structure_errors(schema: Schema, path: str) -> list[FieldError]:
    """Return everything that makes a version's schema not structural, sorted."""
    errors = [*_invariants(schema, _Level.ROOT, path), *_incomplete(schema, schema, path, path)]
    return sorted(errors, key=str)


def _invariants(schema: Schema, level: _Level, path: str) -> Iterator[FieldError]:
    if schema.type == "array" and schema.items is None:
        yield field_required(child(path, "items"), "must be specified")
    if schema.item is not None:
        yield from _invariants(schema.item, _Level.ITEM, child(path, "items"))
    for name, nested in schema.properties.items():
        yield from _invariants(nested, _Level.FIELD, key(child(path, "properties"), name))
    if schema.additional is not None:
        where = child(path, "additionalProperties")
        if level is _Level.ROOT:
            yield field_forbidden(where, "must not be used at the root")
        if isinstance(schema.additional, Schema):
            yield from _invariants(schema.additional, _Level.FIELD, where)
    yield from _extension_errors(schema, path)
    yield from _judging(schema, path, is_nested=False)
    yield from _type_errors(schema, level, path)
    yield from _head_errors(schema, level, path)


def _extension_errors(schema: Schema, path: str) -> Iterator[FieldError]:
    why = "must be false if x-kubernetes-int-or-string is true"
    if schema.is_int_or_string and schema.preserves_unknown:
        yield field_invalid(child(path, "x-kubernetes-preserve-unknown-fields"), True, why)
    if schema.is_int_or_string and schema.is_embedded:
        yield field_invalid(child(path, "x-kubernetes-embedded-resource"), True, why)
    if schema.is_embedded and schema.additional is not None:
        why = "must not be used if x-kubernetes-embedded-resource is set"
        yield field_forbidden(child(path, "additionalProperties"), why)
    if schema.is_embedded and not schema.preserves_unknown and not schema.properties:
        why = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"
        yield field_required(child(path, "properties"), why)


def _type_errors(schema: Schema, level: _Level, path: str) -> Iterator[FieldError]:
    where = child(path, "type")
    if schema.is_embedded and schema.type != "object":
        why = "must be object if x-kubernetes-embedded-resource is true"
        yield field_invalid(where, schema.type, why) if schema.type else field_required(where, why)
    elif not schema.type and not schema.is_int_or_string and not schema.preserves_unknown:
        yield field_required(where, level.value)
    if level is _Level.ROOT and schema.type not in ("", "object"):
        yield field_invalid(where, schema.type, "must be object at the root")


def _head_errors(schema: Schema, level: _Level, path: str) -> Iterator[FieldError]:
    is_resource = level is _Level.ROOT or schema.is_embedded
    for name in ("kind", "apiVersion"):
        nested = schema.properties.get(name)
        if is_resource and nested is not None and nested.type != "string":
            yield field_invalid(f"{path}.properties[{name}].type", nested.type, "must be string")
    metadata = schema.properties.get("metadata")
    if metadata is None:
        return
    where = key(child(path, "properties"), "metadata")
    if is_resource and metadata.type != "object":
        yield field_invalid(child(where, "type"), metadata.type, "must be object")
    if level is _Level.ROOT and not _restricts_names_only(metadata):
        why = "must not specify anything other than name and generateName, but metadata is implicitly specified"
        yield field_forbidden(where, why)


def _restricts_names_only(metadata: Schema) -> bool:
    bare = {name: getattr(metadata, name) for name in metadata.__struct_fields__}
    bare |= {"type": "", "default": None}
    if set(metadata.properties) in _NAMES:
        bare["properties"] = {}
    return Schema(**bare) == Schema()


def _judging(schema: Schema, path: str, *, is_nested: bool, skips: bool | None = None) -> Iterator[FieldError]:
    """Check what judges values; ``skips`` says whether ``anyOf`` is the pair that makes an int-or-string."""
    skips_any = schema.any_of == _EITHER if skips is None else skips
    for i, nested in enumerate(() if skips_any else schema.any_of):
        yield from _nested(nested, f"{child(path, 'anyOf')}[{i}]")
    for i, nested in enumerate(schema.all_of):
        first = i == 0 and not is_nested and nested.any_of == _EITHER
        yield from _nested(nested, f"{child(path, 'allOf')}[{i}]", skips=first)
    for i, nested in enumerate(schema.one_of):
        yield from _nested(nested, f"{child(path, 'oneOf')}[{i}]")
    if schema.not_ is not None:
        yield from _nested(schema.not_, child(path, "not"))
    if schema.pattern and (error := pattern_error(schema.pattern)):
        why = f"must be a valid regular expression, but isn't: {error}"
        yield field_invalid(child(path, "pattern"), schema.pattern, why)


def _nested(schema: Schema, path: str, *, skips: bool = False) -> Iterator[FieldError]:
    yield from _judging(schema, path, is_nested=True, skips=skips)
    if schema.item is not None:
        yield from _nested(schema.item, child(path, "items"))
    for name, nested in schema.properties.items():
        yield from _nested(nested, key(child(path, "properties"), name))
    for is_there, word, how in (
        (schema.type, "type", "empty"),
        (schema.additional, "additionalProperties", "undefined"),
        (schema.default is not None, "default", "undefined"),
        (schema.title, "title", "empty"),
        (schema.description, "description", "empty"),
        (schema.nullable, "nullable", "false"),
        (schema.preserves_unknown, "x-kubernetes-preserve-unknown-fields", "false"),
        (schema.is_embedded, "x-kubernetes-embedded-resource", "false"),
        (schema.is_int_or_string, "x-kubernetes-int-or-string", "false"),
        (schema.list_keys, "x-kubernetes-list-map-keys", "empty"),
        (schema.list_type is not None, "x-kubernetes-list-type", "undefined"),
        (schema.map_type is not None, "x-kubernetes-map-type", "undefined"),
        (schema.rules, "x-kubernetes-validations", "empty"),
    ):
        if is_there:
            yield field_forbidden(child(path, word), f"must be {how} to be structural")
    if "metadata" in schema.properties:
        where = key(child(path, "properties"), "metadata")
        yield field_forbidden(where, "must not be specified in a nested context")


def _incomplete(judging: Schema, described: Schema | None, path: str, where: str) -> Iterator[FieldError]:
    """Yield what is judged (at ``where``) and not described (below ``path``)."""
    if described is None:
        yield field_required(path, f"because it is defined in {where}")
        return
    alternatives = [("allOf", judging.all_of), ("anyOf", judging.any_of), ("oneOf", judging.one_of)]
    if judging.not_ is not None:
        yield from _incomplete_nested(judging.not_, described, path, child(where, "not"))
    for word, listed in alternatives:
        for i, nested in enumerate(listed):
            yield from _incomplete_nested(nested, described, path, f"{child(where, word)}[{i}]")


def _incomplete_nested(judging: Schema, described: Schema, path: str, where: str) -> Iterator[FieldError]:
    yield from _incomplete(judging, described, path, where)
    if judging.item is not None:
        yield from _one_incomplete(judging.item, described.item, child(path, "items"), child(where, "items"))
    for name, nested in judging.properties.items():
        word = key("properties", name)
        yield from _one_incomplete(nested, described.properties.get(name), child(path, word), child(where, word))


def _one_incomplete(judging: Schema, described: Schema | None, path: str, where: str) -> Iterator[FieldError]:
    if described is None:
        yield field_required(path, f"because it is defined in {where}")
    else:
        yield from _incomplete_nested(judging, described, path, where)
