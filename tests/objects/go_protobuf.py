"""A client's protobuf, made by Google's library and not by us: what client-go would send for a JSON object.

The message types are built at run time from the table of published facts. As gogo-proto does, every field that is no
pointer is written, also when it is empty.
"""

from base64 import b64decode
from datetime import datetime
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from kubernel.objects.durations import parse_duration
from kubernel.objects.published import Field, _table, message_of
from msgspec import json

Types = descriptor_pb2.FieldDescriptorProto
SCALARS = {
    "string": Types.TYPE_STRING,
    "bytes": Types.TYPE_BYTES,
    "bool": Types.TYPE_BOOL,
    "int32": Types.TYPE_INT32,
    "int64": Types.TYPE_INT64,
    "double": Types.TYPE_DOUBLE,
}
SPECIAL: dict[str, dict[int, str]] = {
    "quantity": {1: "string"},
    "intorstring": {1: "int64", 2: "int32", 3: "string"},
    "time": {1: "int64", 2: "int32"},
    "microtime": {1: "int64", 2: "int32"},
    "duration": {1: "int64"},
    "raw": {1: "bytes"},
    "json": {1: "bytes"},
    "fields": {1: "bytes"},
}
ENVELOPE = {"Unknown": {1: "TypeMeta", 2: "bytes", 3: "string", 4: "string"}, "TypeMeta": {1: "string", 2: "string"}}
ZERO: dict[str, Any] = {"string": "", "bytes": b"", "bool": False, "int32": 0, "int64": 0, "double": 0.0}


def _symbol(tp: str) -> str:
    return tp.replace(".", "_")


def _add(message: Any, number: int, tp: str, *, repeated: bool = False) -> None:
    field = message.field.add(name=f"f{number}", number=number)
    field.label = Types.LABEL_REPEATED if repeated else Types.LABEL_OPTIONAL
    if tp in SCALARS:
        field.type = SCALARS[tp]
    else:
        field.type, field.type_name = Types.TYPE_MESSAGE, f".k.{_symbol(tp)}"


@cache
def _pool() -> descriptor_pool.DescriptorPool:
    file = descriptor_pb2.FileDescriptorProto(name="k.proto", package="k", syntax="proto2")
    for name, members in (SPECIAL | ENVELOPE).items():
        message = file.message_type.add(name=_symbol(name))
        for number, tp in members.items():
            _add(message, number, tp)
    for name in _table():
        message = file.message_type.add(name=_symbol(name))
        for field in message_of(name).values():
            if field.is_map:
                entry = file.message_type.add(name=f"{_symbol(name)}_{field.number}")
                _add(entry, 1, "string")
                _add(entry, 2, field.element)
                _add(message, field.number, f"{name}_{field.number}", repeated=True)
            else:
                _add(message, field.number, field.element, repeated=field.is_list)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


def _new(tp: str) -> Any:
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"k.{_symbol(tp)}"))()


def _seconds(text: str) -> tuple[int, int]:
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()), moment.microsecond * 1000


def _members_of_special(tp: str, value: Any) -> dict[int, Any]:
    if tp == "quantity":
        return {1: value}
    if tp == "intorstring":
        return {1: 1, 2: 0, 3: value} if isinstance(value, str) else {1: 0, 2: value, 3: ""}
    if tp in ("time", "microtime"):
        seconds, nanos = _seconds(value)
        return {1: seconds, 2: nanos}
    return {1: parse_duration(value)} if tp == "duration" else {1: json.encode(value)}


def _choice(tp: str, value: Any) -> Any:
    """Return one of a schema's three choices as the members of its message."""
    if tp.endswith("OrBool"):
        return {"allows": value} if isinstance(value, bool) else {"allows": True, "schema": value}
    many = "jSONSchemas" if tp.endswith("OrArray") else "property"
    return {many: value} if isinstance(value, list) else {"schema": value}


def _fill(message: Any, tp: str, value: Any) -> None:
    if tp in SPECIAL:
        for number, member in _members_of_special(tp, value).items():
            setattr(message, f"f{number}", member)
        return
    if tp.endswith((".JSONSchemaPropsOrArray", ".JSONSchemaPropsOrBool", ".JSONSchemaPropsOrStringArray")):
        value = _choice(tp, value)
    if isinstance(value, list):
        value = {"items": value}
    for name, field in message_of(tp).items():
        # The members of an inlined field stand in the object itself.
        member = value if field.is_inline else value.get(name)
        _set(message, field, member)


def _set(message: Any, field: Field, value: Any) -> None:
    name, tp = f"f{field.number}", field.element
    if field.is_map:
        for key, item in (value or {}).items():
            entry = getattr(message, name).add(f1=key)
            _one(entry, "f2", tp, item)
    elif field.is_list:
        for item in value or ():
            if tp in SCALARS:
                getattr(message, name).append(item)
            else:
                _fill(getattr(message, name).add(), tp, item)
    elif value is not None:
        _one(message, name, tp, value)
    elif not field.is_pointer:
        _zero(message, name, tp)


def _one(message: Any, name: str, tp: str, value: Any) -> None:
    if tp in SCALARS:
        setattr(message, name, b64decode(value) if tp == "bytes" else value)
    else:
        getattr(message, name).SetInParent()
        _fill(getattr(message, name), tp, value)


def _zero(message: Any, name: str, tp: str) -> None:
    if tp == "bytes":
        return  # nil
    if tp in SCALARS:
        setattr(message, name, ZERO[tp])
        return
    getattr(message, name).SetInParent()
    if tp == "intorstring":
        _fill(getattr(message, name), tp, 0)
    elif tp not in SPECIAL:
        _fill(getattr(message, name), tp, {})


def encode(message: str, plain: dict[str, Any]) -> bytes:
    """Return what client-go would send for this object of a published type."""
    inner = _new(message)
    _fill(inner, message, plain)
    unknown = _new("Unknown")
    unknown.f1.f1, unknown.f1.f2 = plain.get("apiVersion", ""), plain.get("kind", "")
    unknown.f2, unknown.f3, unknown.f4 = inner.SerializeToString(), "", ""
    return b"k8s\x00" + bytes(unknown.SerializeToString())
