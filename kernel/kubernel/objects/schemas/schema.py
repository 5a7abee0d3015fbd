"""One schema as data: the OpenAPI v3 subset of a CustomResourceDefinition.

The generated type ``JSONSchemaProps`` keeps its nested schemas as bare dicts; this one is typed all the way down, which
is what everything else here walks over. A sample::

    {"type": "object", "properties": {"replicas": {"type": "integer", "minimum": 0, "default": 1}}}
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.rules.paths import child, key

__all__ = ["MAX_DEPTH", "Rule", "Schema", "read_schema", "subschemas"]

MAX_DEPTH = 100
"""How deep schemas may be nested. Kubernetes has no such limit; the deepest that anybody publishes have some thirty
levels, and everything here recurses."""


class Rule(msgspec.Struct, omit_defaults=True, frozen=True):
    """One CEL rule of ``x-kubernetes-validations``."""

    rule: str = ""
    message: str = ""
    message_expression: str = msgspec.field(default="", name="messageExpression")
    reason: str | None = None
    field_path: str = msgspec.field(default="", name="fieldPath")
    optional_old_self: bool | None = msgspec.field(default=None, name="optionalOldSelf")


class Schema(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """A schema node; the names are those of OpenAPI, the ``x-kubernetes-`` extensions have short ones."""

    type: str = ""
    format: str = ""
    title: str = ""
    description: str = ""
    default: Any = None
    example: Any = None
    nullable: bool = False
    external_docs: Any = msgspec.field(default=None, name="externalDocs")

    properties: dict[str, "Schema"] = {}
    additional: "Schema | bool | None" = msgspec.field(default=None, name="additionalProperties")
    items: "Schema | list[Schema] | None" = None

    required: list[str] = []
    enum: list[Any] | None = None
    pattern: str = ""
    maximum: float | None = None
    exclusive_maximum: bool = msgspec.field(default=False, name="exclusiveMaximum")
    minimum: float | None = None
    exclusive_minimum: bool = msgspec.field(default=False, name="exclusiveMinimum")
    multiple_of: float | None = msgspec.field(default=None, name="multipleOf")
    max_length: int | None = msgspec.field(default=None, name="maxLength")
    min_length: int | None = msgspec.field(default=None, name="minLength")
    max_items: int | None = msgspec.field(default=None, name="maxItems")
    min_items: int | None = msgspec.field(default=None, name="minItems")
    unique_items: bool = msgspec.field(default=False, name="uniqueItems")
    max_properties: int | None = msgspec.field(default=None, name="maxProperties")
    min_properties: int | None = msgspec.field(default=None, name="minProperties")
    all_of: list["Schema"] = msgspec.field(default_factory=list, name="allOf")
    any_of: list["Schema"] = msgspec.field(default_factory=list, name="anyOf")
    one_of: list["Schema"] = msgspec.field(default_factory=list, name="oneOf")
    not_: "Schema | None" = msgspec.field(default=None, name="not")

    preserves_unknown: bool | None = msgspec.field(default=None, name="x-kubernetes-preserve-unknown-fields")
    is_embedded: bool = msgspec.field(default=False, name="x-kubernetes-embedded-resource")
    is_int_or_string: bool = msgspec.field(default=False, name="x-kubernetes-int-or-string")
    list_type: str | None = msgspec.field(default=None, name="x-kubernetes-list-type")
    list_keys: list[str] = msgspec.field(default_factory=list, name="x-kubernetes-list-map-keys")
    map_type: str | None = msgspec.field(default=None, name="x-kubernetes-map-type")
    rules: list[Rule] = msgspec.field(default_factory=list, name="x-kubernetes-validations")

    # What may not be used, kept so that it can be refused by name.
    id: str = ""
    schema_: str = msgspec.field(default="", name="$schema")
    ref: str | None = msgspec.field(default=None, name="$ref")
    additional_items: "Schema | bool | None" = msgspec.field(default=None, name="additionalItems")
    pattern_properties: dict[str, "Schema"] = msgspec.field(default_factory=dict, name="patternProperties")
    dependencies: dict[str, Any] | None = None
    definitions: dict[str, "Schema"] = {}

    @property
    def item(self) -> "Schema | None":
        """The schema of a list's elements, when there is one for all of them."""
        return self.items if isinstance(self.items, Schema) else None

    @property
    def additional_schema(self) -> "Schema | None":
        """The schema of a map's values."""
        return self.additional if isinstance(self.additional, Schema) else None


_DECODER = msgspec.json.Decoder(Schema)


def read_schema(value: Any, path: str) -> tuple[Schema | None, list[FieldError]]:  # noqa: ANN401 - a Struct or plain
    """Read a schema, generated or plain.

    Returns:
        The schema, or ``None`` with what is wrong with it.
    """
    try:
        schema = _read(msgspec.json.encode(value))
    except (msgspec.ValidationError, RecursionError) as error:
        return None, [field_invalid(path, "", str(error))]
    if schema is None:
        return None, [field_invalid(path, "", f"must not be nested more than {MAX_DEPTH} levels deep")]
    return schema, []


@lru_cache(maxsize=64)
def _read(data: bytes) -> Schema | None:
    """Decode a schema; remembered, because a definition is checked, served and checked again. ``None``: too deep."""
    schema = _DECODER.decode(data)
    return None if _is_deeper(schema, MAX_DEPTH) else schema


def _is_deeper(schema: Schema, levels: int) -> bool:
    """Whether a schema is nested too deeply for the rest of this room to walk over."""
    return levels == 0 or any(_is_deeper(nested, levels - 1) for nested in _nested(schema))


def _nested(schema: Schema) -> list[Schema]:
    found = [*schema.properties.values(), *schema.all_of, *schema.any_of, *schema.one_of]
    found += [
        s for s in (schema.additional, schema.items, schema.not_, schema.additional_items) if isinstance(s, Schema)
    ]
    found += schema.items if isinstance(schema.items, list) else ()
    return [*found, *schema.pattern_properties.values(), *schema.definitions.values()]


def subschemas(schema: Schema, path: str) -> Iterator[tuple[Schema, str]]:
    """Yield every schema directly inside another one, with its path."""
    for name, nested in schema.properties.items():
        yield nested, key(child(path, "properties"), name)
    for single, word in (
        (schema.additional, "additionalProperties"),
        (schema.items, "items"),
        (schema.not_, "not"),
        (schema.additional_items, "additionalItems"),
    ):
        if isinstance(single, Schema):
            yield single, child(path, word)
    for listed, word in (
        (schema.all_of, "allOf"),
        (schema.any_of, "anyOf"),
        (schema.one_of, "oneOf"),
        (schema.items, "items"),
    ):
        if isinstance(listed, list):
            yield from ((nested, f"{child(path, word)}[{i}]") for i, nested in enumerate(listed))
    for named, word in ((schema.pattern_properties, "patternProperties"), (schema.definitions, "definitions")):
        yield from ((nested, key(child(path, word), name)) for name, nested in named.items())
