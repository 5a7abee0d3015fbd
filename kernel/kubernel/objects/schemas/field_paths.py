"""Paths to fields of a schema: ``.spec.names['a.b']``; unlike JSON paths they lead to one place that must exist.

Source: apiextensions-apiserver ``ValidFieldPath`` (``pkg/apiserver/schema/cel/validation.go``).
"""

import re

from kubernel.objects.rules.paths import child, key
from kubernel.objects.schemas.schema import Schema

__all__ = ["BadFieldPath", "resolve"]

_TOKEN = re.compile(r"'(?:\\.|[^'\\])*'|[.\[\]]|[^.\[\]']+|'")
_ESCAPES = {"\\'": "'", "\\\\": "\\", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}


class BadFieldPath(ValueError):  # noqa: N818 - named after the condition
    """The path leads to no field; the message says why."""


def resolve(text: str, schema: Schema, *, allows_brackets: bool = True) -> tuple[str, Schema | None]:
    """Follow a path through a schema.

    Args:
        text: The path, which starts with a dot or a bracket.
        schema: Where it starts.
        allows_brackets: Whether ``['name']`` may be used.

    Returns:
        The field path in the usual form, and the schema at its end.

    Raises:
        BadFieldPath: It leads nowhere.
    """
    tokens = _TOKEN.findall(text)
    at: Schema | None = schema
    path, i = "", 0
    while i < len(tokens):
        if tokens[i] not in ("[", "."):
            raise BadFieldPath(f"expected [ or . but got: {tokens[i]}")
        if tokens[i] == "[" and not allows_brackets:
            raise BadFieldPath("array notation is not allowed")
        if i + 1 >= len(tokens):
            raise BadFieldPath("unexpected end of JSON path")
        name, used = (tokens[i + 1], 2) if tokens[i] == "." else (_quoted(tokens, i + 1), 3)
        path, at = _step(path, at, name)
        i += used
    return path, at


def _quoted(tokens: list[str], i: int) -> str:
    token = tokens[i]
    if len(token) < 2 or token[0] != "'" or token[-1] != "'":
        raise BadFieldPath(f"expected single quoted string but got {token}")
    if i + 1 >= len(tokens):
        raise BadFieldPath("unexpected end of JSON path")
    if tokens[i + 1] != "]":
        raise BadFieldPath(f"expected ] but got {tokens[i + 1]}")
    return re.sub(r"\\.", lambda match: _ESCAPES.get(match[0], match[0]), token[1:-1])


def _step(path: str, schema: Schema | None, name: str) -> tuple[str, Schema | None]:
    if schema is not None and schema.properties:
        if name not in schema.properties:
            raise BadFieldPath("does not refer to a valid field")
        return child(path, name), schema.properties[name]
    if schema is not None and schema.additional is not None:
        return key(path, name), schema.additional_schema
    raise BadFieldPath("does not refer to a valid field")
