"""The syntax tree of a checked expression, read from the form in which the library hands it out.

The library evaluates but does not show what it evaluates. Who must know beforehand (which variables an expression uses,
what it may cost) reads this tree instead; it is decoded from the published ``cel.expr.CheckedExpr`` message (source:
cel-spec, ``checked.proto`` and ``syntax.proto``; field numbers are facts of those files).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kubernel.objects.cel.wire import Message, read, signed

__all__ = [
    "Call",
    "Const",
    "Fold",
    "Ident",
    "ListOf",
    "MapOf",
    "Node",
    "Select",
    "children",
    "identifiers",
    "selected_fields",
    "selected_paths",
    "tree_of",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; ``None`` stands for ``null`` and for numbers, whose value nobody here needs but the integers'."""

    value: str | bytes | int | None


@dataclass(frozen=True, slots=True)
class Ident:
    """A variable, of the environment or of an enclosing `Fold`."""

    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """``operand.field``, or ``has(operand.field)``."""

    operand: "Node"
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function's, an operator's (``_+_``) or a method's call; a method's target is the first argument."""

    function: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b]``."""

    elements: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """``{k: v}``; keys and values alternate in ``elements``."""

    elements: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """A loop, which is what every macro becomes: ``all``, ``exists``, ``map``, ``filter``, ``cel.bind``.

    Attributes:
        variables: The loop's variables, one or two.
        over: What is iterated.
        accumulator: The variable that carries the result from one step to the next.
        start: Its first value.
        steps: The condition and the step, done once an iteration.
        result: What comes out, from the accumulator's last value.
    """

    variables: tuple[str, ...]
    over: "Node"
    accumulator: str
    start: "Node"
    steps: tuple["Node", ...]
    result: "Node"


Node = Const | Ident | Select | Call | ListOf | MapOf | Fold

_CHECKED_EXPR = 4
_CONST, _IDENT, _SELECT, _CALL, _LIST, _STRUCT, _FOLD = 3, 4, 5, 6, 7, 8, 9
_INT64, _UINT64, _STRING, _BYTES = 3, 4, 6, 7


def tree_of(checked: bytes) -> Node:
    """Return the tree of a serialised ``CheckedExpr``."""
    return _node(read(read(checked).one(_CHECKED_EXPR)))


def children(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of, in no particular order."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return node.args
        case ListOf() | MapOf():
            return node.elements
        case Fold():
            return (node.over, node.start, *node.steps, node.result)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


def identifiers(node: Node) -> frozenset[str]:
    """Return every name that the expression mentions, loop variables among them."""
    return frozenset(found.name for found in walk(node) if isinstance(found, Ident))


def selected_fields(node: Node, name: str) -> frozenset[str]:
    """Return the fields that the expression takes from a variable: ``variables.limit`` → ``limit``."""
    return frozenset(path[0] for path in selected_paths(node, name))


def selected_paths(node: Node, name: str) -> frozenset[tuple[str, ...]]:
    """Return the paths that it follows from a variable: ``self.spec.size`` → ``(spec, size)`` and ``(spec,)``."""
    return frozenset(path for found in walk(node) if (path := _path(found, name)))


def _path(node: Node, name: str) -> tuple[str, ...]:
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.operand
    return tuple(reversed(fields)) if isinstance(node, Ident) and node.name == name else ()


def _node(expr: Message) -> Node:
    for number, build in _BUILDERS.items():
        if number in expr:
            return build(read(expr.one(number)))
    return Const(None)


def _const(value: Message) -> Node:
    if _STRING in value:
        return Const(value.text(_STRING))
    if _BYTES in value:
        return Const(value.one(_BYTES))
    for number in (_INT64, _UINT64):
        if number in value:
            return Const(signed(value.number(number)))
    return Const(None)


def _ident(value: Message) -> Node:
    return Ident(value.text(1))


def _select(value: Message) -> Node:
    return Select(_node(read(value.one(1))), value.text(2))


def _call(value: Message) -> Node:
    target = (_node(read(value.one(1))),) if 1 in value else ()
    return Call(value.text(2), target + tuple(_node(read(argument)) for argument in value.all(3)))


def _list(value: Message) -> Node:
    return ListOf(tuple(_node(read(element)) for element in value.all(1)))


def _struct(value: Message) -> Node:
    entries = [read(entry) for entry in value.all(2)]
    return MapOf(tuple(_node(read(entry.one(number))) for entry in entries for number in (3, 4) if number in entry))


def _fold(value: Message) -> Node:
    second = (value.text(8),) if 8 in value else ()
    return Fold(
        variables=(value.text(1), *second),
        over=_node(read(value.one(2))),
        accumulator=value.text(3),
        start=_node(read(value.one(4))),
        steps=(_node(read(value.one(5))), _node(read(value.one(6)))),
        result=_node(read(value.one(7))),
    )


_BUILDERS = {
    _CONST: _const,
    _IDENT: _ident,
    _SELECT: _select,
    _CALL: _call,
    _LIST: _list,
    _STRUCT: _struct,
    _FOLD: _fold,
}
