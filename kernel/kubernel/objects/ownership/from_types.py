"""The shapes of the built-in types, from the facts of the published API (and from the Struct where there are none)."""

from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from kubernel.objects.models import Plain, meta
from kubernel.objects.ownership.shapes import LEAF, UNTYPED, Shape
from kubernel.objects.published import Field, fields_of, name_of

__all__ = ["metadata_shape", "shape_of_type", "zero_of_type"]

_UNTYPED_WORDS = frozenset({"raw", "json"})
_TYPE_META = ("apiVersion", "kind")


@lru_cache(maxsize=512)
def shape_of_type(struct: type) -> Shape:
    """Return the shape of a kind's Struct."""
    shape = _published(name_of(struct)) if fields_of(name_of(struct)) else _of_annotation(struct)
    if "metadata" not in shape.members:
        return shape
    return Shape(members={**dict.fromkeys(_TYPE_META, LEAF), **shape.members}, is_granular=True)


def metadata_shape() -> Shape:
    """Return the shape of ``metadata``, which every kind has, whatever else is known of it."""
    return _published(name_of(meta.ObjectMeta))


@lru_cache(maxsize=1024)
def _published(name: str) -> Shape:
    fields = fields_of(name)
    if not fields:
        return LEAF
    shape = Shape(is_granular=True)
    # Remembered before its members are looked at: a JSONSchemaProps is made of others.
    _started[name] = shape
    shape.members = {field_name: _of_field(field) for field_name, field in fields.items()}
    return shape


_started: dict[str, Shape] = {}


def _named(word: str) -> Shape:
    if word in _UNTYPED_WORDS:
        return UNTYPED
    return _started[word] if word in _started else _published(word)


def _of_field(field: Field) -> Shape:
    if field.is_list:
        return _of_list(field)
    if field.is_atomic:
        return LEAF
    if field.is_map:
        return Shape(others=_named(field.element), is_granular=True)
    return _named(field.type)


def _of_list(field: Field) -> Shape:
    """A list that says nothing merges as a strategic merge patch merges it, as in Kubernetes."""
    keys = field.list_keys
    if not field.list_type and "merge" in field.strategy:
        keys = (field.merge_key,) if field.merge_key else ()
    elif field.list_type not in ("map", "set"):
        return LEAF
    items = LEAF if field.is_atomic else _named(field.element)
    known = fields_of(field.element)
    defaults = {key: known[key].default for key in keys if key in known and known[key].default is not None}
    return Shape(items=items, keys=tuple(sorted(keys)), defaults=defaults)


def _of_annotation(annotation: Any) -> Shape:  # noqa: ANN401 - a type as written
    """The shape of a type that nobody published: objects and maps are walked into, lists are leaves."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        present = [argument for argument in arguments if argument is not type(None)]
        return _of_annotation(present[0]) if len(present) == 1 else UNTYPED
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        if fields_of(name_of(annotation)):
            return _published(name_of(annotation))
        fields = msgspec.structs.fields(annotation)
        return Shape(members={field.encode_name: _of_annotation(field.type) for field in fields}, is_granular=True)
    if annotation is Any or annotation is dict or origin is dict:
        return UNTYPED
    return LEAF


@lru_cache(maxsize=512)
def zero_of_type(struct: type) -> Plain:
    """Return what of an object is there before anybody writes it.

    In Kubernetes an object begins with those members that its type always has, and nobody who writes below them becomes
    the owner of the members themselves: ``spec`` and ``spec.containers``, but not ``metadata.labels``.
    """
    return _zero(struct, always=("metadata", "spec", "status"), depth=0)


def _zero(struct: type, *, always: tuple[str, ...], depth: int) -> Plain:
    zero: Plain = {}
    for field in msgspec.structs.fields(struct):
        types = get_args(field.type) if get_origin(field.type) in {Union, UnionType} else (field.type,)
        inner = next((tp for tp in types if isinstance(tp, type) and issubclass(tp, msgspec.Struct)), None)
        if inner is not None and (field.required or field.name in always) and depth < 6:
            zero[field.encode_name] = _zero(inner, always=("metadata", "spec"), depth=depth + 1)
        elif field.required:
            zero[field.encode_name] = None
    return zero
