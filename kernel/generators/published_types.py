"""Makes ``objects/published/types.json`` from the published API: run it when the types move to another release.

The published ``generated.proto`` files state, field by field, what the generated Python types leave out: the protobuf
number and type, and in comments how lists and maps merge. Only the Go types beside them say whether a field is a
pointer, so whether its zero value means something. Usage::

    python kernel/generators/published_types.py CHECKOUTS > kernel/kubernel/objects/published/types.json

``CHECKOUTS`` is a folder with checkouts of the repositories ``api``, ``apimachinery``, ``apiextensions-apiserver`` and
``kube-aggregator``, of the release that ``lightkube-models`` is generated from. `objects.published` says what the
result means.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from lightkube import models

Field = list[Any]
Types = dict[str, dict[str, Field]]

ROOTS = (
    "api/*/v1/generated.proto",
    "api/autoscaling/v2/generated.proto",
    "api/scheduling/v1alpha3/generated.proto",  # members of batch/v1 Job
    "apimachinery/pkg/apis/meta/v1/generated.proto",
    "apimachinery/pkg/runtime/generated.proto",
    "apiextensions-apiserver/pkg/apis/apiextensions/v1/generated.proto",
    "kube-aggregator/pkg/apis/apiregistration/v1/generated.proto",
)
SPECIAL = {
    "api.resource.Quantity": "quantity",
    "apis.meta.v1.Time": "time",
    "apis.meta.v1.MicroTime": "microtime",
    "apis.meta.v1.Duration": "duration",
    "apis.meta.v1.FieldsV1": "fields",
    "apis.meta.v1.Verbs": "[]string",
    "util.intstr.IntOrString": "intorstring",
    "runtime.RawExtension": "raw",
    "apis.apiextensions.v1.JSON": "json",
}
_PACKAGE = re.compile(r"^package (?P<name>[\w.]+);", re.MULTILINE)
_MESSAGE = re.compile(r"^message (?P<name>\w+) \{$")
_FIELD = re.compile(
    r"^\s+(?P<label>optional |repeated )?(?P<type>map<string, ?[.\w]+>|[.\w]+) (?P<name>\w+) = (?P<number>\d+);$"
)
_ATOMIC = re.compile(r"^// \+structType=atomic\nmessage (?P<name>\w+) \{$", re.MULTILINE)
_GO_STRUCT = re.compile(r"^type (?P<name>\w+) struct \{$(?P<body>.*?)^\}$", re.MULTILINE | re.DOTALL)
_GO_POINTER = re.compile(r"^\s+\w+\s+\*[\w.]+\s+`.*protobuf:\"[^\"]*\bname=(?P<name>\w+)", re.MULTILINE)
_MARKER = re.compile(r"^\s*// \+(?P<key>[\w:]+)=?(?P<value>.*)$")
_SCALARS = frozenset({"string", "bytes", "bool", "int32", "int64", "double"})
_GO_ENUM = re.compile(r"^// \+enum\n(?://.*\n)*type (?P<name>\w+) string$", re.MULTILINE)
_GO_CONSTANT = re.compile(r'^\s+\w+\s+(?P<type>\w+)\s*=\s*"(?P<value>[^"]*)"', re.MULTILINE)
_GO_NAMED = re.compile(r'^\s+\w+\s+(?:\[\]|\*)*(?P<type>\w+)\s+`json:"(?P<name>\w+)', re.MULTILINE)
_KEPT = frozenset({"listType", "mapType", "structType", "patchStrategy", "patchMergeKey"})
_RENAMED = {
    # Names that differ between protobuf and JSON; everything else is spelled alike.
    "Webhooks": "webhooks",
    "Expression": "expression",
    "Name": "name",
    "uID": "uid",
    "aPIGroup": "apiGroup",
}
_RENAMED_IN_SCHEMAS = {"ref": "$ref", "schema": "$schema"}
_SCHEMA = "apiextensions_v1.JSONSchemaProps"
_RENAMING = (_SCHEMA, "admissionregistration_v1", "authentication_v1", "networking_v1")
_X_KUBERNETES = re.compile(r"(?<=[a-z])(?=[A-Z])")


def module_of(package: str) -> str:
    """Return the Python module of a proto package: ``k8s.io.api.core.v1`` → ``core_v1``."""
    parts = package.split(".")
    return "runtime" if parts[-1] == "runtime" else f"{parts[-2]}_{parts[-1]}"


def type_name(text: str, module: str) -> str:
    """Return how the table writes a field's type."""
    if text.startswith("map<"):
        return "{}" + type_name(text[4:-1].split(",")[1].strip(), module)
    if text in _SCALARS:
        return text
    for end, name in SPECIAL.items():
        if f".{text}".endswith(f".{end}"):
            return name
    if "." not in text:
        own = {"meta_v1": {"Time": "time", "MicroTime": "microtime", "FieldsV1": "fields", "Verbs": "[]string"}}
        own["runtime"] = {"RawExtension": "raw"}
        own["apiextensions_v1"] = {"JSON": "json"}
        return own.get(module, {}).get(text, f"{module}.{text}")
    package, _, name = text.removeprefix(".").rpartition(".")
    return f"{module_of(package)}.{name}"


def messages(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each message with its lines; generated files have no nested ones."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        if match := _MESSAGE.match(line):
            name, lines = match["name"], []
        elif name and line == "}":
            yield name, lines
            name = ""
        elif name:
            lines.append(line)


def json_name(name: str, message: str) -> str:
    """Return a field's name in JSON."""
    if not message.startswith(_RENAMING):
        return name
    if message == _SCHEMA and name in _RENAMED_IN_SCHEMAS:
        return _RENAMED_IN_SCHEMAS[name]
    if name.startswith("xKubernetes"):
        return _X_KUBERNETES.sub("-", name).lower()
    return _RENAMED.get(name, name)


def mark_from_python(types: Types) -> None:
    """Mark what the generated Python types say.

    A field whose members JSON writes into the message itself, such as a volume's source, is not in the Python type
    under its own name: it is marked ``inline``. The type of one that must be there begins with ``!``.

    Raises:
        ValueError: A Python type has a field that the published message has not; the two are of different releases.
    """
    modules = {module.name for module in pkgutil.iter_modules(models.__path__)}
    for message, found in types.items():
        module, _, name = message.partition(".")
        if module not in modules:
            continue
        struct: Any = getattr(importlib.import_module(f"lightkube.models.{module}"), name, None)
        if not hasattr(struct, "__struct_encode_fields__"):  # some names are aliases of plain Python types
            continue
        for field, (number, tp, *_markers) in found.items():
            if field not in struct.__struct_encode_fields__:
                if tp not in types:
                    raise ValueError(f"{message}.{field} is not in the Python type and is no message")
                found[field] = [number, tp, {"inline": True}]
        required = {field.encode_name for field in msgspec.structs.fields(struct) if field.required}
        mark_required(types, message, required)


def mark_atomic(types: Types, atomic: frozenset[str]) -> None:
    """Mark the fields whose values, or whose elements, are of a type that is written as a whole.

    The API says it of the type; a field that says otherwise wins.
    """
    for found in types.values():
        for field, (number, tp, *markers) in found.items():
            said: dict[str, Any] = markers[0] if markers else {}
            if tp.lstrip("!*").removeprefix("[]") in atomic and "structType" not in said:
                found[field] = [number, tp, {**said, "structType": "atomic"}]


def mark_required(types: Types, message: str, required: set[str]) -> None:
    """Mark which fields of a message, and of those that are inlined into it, the Python type must have."""
    found = types[message]
    for field, (number, tp, *markers) in found.items():
        if markers and markers[0].get("inline"):
            mark_required(types, tp, required)
        elif field in required and tp[0] != "!":
            found[field] = [number, f"!{tp}", *markers]


def pointers(folder: Path) -> dict[str, set[str]]:
    """Return which fields of the Go types in a folder are pointers, by type."""
    found: dict[str, set[str]] = {}
    for path in folder.glob("*.go"):
        if not path.name.endswith(("_test.go", ".pb.go")):
            for struct in _GO_STRUCT.finditer(path.read_text()):
                found[struct["name"]] = {match["name"] for match in _GO_POINTER.finditer(struct["body"])}
    return found


def enumerations(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return which fields of the Go types in a folder have one of a few values, by type; the values sorted.

    Fields of a status are left out: what a controller writes there is not checked, and grows with releases.
    """
    values: dict[str, list[str]] = {}
    texts = [path.read_text() for path in folder.glob("*types.go")]
    for text in texts:
        listed = {match["name"] for match in _GO_ENUM.finditer(text)}
        for match in _GO_CONSTANT.finditer(text):
            if match["type"] in listed:
                values.setdefault(match["type"], []).append(match["value"])
    found: dict[str, dict[str, list[str]]] = {}
    for text in texts:
        for struct in _GO_STRUCT.finditer(text):
            if not struct["name"].endswith(("Status", "Condition", "State")):
                of = {
                    m["name"]: sorted(values[m["type"]])
                    for m in _GO_NAMED.finditer(struct["body"])
                    if m["type"] in values
                }
                found[struct["name"]] = of
    return found


def fields(lines: list[str], message: str, pointers: set[str]) -> dict[str, Field]:
    """Return a message's fields: name → [number, type, markers]; the markers are left out when there is none.

    A pointer's type begins with ``*``.
    """
    module = message.partition(".")[0]
    found: dict[str, Field] = {}
    markers: dict[str, Any] = {}
    for line in lines:
        if match := _MARKER.match(line):
            key, value = match["key"], match["value"].strip()
            if key == "listMapKey":
                markers.setdefault(key, []).append(value)
            elif key == "default" and not value.startswith("ref("):
                markers[key] = json.loads(value)
            elif key in _KEPT:
                markers[key] = value or True
        elif match := _FIELD.match(line):
            tp = type_name(match["type"], module)
            tp = f"[]{tp}" if (match["label"] or "").strip() == "repeated" else tp
            tp = f"*{tp}" if match["name"] in pointers else tp
            found[json_name(match["name"], message)] = [int(match["number"]), tp, *([markers] if markers else [])]
            markers = {}
        elif not line.strip():
            markers = {}
    return found


def mark_enumerations(found: dict[str, Field], listed: dict[str, list[str]]) -> None:
    """Say of a message's fields which values they may have."""
    for name, values in listed.items():
        if name in found:
            number, tp, *markers = found[name]
            found[name] = [number, tp, {**(markers[0] if markers else {}), "enum": values}]


def read(checkouts: Path) -> Types:
    """Return every message of the published files by its Python name."""
    types: Types = {}
    atomic: set[str] = set()
    for pattern in ROOTS:
        for path in sorted(checkouts.glob(pattern)):
            text = path.read_text()
            package = _PACKAGE.search(text)
            assert package is not None, f"{path} has no package"
            module, pointed = module_of(package["name"]), pointers(path.parent)
            listed = enumerations(path.parent)
            atomic |= {f"{module}.{match['name']}" for match in _ATOMIC.finditer(text)}
            for name, lines in messages(text):
                types[f"{module}.{name}"] = fields(lines, f"{module}.{name}", pointed.get(name, set()))
                mark_enumerations(types[f"{module}.{name}"], listed.get(name, {}))
    mark_from_python(types)
    mark_atomic(types, frozenset(atomic))
    return types


def main() -> None:
    """Write the table to standard output, one type a line, so that a diff shows what a release changed."""
    types = read(Path(sys.argv[1]))
    lines = [f"{json.dumps(name)}: {json.dumps(types[name], separators=(',', ':'))}" for name in sorted(types)]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
