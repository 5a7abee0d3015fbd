"""Fields that a type does not have.

Decoding drops them without a word; Kubernetes warns of them or refuses them (``fieldValidation``). The check
compares the keys of each decoded object with the fields of its type, along a plan that is compiled once a type. It
names every one; whether there is any at all `strict` says faster.
"""

import types
import typing
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

__all__ = ["unknown_fields"]

_Walk = Callable[[Any], list[str]]
_NONE: list[str] = []


def unknown_fields(struct: type, value: Any) -> list[str]:  # noqa: ANN401 - a decoded JSON value
    """Return the paths of all keys in ``value`` that the type has no field for, such as ``spec.ports[0].prot``."""
    if hasattr(struct, "unknown"):  # a type that decodes itself (`custom_object`) knows itself what it drops
        found: list[str] = struct.unknown(value)
        return found
    return _struct_walk(struct)(value)


@lru_cache(maxsize=2048)
def _struct_walk(struct: type) -> _Walk:
    plan: dict[str, _Walk | None] = {}

    def walk(value: Any) -> list[str]:  # noqa: ANN401
        if not isinstance(value, dict):
            return _NONE
        if not plan:  # compiled on first use: some types contain themselves
            plan.update((f.encode_name, _type_walk(f.type)) for f in msgspec.structs.fields(struct))
        found = _NONE
        for key, child in value.items():
            try:
                deeper = plan[key]
            except KeyError:
                found = [*found, key]
                continue
            # Paths are put together on the way out, so that an object without surprises pays nothing for them.
            if deeper is not None and (inner := deeper(child)):
                found = [*found, *(f"{key}{path}" if path[0] == "[" else f"{key}.{path}" for path in inner)]
        return found

    return walk


def _type_walk(tp: Any) -> _Walk | None:  # noqa: ANN401 - a type annotation
    if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
        return _struct_walk(tp)
    origin = typing.get_origin(tp)
    if origin in (typing.Union, types.UnionType):
        walks = [w for arg in typing.get_args(tp) if (w := _type_walk(arg)) is not None]
        return walks[0] if walks else None
    if origin is list and (inner := _type_walk(typing.get_args(tp)[0])) is not None:
        return _list_walk(inner)
    return None


def _list_walk(inner: _Walk) -> _Walk:
    def walk(value: Any) -> list[str]:  # noqa: ANN401
        if not isinstance(value, list):
            return _NONE
        found = _NONE
        for index, item in enumerate(value):
            if paths := inner(item):
                found = [*found, *(f"[{index}].{path}" for path in paths)]
        return found

    return walk
