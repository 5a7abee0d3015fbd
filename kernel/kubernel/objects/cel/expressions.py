"""An expression: compiled and checked once, then evaluated on data as often as need be.

Nothing here knows where an expression stands in an object; who reads the object says that in the error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kubernel.objects.cel.cost import LIMIT_NS, bound_ns, is_plainly_cheap
from kubernel.objects.cel.engine import LibraryRefused, check
from kubernel.objects.cel.functions.authorization import AUTHORIZER, Authorize, asking
from kubernel.objects.cel.functions.declared import opaque
from kubernel.objects.cel.tree import Node, identifiers, selected_fields, selected_paths, tree_of

if TYPE_CHECKING:
    from cel_expr_python.cel import Expression as Program
    from cel_expr_python.cel import Value

__all__ = ["CostExceeded", "EvaluationFailed", "Expression", "ExpressionInvalid", "compile_expression"]

LENGTH_MAX = 16 * 1024
"""Characters of one expression; compiling one this long takes 20 ms."""


class ExpressionInvalid(ValueError):  # noqa: N818 - a condition, as the house names them
    """The expression cannot be compiled, or gives another type than it must; the message has Kubernetes' words."""


class EvaluationFailed(Exception):  # noqa: N818 - likewise
    """The expression has no value on this data; the message says why: ``no such key: replicas``."""


class CostExceeded(EvaluationFailed):
    """Evaluating it on this data could take too long, so it was not done, or not finished."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        text: What it was compiled from.
        returns: Its type: ``bool``, ``string``, ``list<int>``, …; ``dyn`` when only the data tells.
        names: Every variable that it mentions, those of its own loops among them.
    """

    text: str
    returns: str
    names: frozenset[str]
    _program: "Program"
    _tree: Node
    _is_cheap: bool

    def fields_of(self, variable: str) -> frozenset[str]:
        """Return the fields that the expression takes from a variable, such as ``limit`` for ``variables.limit``."""
        return selected_fields(self._tree, variable)

    def paths_of(self, variable: str) -> frozenset[tuple[str, ...]]:
        """Return the paths of fields that the expression follows from a variable, such as ``(spec, size)``."""
        return selected_paths(self._tree, variable)

    def evaluate(self, data: Mapping[str, Any], authorize: Authorize | None = None) -> Any:  # noqa: ANN401
        """Return the expression's value, as plain Python.

        Args:
            data: The variables: plain JSON values, and ``datetime``, ``timedelta`` and ``bytes`` where a schema says
                that a text means one of these; of an `OPTIONAL` variable a list of its value, or an empty one. What the
                expression does not mention costs nothing.
            authorize: Whom ``authorizer`` asks; needed only by expressions that mention it.

        Raises:
            CostExceeded: It would take too long.
            EvaluationFailed: A field that it needs is missing, a number is divided by zero, …
        """
        used = {name: value for name, value in data.items() if name in self.names}
        if not self._is_cheap and bound_ns(self._tree, used) > LIMIT_NS:
            raise CostExceeded("operation cancelled: actual cost limit exceeded")
        if "authorizer" in self.names:
            used["authorizer"] = opaque(AUTHORIZER)
        try:
            if authorize is None:
                value = self._program.eval(data=used)
            else:
                with asking(authorize):
                    value = self._program.eval(data=used)
        except RuntimeError as error:
            if "Iteration budget" in str(error):
                raise CostExceeded("operation cancelled: actual cost limit exceeded") from None
            raise EvaluationFailed(_words(str(error))) from None
        return _plain(value)


def _plain(value: "Value") -> Any:  # noqa: ANN401 - any value of the language
    try:
        if value.type().name() == "ERROR":
            raise EvaluationFailed(_words(str(value.value())))
        return value.plain_value()
    except TypeError as error:
        raise EvaluationFailed("the result is an optional value, which is no value outside the expression") from error


@lru_cache(maxsize=1024)
def _compiled(text: str, variables: tuple[tuple[str, str], ...]) -> Expression:
    checked = check(text, dict(variables))
    tree = tree_of(checked.tree)
    return Expression(text, checked.returns, identifiers(tree), checked.program, tree, is_plainly_cheap(tree))


def compile_expression(text: str, variables: Mapping[str, str], returns: str = "") -> Expression:
    """Compile and check an expression; the same text with the same variables is compiled once.

    Args:
        text: The expression.
        variables: Name → type: ``dyn`` for what has no schema, else ``int``, ``string``, ``list<dyn>``,
            ``map<string, dyn>``, …; `OPTIONAL` for one that may be missing, `AUTHORIZER` for ``authorizer``.
        returns: The type that it must give, such as ``bool``; empty for any. ``dyn`` passes, the data will tell.

    Raises:
        ExpressionInvalid: It does not compile, is too long, or gives another type.
    """
    if len(text) > LENGTH_MAX:
        raise ExpressionInvalid(f"the expression has {len(text)} characters; it may have at most {LENGTH_MAX}")
    try:
        expression = _compiled(text, tuple(sorted(variables.items())))
    except LibraryRefused as error:
        raise ExpressionInvalid(f"compilation failed: {error}") from None
    if returns and expression.returns not in (returns, "dyn"):
        raise ExpressionInvalid(f"must evaluate to {returns}")
    return expression


_RULES = (
    # The library's sentences and Kubernetes' own for the same (source: cel-go, common/types).
    (re.compile(r'^Key not found in map : "?(.*?)"?$', re.DOTALL), r"no such key: \1"),
    (re.compile(r"^No matching overloads found : .*$", re.DOTALL), "no such overload"),
    (re.compile(r"^Index error: index=(-?\d+) size=\d+$"), r"index out of bounds: \1"),
    (re.compile(r"^divide by zero$"), "division by zero"),
    (re.compile(r"^Applying SELECT to non-message type$"), "no such overload"),
)


def _words(message: str) -> str:
    code, colon, rest = message.partition(": ")
    words = rest.removesuffix(f" [{code}]") if colon and code.replace("_", "").isupper() else message
    for pattern, replacement in _RULES:
        words = pattern.sub(replacement, words)
    return words
