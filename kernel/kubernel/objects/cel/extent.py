"""How large a value inside an expression can be: what the cost of an expression is estimated from.

An extent stands for all values that one part of an expression may have while it is evaluated. Where they come from the
data itself (``self.spec.items``, and in a loop over it each item) it holds those very values, so that a long list
elsewhere in the object does not make a loop over a short one look dear.
"""

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["EMPTY", "Extent", "extent_of", "union"]

_FEW = 2_000
"""How many values are followed one by one; more are summed up by the size of their text."""


class Extent:
    """The possible values of one part of an expression, and bounds on them.

    Attributes:
        size: The longest one's length: characters of a text, elements of a list, entries of a map; 0 for numbers.
        values: Where they are known, the values themselves; else empty.
    """

    __slots__ = ("_deep", "_element", "size", "values")

    def __init__(self, size: int, element: "Extent | None" = None, values: tuple[Any, ...] = ()) -> None:
        self.size = size
        self.values = values
        self._element = element
        self._deep: int | None = None

    @property
    def deep(self) -> int:
        """What comparing the largest of them from end to end touches, in characters and elements."""
        if self._deep is None:
            if self.values:
                self._deep = max(len(v) if isinstance(v, str | bytes) else len(repr(v)) for v in self.values)
            else:
                self._deep = self.size * max(1, self._element.deep if self._element is not None else 1)
        return self._deep

    def elements(self) -> "Extent":
        """Return what a loop's (last) variable can be: the items of lists, the values of maps."""
        if not self.values:
            return self._element or EMPTY
        return extent_of(_within(self.values))

    def keys(self) -> "Extent":
        """Return what a loop's first variable can be: the items of lists, the keys of maps."""
        if not self.values:
            return self._element or EMPTY
        return extent_of(k for v in self.values for k in (v if isinstance(v, Mapping | list | tuple) else ()))

    def field(self, name: str) -> "Extent":
        """Return what ``.name`` can be."""
        if not self.values:
            return self._element or EMPTY
        return extent_of(v[name] for v in self.values if isinstance(v, Mapping) and name in v)


EMPTY = Extent(0)


def _within(values: tuple[Any, ...]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, list | tuple):
            yield from value


def extent_of(values: Iterable[Any]) -> Extent:
    """Return the extent of known values."""
    found = tuple(values)
    if not found:
        return EMPTY
    if len(found) > _FEW:
        return _summed_up(len(repr(found)))
    return Extent(max(len(v) if isinstance(v, str | bytes | list | tuple | Mapping) else 0 for v in found), None, found)


def _summed_up(size: int) -> Extent:
    """Return the extent of anything whose text has this many characters, and of anything inside it."""
    coarse = Extent(size)
    coarse._element = coarse  # noqa: SLF001 - an extent of its own class
    coarse._deep = size  # noqa: SLF001 - likewise
    return coarse


def union(extents: Iterable[Extent]) -> Extent:
    """Return the extent of what may be any of these."""
    found = [extent for extent in extents if extent is not EMPTY]
    if len(found) < 2:
        return found[0] if found else EMPTY
    if all(extent.values for extent in found):
        return extent_of(value for extent in found for value in extent.values)
    largest = max(found, key=lambda extent: extent.size)
    return Extent(largest.size, max((e.elements() for e in found), key=lambda extent: extent.deep))
