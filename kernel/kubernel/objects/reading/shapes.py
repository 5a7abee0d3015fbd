"""The shape of every type, and the reading of values along it.

A shape says what Go's decoder would do with a value: take it, take it as something else (a number as a quantity,
``null`` as the zero value), or refuse it with a sentence. Shapes are made once a type, of the Python type and of the
published facts, which know what the Python type leaves open: the values of maps, the width of integers.
"""

import types
import typing
from functools import cache, lru_cache
from typing import Any, Protocol

import msgspec

from kubernel.objects.published import Field, fields_of, name_of, struct_named
from kubernel.objects.reading.findings import Findings
from kubernel.objects.reading.places import Mismatch, Place, path_of
from kubernel.objects.reading.scalars import ANYTHING, SCALARS
from kubernel.objects.reading.tree import Pairs

__all__ = ["read_carefully"]

_PYTHON = {str: "string", int: "int64", bool: "bool", float: "double"}
_SCHEMA = "apiextensions_v1.JSONSchemaProps"


class Shape(Protocol):
    """What can be read."""

    @property
    def go(self) -> str:
        """The Go type's name."""

    def read(self, value: Any, findings: Findings, place: Place | None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value as it is to be kept.

        Raises:
            Mismatch: It has another type.
        """


def read_carefully(struct: type, tree: Any, findings: Findings) -> Any:  # noqa: ANN401
    """Read a decoded body along a generated type.

    Args:
        struct: The type.
        tree: A body as `tree_of` decodes it; also any plain object.
        findings: What strict decoding finds is noted here, and what is missing.

    Returns:
        A plain object that the type fits; each value that is missing is there as its zero.

    Raises:
        Mismatch: A value has the wrong type.
    """
    return _object(struct).read(tree, findings, None)


class _List:
    def __init__(self, element: Shape) -> None:
        self._element = element
        self.go = f"[]{element.go}"

    def read(self, value: Any, findings: Findings, place: Place | None) -> list[Any]:  # noqa: ANN401
        if value is None:
            return []
        if not isinstance(value, list) or isinstance(value, Pairs):
            raise Mismatch.of(value, place, self.go)
        return [self._element.read(item, findings, Place(place, i)) for i, item in enumerate(value)]


class _Map:
    def __init__(self, element: Shape) -> None:
        self._element = element
        self.go = f"map[string]{element.go}"

    def read(self, value: Any, findings: Findings, place: Place | None) -> dict[str, Any]:  # noqa: ANN401
        if value is None:
            return {}
        if not isinstance(value, dict | Pairs):
            raise Mismatch.of(value, place, self.go)
        found: dict[str, Any] = {}
        for key, item in value if isinstance(value, Pairs) else value.items():
            if key in found:
                findings.duplicate(place, key)
            found[key] = self._element.read(item, findings, Place(place, key))
        return found


class _Object:
    """A Struct; its members are found at first use, because some types contain themselves."""

    def __init__(self, struct: type) -> None:
        self._struct = struct
        self.name = struct.__name__
        module = name_of(struct).partition(".")[0]
        self.go = f"{module.rpartition('_')[2]}.{self.name}"
        self._members: dict[str, Shape] = {}
        self._required: dict[str, bool] = {}

    def read(self, value: Any, findings: Findings, place: Place | None) -> dict[str, Any]:  # noqa: ANN401
        if value is None:
            value = {}
        if not isinstance(value, dict | Pairs):
            raise Mismatch.of(value, place, self.go)
        if not self._members:
            self._compile()
        found: dict[str, Any] = {}
        seen = set()
        for key, item in value if isinstance(value, Pairs) else value.items():
            member = self._members.get(key)
            if member is None:
                findings.unknown(place, key)
                continue
            if key in seen:
                findings.duplicate(place, key)
            seen.add(key)
            if item is not None:  # in Go `null` leaves a member as it is
                found[key] = member.read(item, findings, Place(place, key, self.name))
        self._complete(found, findings, place)
        return found

    def _complete(self, found: dict[str, Any], findings: Findings, place: Place | None) -> None:
        """Give what is required its zero value, as Go does; rules say whether that is right."""
        for name, is_pointer in self._required.items():
            if name in found:
                continue
            here, member = Place(place, name, self.name), self._members[name]
            if is_pointer or not isinstance(member, _List | _Map | _Object):
                findings.missing[path_of(here)] = is_pointer
                found[name] = member.read(None, Findings(), here)
            else:
                found[name] = member.read(None, findings, here)

    def _compile(self) -> None:
        published = fields_of(name_of(self._struct))
        for field in msgspec.structs.fields(self._struct):
            name = field.encode_name
            self._members[name] = _published(published[name]) if name in published else _annotated(field.type)
            if field.required:
                self._required[name] = name in published and published[name].is_pointer


class _Choice:
    """A schema's three choices: a schema, or something simpler."""

    def __init__(self, simpler: Shape, kind: type) -> None:
        self.go = "v1.JSONSchemaProps"
        self._simpler, self._kind = simpler, kind

    def read(self, value: Any, findings: Findings, place: Place | None) -> Any:  # noqa: ANN401
        shape = self._simpler if isinstance(value, self._kind) and not isinstance(value, Pairs) else _message(_SCHEMA)
        return shape.read(value, findings, place)


@lru_cache(maxsize=1024)
def _object(struct: type) -> _Object:
    return _Object(struct)


def _published(field: Field) -> Shape:
    element = _message(field.element)
    if field.is_list:
        return _List(element)
    return _Map(element) if field.is_map else element


@cache
def _message(name: str) -> Shape:
    """Return the shape of a published type."""
    if name in SCALARS:
        return SCALARS[name]
    members = {member: field.type for member, field in fields_of(name).items()}
    if members == {"items": "[]string"}:
        return _List(SCALARS["string"])
    if name.startswith(f"{_SCHEMA}Or"):
        return _choice(name.removeprefix(f"{_SCHEMA}Or"))
    struct = struct_named(name)
    return _object(struct) if struct is not None else ANYTHING


def _choice(of: str) -> Shape:
    if of == "Bool":
        return _Choice(SCALARS["bool"], bool)
    return _Choice(_List(SCALARS["string"] if of == "StringArray" else _Later(_SCHEMA)), list)


class _Later:
    """A shape that is looked up when something is read: the type contains itself."""

    def __init__(self, name: str) -> None:
        self.go = "v1.JSONSchemaProps"
        self._name = name

    def read(self, value: Any, findings: Findings, place: Place | None) -> Any:  # noqa: ANN401
        return _message(self._name).read(value, findings, place)


def _annotated(tp: Any) -> Shape:  # noqa: ANN401 - a type annotation
    """Return the shape of a member that is not published: ``apiVersion``, and everything of our own kinds."""
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin in (typing.Union, types.UnionType):
        shapes = [_annotated(arg) for arg in args if arg is not type(None)]
        return shapes[0] if len(shapes) == 1 else ANYTHING
    if origin is list and args:
        return _List(_annotated(args[0]))
    if origin is dict and args:
        return _Map(_annotated(args[1]))
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        return _object(tp)
    return SCALARS[_PYTHON[tp]] if tp in _PYTHON else ANYTHING
