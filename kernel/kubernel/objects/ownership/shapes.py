"""What field ownership must know of a type: what is walked into, and what is a single value.

A value is walked into as far as its shape allows: a map of which each member can have another owner, a list whose
elements have identities. Everything else is a leaf and owned as a whole. The value itself decides which of a shape's
possibilities applies, so one shape can take a map, a list and a number: `UNTYPED` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

__all__ = ["LEAF", "UNTYPED", "Shape"]


@dataclass(slots=True)
class Shape:
    """The shape of one type; made once a type, and then only read.

    Attributes:
        members: The named members of a map.
        others: The shape of a map's members that have no name of their own; ``None`` when there can be none.
        is_granular: Whether a map's members are owned one by one.
        items: The shape of a list's elements when they have identities; ``None`` makes a list a leaf.
        keys: The members that tell a list's elements apart, sorted; empty when the elements are plain values.
        defaults: What a key means that an element leaves out.
    """

    members: Mapping[str, "Shape"] = field(default_factory=dict)
    others: Optional["Shape"] = None
    is_granular: bool = False
    items: Optional["Shape"] = None
    keys: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)


LEAF = Shape()
"""A single value, whatever it is."""

UNTYPED = Shape(is_granular=True)
"""A value of which nothing is known: its maps are walked into, its lists are single values."""

UNTYPED.others = UNTYPED
