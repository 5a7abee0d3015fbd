"""Types as OpenAPI schemas: fields, descriptions from the docstrings, merge keys."""

import re
import types
import typing
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from kubernel.objects.models import Plain
from kubernel.objects.patches.strategy import field_strategy
from kubernel.objects.registry import AnyKind

__all__ = ["schema_name", "schemas_of"]

_PREFIXES = {
    "meta_v1": "io.k8s.apimachinery.pkg.apis.meta.v1",
    "runtime": "io.k8s.apimachinery.pkg.runtime",
    "version": "io.k8s.apimachinery.pkg.version",
}
_FIELD = re.compile(r"^\s*\* \*\*(?P<name>[^*]+)\*\* ``[^`]*`` - (?P<text>.*)$")
_SCALARS: dict[type, Plain] = {
    str: {"type": "string"},
    int: {"type": "integer", "format": "int64"},
    float: {"type": "number", "format": "double"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
}


def schema_name(struct: type) -> str:
    """Return the name that Kubernetes gives a type's schema, such as ``io.k8s.api.core.v1.Pod``."""
    module = struct.__module__.rpartition(".")[2]
    if struct.__module__.startswith("lightkube.models."):
        prefix = _PREFIXES.get(module) or f"io.k8s.api.{module.replace('_', '.')}"
        return f"{prefix}.{struct.__name__}"
    return f"{struct.__module__}.{struct.__name__}"


def schemas_of(kinds: list[AnyKind]) -> dict[str, Plain]:
    """Return the schemas of some kinds and of every type that they reach, by name."""
    schemas: dict[str, Plain] = {}
    waiting: list[type] = [kind.type for kind in kinds]
    by_type = {kind.type: kind for kind in kinds}
    while waiting:
        struct = waiting.pop()
        name = schema_name(struct)
        if name in schemas:
            continue
        schemas[name] = _struct_schema(struct)
        if kind := by_type.get(struct):
            schemas[name]["x-kubernetes-group-version-kind"] = [
                {"group": kind.group, "version": kind.version, "kind": kind.name}
            ]
        waiting.extend(_reached(struct))
    return schemas


def _reached(struct: type) -> Iterator[type]:
    for field in msgspec.structs.fields(struct):
        yield from _structs_in(field.type)


def _structs_in(tp: Any) -> Iterator[type]:  # noqa: ANN401 - a type annotation
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        yield tp
    for arg in typing.get_args(tp):
        yield from _structs_in(arg)


def _struct_schema(struct: type) -> Plain:
    summary, described = _documentation(struct)
    properties: dict[str, Plain] = {}
    required = []
    for field in msgspec.structs.fields(struct):
        schema = _type_schema(field.type)
        if "$ref" in schema:
            # A description beside a $ref is ignored by OpenAPI 3.0, hence the wrapping that Kubernetes uses too.
            schema = {"allOf": [schema], "default": {}}
        if text := described.get(field.encode_name):
            schema["description"] = text
        if strategy := field_strategy(struct, field.encode_name):
            schema["x-kubernetes-patch-strategy"] = strategy.strategy
            if strategy.merge_key:
                schema["x-kubernetes-patch-merge-key"] = strategy.merge_key
        properties[field.encode_name] = schema
        if field.required:
            required.append(field.encode_name)
    result: Plain = {"type": "object", "description": summary, "properties": properties}
    if required:
        result["required"] = required
    return result


def _type_schema(tp: Any) -> Plain:  # noqa: ANN401 - a type annotation
    if tp in _SCALARS:
        return dict(_SCALARS[tp])
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        return {"$ref": f"#/components/schemas/{schema_name(tp)}"}
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        if set(inner) == {int, str}:
            return {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]}
        return _type_schema(inner[0]) if len(inner) == 1 else {}
    if origin is list or tp is list:
        return {"type": "array", "items": _type_schema(args[0]) if args else {}}
    if origin is dict or tp is dict:
        return {"type": "object", "additionalProperties": _type_schema(args[1]) if args else {"type": "string"}}
    return {}


@lru_cache(maxsize=1024)
def _documentation(struct: type) -> tuple[str, dict[str, str]]:
    """Return a type's description and those of its fields, from the generated docstring."""
    summary: list[str] = []
    fields: dict[str, list[str]] = {}
    into = summary
    for line in (struct.__doc__ or "").splitlines():
        if match := _FIELD.match(line):
            into = fields.setdefault(match["name"], [])
            into.append(match["text"])
        elif line.strip() != "**parameters**":
            into.append(line.strip())
    return " ".join(filter(None, summary)), {name: " ".join(filter(None, text)) for name, text in fields.items()}
