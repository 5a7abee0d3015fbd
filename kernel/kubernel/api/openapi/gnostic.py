"""OpenAPI v2 in protobuf, the only form in which kubectl asks for it (when v3 does not have what it looks for).

The messages and their numbers are those of gnostic's ``OpenAPIv2.proto``; only what our own document contains is here.
What a message has no field for (``x-kubernetes-…``) becomes one of its vendor extensions, with its value as YAML, and
JSON is YAML.
"""

from collections.abc import Iterator, Mapping
from struct import pack
from typing import Any

import msgspec

from kubernel.objects.models import Plain

__all__ = ["encode"]

_VARINT, _DOUBLE, _LENGTH = 0, 1, 2


def encode(document: Plain) -> bytes:
    """Return the document as a gnostic ``Document``."""
    info = _texts(document["info"], {"title": 1, "version": 2})
    return b"".join(
        (
            _text(1, document["swagger"]),
            _message(2, info),
            *(_message(8, _message(2, _named(path, _path_item(item)))) for path, item in document["paths"].items()),
            _message(9, _properties(document["definitions"])),
        )
    )


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _message(number: int, content: bytes) -> bytes:
    return b"%s%s%s" % (_varint(number << 3 | _LENGTH), _varint(len(content)), content)


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode())


def _flag(number: int, value: bool) -> bytes:
    return _varint(number << 3 | _VARINT) + (b"\1" if value else b"\0")


def _named(name: str, value: bytes) -> bytes:
    return _text(1, name) + _message(2, value)


def _any(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return _message(2, msgspec.json.encode(value))


def _texts(value: Plain, numbers: Mapping[str, int]) -> bytes:
    return b"".join(_text(number, value[key]) for key, number in numbers.items() if value.get(key))


def _extensions(value: Plain, number: int) -> Iterator[bytes]:
    return (_message(number, _named(key, _any(item))) for key, item in value.items() if key.startswith("x-"))


def _properties(schemas: Mapping[str, Plain]) -> bytes:
    return b"".join(_message(1, _named(name, _schema(schema))) for name, schema in schemas.items())


_SCHEMA_TEXTS = {"$ref": 1, "format": 2, "title": 3, "description": 4, "pattern": 13}
_SCHEMA_DOUBLES = {"multipleOf": 6, "maximum": 7, "minimum": 9}
_SCHEMA_NUMBERS = {
    "maxLength": 11,
    "minLength": 12,
    "maxItems": 14,
    "minItems": 15,
    "maxProperties": 17,
    "minProperties": 18,
}


def _schema(schema: Plain) -> bytes:
    parts = [_texts(schema, _SCHEMA_TEXTS)]
    if "default" in schema:
        parts.append(_message(5, _any(schema["default"])))
    parts += [_varint(n << 3 | _VARINT) + _varint(schema[key]) for key, n in _SCHEMA_NUMBERS.items() if key in schema]
    parts += [
        _varint(n << 3 | _DOUBLE) + pack("<d", schema[key]) for key, n in _SCHEMA_DOUBLES.items() if key in schema
    ]
    parts += [_text(19, name) for name in schema.get("required", ())]
    parts += [_message(20, _any(value)) for value in schema.get("enum", ())]
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        parts.append(_message(21, _message(1, _schema(more))))
    elif more is not None:
        parts.append(_message(21, _flag(2, more)))
    if "type" in schema:
        parts.append(_message(22, _text(1, schema["type"])))
    if "items" in schema:
        parts.append(_message(23, _message(1, _schema(schema["items"]))))
    parts += [_message(24, _schema(part)) for part in schema.get("allOf", ())]
    if "properties" in schema:
        parts.append(_message(25, _properties(schema["properties"])))
    return b"".join((*parts, *_extensions(schema, 31)))


_METHODS = {"get": 2, "put": 3, "post": 4, "delete": 5, "options": 6, "head": 7, "patch": 8}


def _path_item(item: Plain) -> bytes:
    operations = (_message(number, _operation(item[method])) for method, number in _METHODS.items() if method in item)
    return b"".join((*operations, *(_message(9, _parameter(p)) for p in item.get("parameters", ()))))


def _operation(operation: Plain) -> bytes:
    return b"".join(
        (
            *(_text(1, tag) for tag in operation["tags"]),
            _texts(operation, {"description": 3, "operationId": 5}),
            *(_text(6, media) for media in operation["produces"]),
            *(_text(7, media) for media in operation["consumes"]),
            *(_message(8, _parameter(parameter)) for parameter in operation["parameters"]),
            _message(9, b"".join(_response(code, answer) for code, answer in operation["responses"].items())),
            *(_text(10, scheme) for scheme in operation["schemes"]),
            *_extensions(operation, 13),
        )
    )


def _response(code: str, answer: Plain) -> bytes:
    response = _text(1, answer["description"]) + _message(2, _message(1, _schema(answer["schema"])))
    return _message(1, _named(code, _message(1, response)))


def _parameter(parameter: Plain) -> bytes:
    """Return a ``ParametersItem``."""
    required = _flag(4 if parameter["in"] == "body" else 1, True) if parameter.get("required") else b""
    if parameter["in"] == "body":
        body = _text(2, parameter["name"]) + _text(3, "body") + required
        return _message(1, _message(1, body + _message(5, _schema(parameter["schema"]))))
    where, type_number = (4, 5) if parameter["in"] == "path" else (3, 6)
    texts = _texts(parameter, {"in": 2, "description": 3, "name": 4, "type": type_number})
    return _message(1, _message(2, _message(where, required + texts)))
