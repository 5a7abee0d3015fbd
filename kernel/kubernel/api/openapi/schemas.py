"""Types as OpenAPI schemas: fields and their types, descriptions, defaults, how lists and maps merge.

A schema is made once, in the form of OpenAPI v2 (a ``$ref`` may have neighbours); `documents` turns it into the form of
v3. The structure comes from the Python types, the descriptions from their docstrings, and what both leave out from the
published facts (`objects.published`).
"""

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from kubernel.objects.models import Plain
from kubernel.objects.published import Field, fields_of, name_of, struct_named

__all__ = ["OBJECT_FIELDS", "SPECIAL", "reached_by", "reference", "schema_name", "struct_schema"]

_MODULES = {
    "meta_v1": "io.k8s.apimachinery.pkg.apis.meta.v1",
    "runtime": "io.k8s.apimachinery.pkg.runtime",
    "version": "io.k8s.apimachinery.pkg.version",
    "apiextensions_v1": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
    "apiregistration_v1": "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
}
_GENERATED = "**parameters**"
_FIELD = re.compile(r"^\s*\* \*\*(?P<name>[^*]+)\*\* ``[^`]*`` - (?P<text>.*)$")
_OWN_FIELD = re.compile(r"^ {8}(?P<name>\w+): (?P<text>.*)$")
"""One field in a generated docstring, and in one of our own."""

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_META, _EXTENSIONS = _MODULES["meta_v1"], _MODULES["apiextensions_v1"]
_UNIONS = ("JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray")
_WORDS: Mapping[str, Plain] = {
    "string": {"type": "string"},
    "bytes": {"type": "string", "format": "byte"},
    "bool": {"type": "boolean"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "double": {"type": "number", "format": "double"},
    "duration": {"type": "string"},
    "quantity": {"$ref": _QUANTITY},
    "intorstring": {"$ref": _INT_OR_STRING},
    "time": {"$ref": f"{_META}.Time"},
    "microtime": {"$ref": f"{_META}.MicroTime"},
    "fields": {"$ref": f"{_META}.FieldsV1"},
    "raw": {"$ref": "io.k8s.apimachinery.pkg.runtime.RawExtension"},
    "json": {"$ref": f"{_EXTENSIONS}.JSON"},
    **{f"apiextensions_v1.{name}": {"$ref": f"{_EXTENSIONS}.{name}"} for name in _UNIONS},
}
_MOMENTS = frozenset({"time", "microtime"})
_SCALARS: Mapping[type, str] = {str: "string", int: "int64", float: "double", bool: "bool", datetime: "time"}

SPECIAL: Mapping[str, Plain] = {
    _QUANTITY: {
        "type": "string",
        "description": "An exact amount with a suffix, such as 500m, 1.5Gi or 2e3.",
    },
    _INT_OR_STRING: {
        "type": "string",
        "format": "int-or-string",
        "description": "A whole number, or text such as a port's name or a percentage.",
    },
    f"{_META}.Time": {"type": "string", "format": "date-time", "description": "A moment, in RFC 3339 to the second."},
    f"{_META}.MicroTime": {
        "type": "string",
        "format": "date-time",
        "description": "A moment, in RFC 3339 to the microsecond.",
    },
    f"{_META}.FieldsV1": {
        "type": "object",
        "description": "A set of fields as a tree: f:<name>, k:<keys>, v:<value> and i:<index> lead on, a dot is here.",
    },
    "io.k8s.apimachinery.pkg.runtime.RawExtension": {"type": "object", "description": "Any object."},
    f"{_EXTENSIONS}.JSON": {"description": "Any JSON value."},
    **{f"{_EXTENSIONS}.{name}": {"description": "A schema, or what else the name says."} for name in _UNIONS},
}
"""Schemas that no Python type stands behind, by name."""


OBJECT_FIELDS: Mapping[str, str] = {
    "apiVersion": "The group and version that this object is written in.",
    "kind": "The kind of this object.",
    "metadata": "Standard object metadata.",
}
"""The fields that every object has, where nobody else describes them."""


def schema_name(struct: type) -> str:
    """Return the name that Kubernetes gives a type's schema, such as ``io.k8s.api.core.v1.Pod``."""
    module = struct.__module__.rpartition(".")[2]
    if struct.__module__.startswith("lightkube.models."):
        return f"{_prefix(module)}.{struct.__name__}"
    if struct.__module__.startswith("kubernel."):
        return f"dev.kubernel.v1.{struct.__name__}"
    return f"{struct.__module__}.{struct.__name__}"


def _prefix(module: str) -> str:
    return _MODULES.get(module) or f"io.k8s.api.{module.replace('_', '.')}"


def reference(name: str) -> Plain:
    """Return a reference to a schema by its bare name; the documents make an address of it."""
    return {"$ref": name}


def reached_by(structs: Iterable[type]) -> Iterator[type]:
    """Yield some types and every type below them, each once."""
    seen: set[type] = set()
    waiting = list(structs)
    while waiting:
        struct = waiting.pop()
        if struct not in seen:
            seen.add(struct)
            yield struct
            for field in msgspec.structs.fields(struct):
                waiting.extend(_structs_in(field.type))
            waiting.extend(_map_values(struct))


def _map_values(struct: type) -> Iterator[type]:
    """Yield the types of the values of a type's maps, which its annotations do not name."""
    for fact in fields_of(name_of(struct)).values():
        if fact.is_map and (value := struct_named(fact.element)) is not None:
            yield value


def _structs_in(tp: Any) -> Iterator[type]:  # noqa: ANN401 - a type annotation
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        yield tp
    for arg in typing.get_args(tp):
        yield from _structs_in(arg)


def struct_schema(struct: type) -> Plain:
    """Return the schema of a type; references in it are bare names."""
    summary, described = _documentation(struct)
    if OBJECT_FIELDS.keys() <= {field.encode_name for field in msgspec.structs.fields(struct)}:
        described = {**OBJECT_FIELDS, **{name: text for name, text in described.items() if text}}
    facts = fields_of(name_of(struct))
    properties: dict[str, Plain] = {}
    required = []
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        fact = facts.get(name)
        schema = _annotated(field.type) if fact is None else _published(fact, field.type)
        if text := described.get(field.name):
            schema["description"] = text
        properties[name] = schema
        if field.required:
            required.append(name)
    result: Plain = {"type": "object"}
    if summary:
        result["description"] = summary
    if properties:
        result["properties"] = properties
    if required:
        result["required"] = required
    return result


def _published(fact: Field, annotation: Any) -> Plain:  # noqa: ANN401 - a type annotation
    """Return a field's schema by the published facts; the annotation says which Python type is meant."""
    inner = _word(fact.element, annotation)
    if fact.enum:
        inner = {**inner, "enum": list(fact.enum)}
    if fact.is_list:
        schema: Plain = {"type": "array", "items": inner}
        if fact.list_type:
            schema["x-kubernetes-list-type"] = fact.list_type
        if fact.list_keys:
            schema["x-kubernetes-list-map-keys"] = list(fact.list_keys)
    elif fact.is_map:
        schema = {"type": "object", "additionalProperties": inner}
    else:
        schema = dict(inner)
        if fact.type in _MOMENTS and not fact.is_pointer:
            schema["nullable"] = True  # Go writes a moment that never was as null
    if fact.is_atomic:
        schema["x-kubernetes-map-type"] = "atomic"
    if fact.strategy:
        schema["x-kubernetes-patch-strategy"] = fact.strategy
    if fact.merge_key:
        schema["x-kubernetes-patch-merge-key"] = fact.merge_key
    if fact.default is not None:
        schema["default"] = fact.default
    return schema


def _word(word: str, annotation: Any) -> Plain:  # noqa: ANN401 - a type annotation
    if word.startswith("[]"):
        return {"type": "array", "items": _word(word[2:], annotation)}
    if word in _WORDS:
        return dict(_WORDS[word])
    struct = next(_structs_in(annotation), None)
    if struct is not None:
        return reference(schema_name(struct))
    # The values of a map, which the annotation does not name.
    facts = fields_of(word)
    if facts.keys() == {"items"}:  # how protobuf says that each is a list
        return _word(f"[]{facts['items'].element}", annotation)
    module, _, name = word.rpartition(".")
    return reference(f"{_prefix(module)}.{name}") if facts else {"type": "object"}


def _annotated(tp: Any) -> Plain:  # noqa: ANN401 - a type annotation
    """Return the schema of a type that only Python knows."""
    if tp in _SCALARS:
        return dict(_WORDS[_SCALARS[tp]])
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        return reference(schema_name(tp))
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        if set(inner) == {int, str}:
            return dict(_WORDS["intorstring"])
        return _annotated(inner[0]) if len(inner) == 1 else {}
    if origin in (list, tuple) or tp is list:
        return {"type": "array", "items": _annotated(args[0]) if args else {}}
    if origin is dict or tp is dict:
        return {"type": "object", "additionalProperties": _annotated(args[1])} if args else {"type": "object"}
    return {}


def _documentation(struct: type) -> tuple[str, dict[str, str]]:
    """Return a type's description and those of its fields, from its docstring, or the generated one that it extends."""
    struct = next((known for known in struct.__mro__ if _GENERATED in (known.__doc__ or "")), struct)
    summary: list[str] = []
    fields: dict[str, list[str]] = {}
    into = summary
    text = struct.__doc__ or ""
    pattern = _FIELD if _GENERATED in text else _OWN_FIELD
    for line in text.splitlines():
        if match := pattern.match(line):
            into = fields.setdefault(match["name"], [])
            into.append(match["text"])
        elif line.strip() not in (_GENERATED, "Attributes:"):
            into.append(line.strip())
    return " ".join(filter(None, summary)), {name: " ".join(filter(None, text)) for name, text in fields.items()}
