"""Sets of fields, as trees in the form in which ``fieldsV1`` writes them.

A node stands for a field. ``{}`` is a field of the set with nothing of the set below it; other keys are what lies
below, and the key ``"."`` says that the field itself is in the set too. So decoding and encoding cost nothing, and the
arithmetic is that of nested dictionaries. Trees are shared and never changed. Source: structured-merge-diff
``fieldpath/set.go``, whose rules for a field and what is below it these are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubernel.objects.ownership.elements import canonical, step_name
from kubernel.objects.ownership.shapes import Shape

__all__ = ["SELF", "FieldSet", "Tree"]

Tree = dict[str, "Tree"]

SELF = "."
DEPTH_MAX = 200
"""No type is nested so deeply; a client's tree that is would overflow the stack."""


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A set of fields of one object.

    Attributes:
        tree: What is below the object itself, which is never in the set; empty for the empty set.
    """

    tree: Tree

    @classmethod
    def decode(cls, plain: Any) -> "FieldSet":  # noqa: ANN401 - anything that a client sends
        """Read a client's ``fieldsV1``.

        Raises:
            ValueError: It is no set of fields.
        """
        return cls({} if plain is None else _decoded(plain, 0))

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return not self.tree

    def __or__(self, other: "FieldSet") -> "FieldSet":
        return FieldSet(_union(self.tree, other.tree))

    def __and__(self, other: "FieldSet") -> "FieldSet":
        return FieldSet(_intersection(self.tree, other.tree))

    def __sub__(self, other: "FieldSet") -> "FieldSet":
        """Return what is in this set and not in the other; what is below a field stays when only the field goes."""
        return FieldSet(_difference(self.tree, other.tree))

    def without(self, other: "FieldSet") -> "FieldSet":
        """Return what is neither in the other set nor below one of its fields."""
        return FieldSet(_pruned(self.tree, other.tree))

    def within(self, step: str) -> "FieldSet":
        """Return only what is below one step of the object, and the step itself."""
        return FieldSet({step: self.tree[step]} if step in self.tree else {})

    def with_named(self, shape: Shape) -> "FieldSet":
        """Return the set and the named members on the way to its fields: who owns ``spec.replicas`` needs ``spec``."""
        return FieldSet(_with_named(self.tree, shape))

    def paths(self) -> Iterator[str]:
        """Yield every field as messages show it, those of one level before those below it."""
        yield from _paths(self.tree, "")


def _decoded(plain: Any, depth: int) -> Tree:  # noqa: ANN401 - anything that a client sends
    if not isinstance(plain, dict) or depth > DEPTH_MAX:
        raise ValueError("not a set of fields")
    tree: Tree = {}
    for key, below in plain.items():
        step = SELF if key == SELF else canonical(key)
        if step is not None:
            tree[step] = {} if step == SELF else _decoded(below, depth + 1)
    return {} if depth and len(tree) == 1 and SELF in tree else tree


def _holds_itself(node: Tree) -> bool:
    return not node or SELF in node


def _union(left: Tree, right: Tree) -> Tree:
    result = dict(left)
    for step, theirs in right.items():
        ours = left.get(step)
        if ours is None:
            result[step] = theirs
        elif ours is not theirs and ours != theirs:
            node = _union(ours, theirs)
            if not (ours and theirs):  # one of them is the field itself
                node[SELF] = {}
            result[step] = node
    return result


def _intersection(left: Tree, right: Tree) -> Tree:
    result: Tree = {}
    for step, ours in left.items():
        theirs = right.get(step)
        if step == SELF or theirs is None:
            continue
        if ours == theirs:
            result[step] = ours
            continue
        node = _intersection(ours, theirs)
        if _holds_itself(ours) and _holds_itself(theirs):
            result[step] = {SELF: {}, **node} if node else node
        elif node:
            result[step] = node
    return result


def _difference(left: Tree, right: Tree) -> Tree:
    result: Tree = {}
    for step, ours in left.items():
        theirs = right.get(step)
        if step == SELF:
            continue
        if theirs is None:
            result[step] = ours
            continue
        if ours == theirs:
            continue
        node = _difference(ours, theirs)
        if _holds_itself(ours) and not _holds_itself(theirs):
            result[step] = {SELF: {}, **node} if node else node
        elif node:
            result[step] = node
    return result


def _pruned(left: Tree, right: Tree) -> Tree:
    result: Tree = {}
    for step, ours in left.items():
        theirs = right.get(step)
        if theirs is None:
            result[step] = ours
        elif step != SELF and not _holds_itself(theirs):
            node = _pruned(ours, theirs)
            if node or not ours:
                result[step] = {} if node.keys() == {SELF} else node
    return result


def _with_named(tree: Tree, shape: Shape) -> Tree:
    result: Tree = {}
    for step, below in tree.items():
        if not below:
            result[step] = below
            continue
        named = shape.members.get(step[2:]) if step[0] == "f" else None
        inner = named or (shape.others if step[0] == "f" else shape.items) or Shape()
        node = _with_named(below, inner)
        if named is not None:
            node[SELF] = {}
        result[step] = node
    return result


def _paths(tree: Tree, above: str) -> Iterator[str]:
    steps = sorted((step, above + step_name(step), below) for step, below in tree.items() if step != SELF)
    for _step, path, below in steps:
        if _holds_itself(below):
            yield path
    for _step, path, below in steps:
        if below:
            yield from _paths(below, path)
