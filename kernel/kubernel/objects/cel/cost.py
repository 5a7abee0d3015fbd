"""What evaluating an expression on given data can cost, bounded before it is done.

The library stops after 10,000 iterations and never otherwise, holds the interpreter meanwhile, and gives memory back
only at the end; copies of long texts and lists inside a loop could take seconds and gigabytes. So whatever is not
plainly cheap is bounded first: its tree is walked once with the sizes of the data at hand (`extent`), and what could
take longer than `LIMIT_NS` is not evaluated. Measured constants, decision 0057.
"""

from collections.abc import Mapping
from typing import Any

from kubernel.objects.cel.extent import EMPTY, Extent, extent_of, union
from kubernel.objects.cel.tree import Call, Const, Fold, Ident, ListOf, MapOf, Node, Select, children, walk

__all__ = ["ITERATIONS", "LIMIT_NS", "bound_ns", "is_plainly_cheap"]

LIMIT_NS = 40_000_000
"""No single evaluation may hold the event loop longer: 50 ms with a reserve. It is also a limit on memory, because
what allocates is charged by the time that its bytes take (20 MB at most)."""

ITERATIONS = 10_000
"""The library ends an evaluation after this many iterations of all its loops together."""

_NODE_NS, _CHARACTER_NS, _ELEMENT_NS, _COMPARED_NS, _MATCHED_NS = 40, 2, 35, 4, 12
_PYTHON_NS = 2_000

_COMPARISONS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_in_", "@in", "in"})
_SEARCHES = frozenset({"contains", "startsWith", "endsWith", "indexOf", "lastIndexOf", "size", "charAt"})
_PATTERNS = frozenset({"matches", "find", "findAll", "regex.extract", "regex.extractAll", "regex.replace"})
_CHEAP = frozenset(
    {"_&&_", "_||_", "!_", "-_", "_-_", "_*_", "_/_", "_%_", "_?_:_", "_[_]", "_?._", "_[?_]", "@not_strictly_false"}
    | {"__not_strictly_false__", "has", "orValue", "hasValue", "value", "optional.of", "optional.none", "size", "type"}
    | {"dyn", "int", "uint", "double", "duration", "timestamp", "bool", "@index"}
)
_GROWING = frozenset({"_+_", "replace", "join", "format", "lists.range", "repeat", "flatten", "cel.@mapInsert"})


def is_plainly_cheap(tree: Node) -> bool:
    """Whether the expression is cheap on any data: nothing grows, and loops do only what takes the same time always."""
    return not any(_grows(node) or (isinstance(node, Fold) and not _is_flat(node)) for node in walk(tree))


def _grows(node: Node) -> bool:
    return isinstance(node, Call) and node.function in _GROWING


def _is_flat(fold: Fold) -> bool:
    if isinstance(fold.start, ListOf | MapOf):
        return False
    return all(
        not isinstance(node, Call) or node.function in _CHEAP or _compares_with_constant(node)
        for step in (*fold.steps, fold.result)
        for node in walk(step)
    )


def _compares_with_constant(call: Call) -> bool:
    if call.function == "@in" and isinstance(call.args[-1], ListOf):
        return len(call.args[-1].elements) < 16
    # Equality with a literal ends at the literal's length; a search or a pattern does not.
    return call.function in _COMPARISONS and any(isinstance(argument, Const) for argument in call.args)


def bound_ns(tree: Node, data: Mapping[str, Any]) -> int:
    """Return an upper bound on the time of one evaluation, which stops counting above `LIMIT_NS`."""
    walker = _Walker({name: extent_of((value,)) for name, value in data.items()})
    walker.visit(tree)
    return walker.cost_ns


class _Walker:
    """One walk over a tree: what each part can be, and what all of it costs."""

    def __init__(self, variables: dict[str, Extent]) -> None:
        self._variables = variables
        self._times = 1
        self.cost_ns = 0

    def _charge(self, nanoseconds: int) -> None:
        self.cost_ns += nanoseconds * self._times

    def visit(self, node: Node) -> Extent:
        """Return what a part can be, and charge for it."""
        self._charge(_NODE_NS)
        if self.cost_ns > LIMIT_NS:
            return EMPTY
        match node:
            case Const():
                return Extent(len(node.value)) if isinstance(node.value, str | bytes) else EMPTY
            case Ident():
                return self._variables.get(node.name, EMPTY)
            case Select():
                return self.visit(node.operand).field(node.field)
            case Call():
                return self._call(node, [self.visit(argument) for argument in node.args])
            case Fold():
                return self._fold(node)
            case _:
                elements = [self.visit(child) for child in children(node)]
                return Extent(len(elements), union(elements))

    def _call(self, call: Call, args: list[Extent]) -> Extent:
        name = call.function
        if name in ("_[_]", "_[?_]", "_?._", "@index"):
            return args[0].elements()
        if name == "_?_:_":
            return union(args[1:])
        if name in _CHEAP:
            return union(args)
        if name == "_+_":
            return self._sum(args)
        if name in _COMPARISONS:
            self._charge(_COMPARED_NS * (max if name in ("@in", "_in_", "in") else min)(a.deep for a in args))
            return EMPTY
        if name in _SEARCHES:
            self._charge(_CHARACTER_NS * sum(a.deep for a in args))
            return EMPTY
        if name in _PATTERNS:
            pattern = args[-1].size if len(args) > 1 else 0
            self._charge(_PYTHON_NS + _MATCHED_NS * args[0].size * (1 + pattern // 4))
            return Extent(args[0].size + 1, Extent(args[0].size))
        return self._other(name, args)

    def _sum(self, args: list[Extent]) -> Extent:
        size = sum(a.size for a in args)
        element = union([a.elements() for a in args])
        self._charge(size * (_ELEMENT_NS if element is not EMPTY else _CHARACTER_NS))
        return Extent(size, element)

    def _other(self, name: str, args: list[Extent]) -> Extent:
        """A function of a library: it touches all of its arguments, and its result is made of them."""
        touched = sum(a.deep for a in args)
        size = touched
        if name == "replace" and len(args) > 2:
            size = args[0].size + (args[0].size + 1) * args[2].size
        elif name == "join":
            size = args[0].deep + args[0].size * (args[1].size if len(args) > 1 else 0)
        elif name == "lists.range":
            size = ITERATIONS
        self._charge(_PYTHON_NS + _CHARACTER_NS * (touched + size))
        return Extent(size, union([a.elements() for a in args]) if name != "split" else Extent(args[0].size))

    def _fold(self, fold: Fold) -> Extent:
        over = self.visit(fold.over)
        start = self.visit(fold.start)
        inner, saved = self._variables, self._times
        self._variables = {
            **inner,
            fold.variables[0]: over.keys() if len(fold.variables) == 1 else EMPTY,
            **({fold.variables[1]: over.elements()} if len(fold.variables) > 1 else {}),
            fold.accumulator: start,
        }
        last = start
        if over.size:
            self._times = min(ITERATIONS, saved * over.size)
            last = self._steps(fold, start, over.size)
        self._times = saved
        self._variables[fold.accumulator] = last
        result = self.visit(fold.result)
        self._variables = inner
        return result

    def _steps(self, fold: Fold, start: Extent, count: int) -> Extent:
        """Visit the steps once for all iterations; what an iteration adds, every later one copies."""
        condition, step = (self.visit(part) for part in fold.steps)
        del condition
        growth = max(0, step.size - start.size) if isinstance(fold.start, ListOf | MapOf) else 0
        self._charge(growth * min(count, ITERATIONS) // 2 * _ELEMENT_NS)
        return Extent(start.size + growth * count, step.elements()) if growth else union([start, step])
