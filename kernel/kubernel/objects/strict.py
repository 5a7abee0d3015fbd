"""Types that refuse what the generated ones let pass: the fast answer to "is there nothing wrong with this body?".

The generated types drop unknown fields without a word, and do not know how wide an integer is or what is in a map. For
each of them a subclass is made, once, that refuses all that, and so on down through its fields; msgspec then decodes
and checks a whole body in one C pass (3 µs for a 1 KiB pod). What is wrong with one that does not fit says `reading`.

An object of these types is good for storing, not for comparing: msgspec takes objects of different classes for
different, whatever their fields say.
"""

import types
import typing
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from kubernel.objects.published import Field, fields_of, name_of

__all__ = ["decode_strictly", "decodes_itself", "fits"]

T = TypeVar("T")

_INT32 = Annotated[int, Meta(ge=-(1 << 31), le=(1 << 31) - 1)]
_INT64 = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_WIDTHS = {"int32": _INT32, "intorstring": _INT32, "int64": _INT64}
_MOMENT = Annotated[datetime, Meta(tz=True)]
_BASE64 = Annotated[str, Meta(pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")]
_TEXTS = dict[str, str]
_MAPS = {"string": _TEXTS, "quantity": _TEXTS, "bytes": _TEXTS}
"""What is in a map; of bytes only that it is text, because the rules of ConfigMaps and Secrets decode it anyway."""


def decodes_itself(tp: type) -> bool:
    """Whether a type of objects is no Struct and knows itself what it drops (`custom_object`)."""
    return not _is_struct(tp)


def _is_struct(tp: Any) -> bool:  # noqa: ANN401 - a type annotation
    return isinstance(tp, type) and issubclass(tp, msgspec.Struct)


@lru_cache(maxsize=512)
def _version(struct: type) -> type:
    version: type = _Strict().version_of(struct)
    return version


@lru_cache(maxsize=512)
def _decoder(struct: type) -> msgspec.json.Decoder[Any] | None:
    return msgspec.json.Decoder(_version(struct)) if _is_struct(struct) else None


def decode_strictly(struct: type[T], body: bytes) -> T | None:
    """Decode a JSON body into a refusing subclass of the type.

    Returns:
        The object, or ``None`` when the body does not fit, for whatever reason, or the type decodes itself.
    """
    decoder = _decoder(struct)  # type: ignore[arg-type]  # every class is hashable
    if decoder is None:
        return None
    try:
        decoded: T = decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return decoded


def fits(struct: type, plain: Any) -> bool:  # noqa: ANN401 - a decoded JSON value
    """Whether there is nothing in a plain object that the type would drop or should refuse."""
    if not _is_struct(struct):
        return False
    try:
        msgspec.convert(plain, _version(struct))
    except msgspec.ValidationError:
        return False
    return True


class _Strict:
    """Makes the refusing subclasses of one type and of all that it reaches."""

    def __init__(self) -> None:
        self._made: dict[type, type] = {}

    def version_of(self, tp: Any, published: Field | None = None) -> Any:  # noqa: ANN401 - a type annotation
        if _is_struct(tp):
            return self._struct(tp)
        if published is not None and (narrowed := _narrowed(tp, published)) is not tp:
            return narrowed
        origin, args = typing.get_origin(tp), typing.get_args(tp)
        if origin in (typing.Union, types.UnionType):
            return typing.Union[tuple(self.version_of(arg, published) for arg in args)]  # noqa: UP007 - built at run time
        if origin in (list, dict) and args:
            return types.GenericAlias(origin, tuple(self.version_of(arg, published) for arg in args))
        return tp

    def _struct(self, struct: type) -> type:
        if struct in self._made:
            return self._made[struct]
        self._made[struct] = struct  # a type that contains itself is checked one level deep
        published = fields_of(name_of(struct))
        fields = [
            (f.name, version) if f.required else (f.name, version, msgspec.field(default=f.default, name=f.encode_name))
            for f in msgspec.structs.fields(struct)
            if (version := self.version_of(f.type, published.get(f.encode_name))) != f.type
        ]
        self._made[struct] = msgspec.defstruct(
            struct.__name__,
            fields,
            bases=(struct,),
            forbid_unknown_fields=True,
        )
        return self._made[struct]


def _narrowed(tp: Any, published: Field) -> Any:  # noqa: ANN401
    """Return what a type annotation leaves open; the same annotation when it leaves nothing open."""
    element = published.element
    if tp is int:
        return _WIDTHS.get(element, tp)
    if tp is datetime:
        return _MOMENT
    if tp is str and element == "bytes" and not published.is_map:
        return _BASE64
    if tp is dict and published.is_map:
        # Maps of anything larger are few, and stay plain: whatever is in one goes to `reading`.
        return _MAPS.get(element)
    if tp is Any and element.startswith("apiextensions_v1.JSONSchemaPropsOr"):
        return None
    return tp
