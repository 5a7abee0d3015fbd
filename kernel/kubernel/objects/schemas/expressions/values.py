"""What an expression sees of an object: names that are identifiers, and the types that the schema says.

Moments and durations stay texts, because the library takes no others from data: a rule converts them itself
(``timestamp(self.at)``), which in Kubernetes changes nothing.

Source: apiserver ``pkg/cel/escaping.go``, apiextensions-apiserver ``pkg/apiserver/schema/cel/values.go``.
"""

import base64
import binascii
import re
from functools import lru_cache
from typing import Any

from kubernel.objects.schemas.schema import Schema

__all__ = ["escaped", "seen", "type_of"]

_RESERVED = frozenset(
    {"true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import"}
    | {"let", "loop", "package", "namespace", "return", "var", "void", "while"}
)
_SPECIAL = re.compile(r"__|[-./]")
_ESCAPES = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_SCALARS = {"string": "string", "integer": "int", "number": "double", "boolean": "bool"}


@lru_cache(maxsize=4096)
def escaped(name: str) -> str:
    """Return a member's name as an identifier: ``my-name`` → ``my__dash__name``, ``namespace`` → ``__namespace__``."""
    if name in _RESERVED:
        return f"__{name}__"
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], name)


def type_of(schema: Schema) -> str:
    """Return the type that an expression is checked against; ``dyn`` for objects, whose members are found by name."""
    if schema.is_int_or_string or schema.nullable:
        return "dyn"
    if schema.type == "array":
        return f"list<{type_of(schema.item)}>" if schema.item is not None else "list<dyn>"
    if schema.type == "object" and not schema.properties and schema.additional_schema is not None:
        return f"map<string, {type_of(schema.additional_schema)}>"
    if schema.type == "string":
        return "bytes" if schema.format == "byte" else "string"
    return _SCALARS.get(schema.type, "dyn")


def seen(value: Any, schema: Schema | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value, valid by its schema, in the form in which expressions see it."""
    if schema is None or value is None:
        return value
    if isinstance(value, dict):
        if not schema.properties:
            return {name: seen(member, schema.additional_schema) for name, member in value.items()}
        return {escaped(name): seen(member, schema.properties.get(name)) for name, member in value.items()}
    if isinstance(value, list):
        return [seen(element, schema.item) for element in value]
    if isinstance(value, str):
        return _decoded(value) if schema.format == "byte" else value
    if schema.type == "number":
        return float(value)
    return value


def _decoded(text: str) -> str | bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return text
