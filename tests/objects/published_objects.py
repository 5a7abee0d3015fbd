"""Objects of any published type, drawn by hypothesis: what a client could write of it, in JSON.

A member that JSON leaves out when it is empty is never drawn empty, so that an object is its only way of being written.
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from kubernel.objects.durations import format_duration
from kubernel.objects.published import Field, fields_of

Plain = dict[str, Any]
DEPTH = 6
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
_SECOND = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
_JSON = st.dictionaries(_TEXT, _TEXT | st.integers(-9, 9) | st.lists(st.booleans(), max_size=2), min_size=1, max_size=2)
_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXT,
    "bytes": st.binary(min_size=1, max_size=6).map(lambda value: b64encode(value).decode()),
    "bool": st.just(True),
    "int32": st.integers(-(2**31), -1) | st.integers(1, 2**31 - 1),
    "int64": st.integers(-(2**63), -1) | st.integers(1, 2**63 - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer()),
    "quantity": st.sampled_from(["1", "500m", "2Gi", "1e3", "0"]),
    "intorstring": st.integers(1, 2**31 - 1) | _TEXT,
    "time": _SECOND.map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
    "microtime": _SECOND.map(lambda moment: f"{moment.isoformat()[:-6]}.000123Z"),
    "duration": st.integers(-(2**62), 2**62).map(format_duration),
    "raw": _JSON,
    "json": _JSON,
    "fields": _JSON,
}
_POINTERS = {"string": "", "bool": False, "int32": 0, "int64": 0, "double": 0}


def objects(message: str, depth: int = DEPTH) -> st.SearchStrategy[Plain]:
    """Draw an object of a published type."""

    @st.composite
    def build(draw: st.DrawFn) -> Plain:
        found: Plain = {}
        for name, field in fields_of(message).items():
            if field.is_required or _is_always_there(field) or (depth > 0 and draw(st.integers(0, 3)) == 0):
                value = draw(_values(field, depth))
                if field.is_required or field.is_pointer or not _is_zero(field, value):
                    found[name] = value
        return found

    return build()


def _is_always_there(field: Field) -> bool:
    """Whether Go writes it even when nobody set it: an object in which something is always written."""
    if field.is_list or field.is_map or field.is_pointer:
        return False
    members = fields_of(field.type).values()
    return any((member.is_required and member.type in _SCALARS) or _is_always_there(member) for member in members)


def _is_zero(field: Field, value: Any) -> bool:
    """Whether Go could not tell this value from one that was left out."""
    members = fields_of(field.type)
    if not isinstance(value, dict) or not value or value.keys() - members.keys():
        return not value
    return all(not members[name].is_pointer and _is_zero(members[name], member) for name, member in value.items())


def _values(field: Field, depth: int) -> st.SearchStrategy[Any]:
    one = _one(field.element, depth)
    if field.is_list:
        return st.lists(one, min_size=0 if depth <= 0 else 1, max_size=0 if depth <= 0 else 2)
    if field.is_map:
        return st.dictionaries(_TEXT, one, min_size=0 if depth <= 0 else 1, max_size=0 if depth <= 0 else 2)
    if field.is_pointer and field.type in _POINTERS:
        return one | st.just(_POINTERS[field.type])
    return one


def _one(tp: str, depth: int) -> st.SearchStrategy[Any]:
    if tp in _SCALARS:
        return _SCALARS[tp]
    members = {name: field.type for name, field in fields_of(tp).items()}
    if members == {"items": "[]string"}:
        return st.lists(_TEXT, max_size=2)
    schema = st.deferred(lambda: objects("apiextensions_v1.JSONSchemaProps", depth - 1))
    if tp.endswith(".JSONSchemaPropsOrArray"):
        return schema | st.lists(schema, min_size=1, max_size=2)
    if tp.endswith(".JSONSchemaPropsOrBool"):
        return schema | st.booleans()
    if tp.endswith(".JSONSchemaPropsOrStringArray"):
        return schema | st.lists(_TEXT, min_size=1, max_size=2)
    return objects(tp, depth - 1)
