"""The fields that a configuration mentions: what its manager applies, and owns afterwards."""

from typing import Any

from kubernel.objects.models import Plain
from kubernel.objects.ownership.elements import Unshaped, item_step, step_name
from kubernel.objects.ownership.fieldset import SELF, FieldSet, Tree
from kubernel.objects.ownership.shapes import Shape

__all__ = ["fields_in", "whole"]


def fields_in(value: Plain, shape: Shape, *, allows_duplicates: bool = False) -> FieldSet:
    """Return every leaf of an object, every element of its lists and every unnamed member of its maps.

    Args:
        value: The object, or a part of it.
        shape: Its type's.
        allows_duplicates: Take two elements of one identity as one field; stored objects may have them.

    Raises:
        Unshaped: An element has no identity, or that of another one; a member that the type does not have.
    """
    return FieldSet(_Cover(allows_duplicates=allows_duplicates).map(value, shape))


class _Cover:
    def __init__(self, *, allows_duplicates: bool) -> None:
        self._allows_duplicates = allows_duplicates

    def map(self, value: Plain, shape: Shape) -> Tree:
        tree: Tree = {}
        members, others = shape.members, shape.others
        for name, child in value.items():
            inner = members.get(name)
            named = inner is not None
            if inner is None:
                inner = others
                if inner is None:
                    raise Unshaped("field not declared in schema", f".{name}")
            node = self._below(child, inner, name)
            if node is None:  # a leaf
                tree["f:" + name] = {}
            elif node and not named:
                tree["f:" + name] = {SELF: {}, **node}
            elif node or not named:
                tree["f:" + name] = node
        return tree

    def _below(self, child: Any, shape: Shape, name: str) -> Tree | None:  # noqa: ANN401 - any JSON value
        try:
            if type(child) is dict:
                return self.map(child, shape) if child and shape.is_granular else None
            if type(child) is list and child and shape.items is not None:
                return self._list(child, shape, shape.items)
        except Unshaped as error:
            raise error.below("f:" + name) from error
        return None

    def _list(self, value: list[Any], shape: Shape, items: Shape) -> Tree:
        tree: Tree = {}
        for place, item in enumerate(value):
            try:
                step = item_step(item, shape)
            except Unshaped as error:
                raise Unshaped(f"element {place}: {error.why}") from error
            if step in tree:
                if not self._allows_duplicates:
                    raise Unshaped(f"duplicate entries for key {step_name(step)}")
                tree[step] = {}
                continue
            node: Tree = {}
            if type(item) is dict and items.is_granular:
                try:
                    node = self.map(item, items)
                except Unshaped as error:
                    raise error.below(step) from error
            tree[step] = {SELF: {}, **node} if node else node
        return tree


def whole(value: Any, shape: Shape) -> Tree:  # noqa: ANN401 - any JSON value
    """Return the node of a value that came or went as a whole: it and everything below it."""
    tree: Tree = {}
    if type(value) is dict:
        if shape.is_granular and value:
            tree[SELF] = {}
            members, others = shape.members, shape.others
            for name, child in value.items():
                inner = members.get(name) or others
                is_deep = inner is not None and type(child) in (dict, list)
                tree["f:" + name] = whole(child, inner) if inner is not None and is_deep else {}
    elif type(value) is list and shape.items is not None and value:
        tree[SELF] = {}
        for item in value:
            step = item_step(item, shape)
            tree[step] = {} if step in tree else whole(item, shape.items)
    return tree
