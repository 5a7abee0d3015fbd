"""What a write changed, field by field."""

from dataclasses import dataclass
from typing import Any

from kubernel.objects.models import Plain
from kubernel.objects.ownership.covering import whole
from kubernel.objects.ownership.elements import item_step
from kubernel.objects.ownership.fieldset import FieldSet, Tree
from kubernel.objects.ownership.shapes import LEAF, Shape

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two states of an object; no field is in two of the sets.

    Attributes:
        added: Only in the newer state.
        modified: In both, with another value.
        removed: Only in the older state.
    """

    added: FieldSet
    modified: FieldSet
    removed: FieldSet

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return self.added.is_empty and self.modified.is_empty and self.removed.is_empty

    @property
    def written(self) -> FieldSet:
        """What now has a value that it had not."""
        return self.added | self.modified

    def without(self, fields: FieldSet) -> "Comparison":
        """Return the comparison as if these fields, and what is below them, had not changed."""
        if fields.is_empty or self.is_same:
            return self
        return Comparison(self.added.without(fields), self.modified.without(fields), self.removed.without(fields))


def compare(old: Plain, new: Plain, shape: Shape) -> Comparison:
    """Compare two states of an object; parts that are equal cost one comparison of Python's.

    Raises:
        Unshaped: A list's element has no identity.
    """
    found = _Found({}, {}, {})
    _maps(old, new, shape, found)
    return Comparison(FieldSet(found.added), FieldSet(found.modified), FieldSet(found.removed))


@dataclass(slots=True)
class _Found:
    added: Tree
    modified: Tree
    removed: Tree

    def keep(self, step: str, below: "_Found") -> None:
        """Put what was found below a step in its place."""
        if below.added:
            self.added[step] = below.added
        if below.modified:
            self.modified[step] = below.modified
        if below.removed:
            self.removed[step] = below.removed


def _maps(old: Plain, new: Plain, shape: Shape, found: _Found) -> None:
    members, others = shape.members, shape.others
    for name, after in new.items():
        if name not in old:
            found.added["f:" + name] = whole(after, members.get(name) or others or LEAF)
        elif (before := old[name]) != after:
            _values("f:" + name, before, after, members.get(name) or others or LEAF, found)
    for name, before in old.items():
        if name not in new:
            found.removed["f:" + name] = whole(before, members.get(name) or others or LEAF)


def _values(step: str, before: Any, after: Any, shape: Shape, found: _Found) -> None:  # noqa: ANN401 - any JSON value
    """Compare two values that differ; null stands for an empty map or list where the other one is."""
    below = _Found({}, {}, {})
    sorts = {type(before), type(after)} - {type(None)}
    if sorts == {dict} and shape.is_granular and not (before is None and not after):
        _maps(before or {}, after or {}, shape, below)
    elif sorts == {list} and shape.items is not None and not (before is None and not after):
        _lists(before or [], after or [], shape, shape.items, below)
    else:
        found.modified[step] = {}
        if shape.is_granular and sorts != {dict}:  # it became something else, or was: what was below it is gone
            _maps(before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {}, shape, below)
    found.keep(step, below)


def _lists(old: list[Any], new: list[Any], shape: Shape, items: Shape, found: _Found) -> None:
    before, after = _by_identity(old, shape), _by_identity(new, shape)
    for step, theirs in after.items():
        ours = before.get(step)
        if ours is None:
            found.added[step] = whole(theirs[0], items) if len(theirs) == 1 else {}
        elif len(ours) == len(theirs) == 1:
            if ours[0] != theirs[0]:
                _values(step, ours[0], theirs[0], items, found)
        elif ours != theirs:
            _duplicates(step, ours, theirs, items, found)
    for step, ours in before.items():
        if step not in after:
            found.removed[step] = whole(ours[0], items) if len(ours) == 1 else {}


def _duplicates(step: str, ours: list[Any], theirs: list[Any], items: Shape, found: _Found) -> None:
    """Elements of one identity are owned as one thing: they came, changed or went together."""
    if len(ours) > 1 and len(theirs) > 1:
        found.modified[step] = {}
    elif len(ours) > 1:
        found.removed[step] = {}
        found.added[step] = whole(theirs[0], items)
    else:
        found.removed[step] = whole(ours[0], items)
        found.added[step] = {}


def _by_identity(values: list[Any], shape: Shape) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for value in values:
        found.setdefault(item_step(value, shape), []).append(value)
    return found
