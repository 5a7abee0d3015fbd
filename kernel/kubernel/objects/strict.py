"""Types that refuse unknown fields: the fast answer to "does this body hold anything that its type lacks?".

The generated types drop unknown fields without a word. For each of them a subclass is made, once, that refuses them,
and so on down through its fields; msgspec then decodes and checks a whole body in one C pass (3 µs for a 1 KiB pod).

An object of these types is good for storing, not for comparing: msgspec takes objects of different classes for
different, whatever their fields say.
"""

import types
import typing
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

__all__ = ["decode_strictly"]

T = TypeVar("T")


@lru_cache(maxsize=512)
def _decoder(struct: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_Strict().version_of(struct))


def decode_strictly(struct: type[T], body: bytes) -> T | None:
    """Decode a JSON body into a refusing subclass of the type.

    Returns:
        The object, or ``None`` when the body does not fit, for whatever reason.
    """
    try:
        decoded: T = _decoder(struct).decode(body)  # type: ignore[arg-type]  # every class is hashable
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return decoded


class _Strict:
    """Makes the refusing subclasses of one type and of all that it reaches."""

    def __init__(self) -> None:
        self._made: dict[type, type] = {}

    def version_of(self, tp: Any) -> Any:  # noqa: ANN401 - a type annotation
        if isinstance(tp, type) and issubclass(tp, msgspec.Struct):
            return self._struct(tp)
        origin, args = typing.get_origin(tp), typing.get_args(tp)
        if origin in (typing.Union, types.UnionType):
            return typing.Union[tuple(self.version_of(arg) for arg in args)]  # noqa: UP007 - built at run time
        if origin in (list, dict) and args:
            return types.GenericAlias(origin, tuple(self.version_of(arg) for arg in args))
        return tp

    def _struct(self, struct: type) -> type:
        if struct in self._made:
            return self._made[struct]
        self._made[struct] = struct  # a type that contains itself is checked one level deep
        fields = [
            (f.name, version) if f.required else (f.name, version, msgspec.field(default=f.default, name=f.encode_name))
            for f in msgspec.structs.fields(struct)
            if (version := self.version_of(f.type)) != f.type
        ]
        self._made[struct] = msgspec.defstruct(
            struct.__name__,
            fields,
            bases=(struct,),
            forbid_unknown_fields=True,
        )
        return self._made[struct]
