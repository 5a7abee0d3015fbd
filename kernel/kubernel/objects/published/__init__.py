"""What the published API says of its types and the generated Python types do not.

``types.json`` is made by ``kernel/generators/published_types.py`` from the API's own files: for every type its fields,
each with its protobuf number and type and with how lists and maps merge. Protobuf, strategic merge patches, server-side
apply and OpenAPI read it from here. It is loaded when first asked (1 ms).

A type is named ``core_v1.PodSpec`` (module and class of the Python types). A field's type is written ``string``,
``int32``, ``core_v1.Container``, ``[]string`` for a list, ``{}quantity`` for a map from text; the words of their own
are ``quantity``, ``intorstring``, ``time``, ``microtime``, ``duration``, ``raw`` (any object), ``json`` (any value) and
``fields`` (the set of managed fields). In the file ``*`` before a type says that it is a pointer in Go, ``!`` that the
Python type must have it.
"""

import importlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Field", "fields_of", "message_of", "name_of", "struct_named"]


class Field(msgspec.Struct, frozen=True):
    """One field of a type.

    Attributes:
        number: Its protobuf number.
        type: As in the module's description.
        list_type: ``atomic``, ``set`` or ``map`` for a list that says so, else empty; a list that does not is atomic.
        list_keys: The members that tell the elements of a list of type ``map`` apart.
        is_atomic: Whether a map or an object is written as a whole; of a list it says that each element is.
        strategy: ``merge``, ``retainKeys`` or both with a comma, for strategic merge patches; empty replaces.
        merge_key: The member by which a strategic merge patch tells elements apart; empty for plain values.
        default: What a schema says that an absent value means; ``None`` when it says nothing.
        is_inline: In JSON the members of this field's type stand in the place of the field.
        is_pointer: Whether "absent" and "zero" are two things: ``replicas: 0`` is not the same as no ``replicas``.
        is_required: Whether the Python type must have it.
        enum: The only values that it, or each element of a list, may have; empty when there are no such.
    """

    number: int
    type: str
    list_type: str = ""
    list_keys: tuple[str, ...] = ()
    is_atomic: bool = False
    strategy: str = ""
    merge_key: str = ""
    default: Any = None
    is_inline: bool = False
    is_pointer: bool = False
    is_required: bool = False
    enum: tuple[str, ...] = ()

    @property
    def element(self) -> str:
        """The type of a list's elements or a map's values; of anything else, its own."""
        return self.type[2:] if self.type[:2] in ("[]", "{}") else self.type

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return self.type.startswith("[]")

    @property
    def is_map(self) -> bool:
        """Whether it is a map from text."""
        return self.type.startswith("{}")


@cache
def _table() -> dict[str, dict[str, list[Any]]]:
    table: dict[str, dict[str, list[Any]]] = msgspec.json.decode(Path(__file__).with_name("types.json").read_bytes())
    return table


def _field(number: int, tp: str, markers: Mapping[str, Any] = {}) -> Field:
    return Field(
        number,
        tp.lstrip("*!"),
        list_type=markers.get("listType", ""),
        list_keys=tuple(markers.get("listMapKey", ())),
        is_atomic="atomic" in (markers.get("mapType"), markers.get("structType")),
        strategy=markers.get("patchStrategy", ""),
        merge_key=markers.get("patchMergeKey", ""),
        default=markers.get("default"),
        is_inline=markers.get("inline", False),
        is_pointer="*" in tp[:2],
        is_required=tp[0] == "!",
        enum=tuple(markers.get("enum", ())),
    )


def name_of(struct: type) -> str:
    """Return the table's name of a generated Python type; one that is not in the table has a name all the same."""
    return f"{struct.__module__.rpartition('.')[2]}.{struct.__name__}"


def struct_named(name: str) -> type[msgspec.Struct] | None:
    """Return the generated Python type of a published one; ``None`` for what is no object of its own."""
    if not fields_of(name):
        return None
    module, _, of_class = name.partition(".")
    struct = getattr(importlib.import_module(f"lightkube.models.{module}"), of_class, None)
    return struct if isinstance(struct, type) and issubclass(struct, msgspec.Struct) else None


@lru_cache(maxsize=1024)
def message_of(name: str) -> Mapping[str, Field]:
    """Return a type's fields as protobuf has them, by name; empty for a type that is not published."""
    return {field: _field(*facts) for field, facts in _table().get(name, {}).items()}


@lru_cache(maxsize=1024)
def fields_of(name: str) -> Mapping[str, Field]:
    """Return a type's fields as JSON has them, inlined members in their place; empty for one that is not published."""
    found: dict[str, Field] = {}
    for key, field in message_of(name).items():
        found |= fields_of(field.type) if field.is_inline else {key: field}
    return found
