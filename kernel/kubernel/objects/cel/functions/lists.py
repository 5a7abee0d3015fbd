"""What Kubernetes adds to lists: ``isSorted``, ``sum``, ``min``, ``max``, ``indexOf``, ``lastIndexOf``.

Source: Kubernetes' CEL library ``k8s.lists``. A list of mixed types has no order, which is an error, as there.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from kubernel.objects.cel.functions.declared import BOOL, DYN, INT, Function

__all__ = ["ADDITIONS", "FUNCTIONS"]

_COMPARED = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")
_CHOSEN = ("bool", "int", "uint", "double", "string", "bytes")
"""Not times: a function that gives now this type and now that one cannot give one of those (decision 0057)."""


def _same_order(values: list[Any]) -> None:
    kinds = {int if type(v) is int or type(v) is float else type(v) for v in values}
    if len(kinds) > 1 or kinds & {dict, list, type(None)}:
        raise ValueError("no such overload")


def _is_sorted(values: list[Any]) -> bool:
    _same_order(values)
    return all(a <= b for a, b in pairwise(values))


def _extreme(choose: Callable[[list[Any]], Any], name: str) -> Callable[[list[Any]], Any]:
    def run(values: list[Any]) -> Any:  # noqa: ANN401 - an element of the list
        if not values:
            raise ValueError(f"{name} called on empty list")
        _same_order(values)
        return choose(values)

    return run


def _sum(values: list[Any]) -> Any:  # noqa: ANN401 - of the list's element type
    _same_order(values)
    total = sum(values)
    if isinstance(total, int) and not -(2**63) <= total < 2**63:
        raise ValueError("integer overflow")
    return total


def _index_of(values: list[Any], wanted: Any) -> int:  # noqa: ANN401 - an element
    return next((i for i, value in enumerate(values) if value == wanted), -1)


def _last_index_of(values: list[Any], wanted: Any) -> int:  # noqa: ANN401 - an element
    return next((i for i in range(len(values) - 1, -1, -1) if values[i] == wanted), -1)


def _listed(element: str) -> tuple[str]:
    return (f"list<{element}>",)


FUNCTIONS = (
    *(Function("isSorted", f"list_{t}_is_sorted_bool", _listed(t), BOOL, _is_sorted) for t in _COMPARED),
    *(Function("min", f"list_{t}_min_{t}", _listed(t), t, _extreme(min, "min")) for t in _CHOSEN),
    *(Function("max", f"list_{t}_max_{t}", _listed(t), t, _extreme(max, "max")) for t in _CHOSEN),
    *(Function("sum", f"list_{t}_sum_{t}", _listed(t), t, _sum) for t in ("int", "uint", "double")),
)

ADDITIONS = (
    Function("indexOf", "list_a_index_of_int", ("list<dyn>", DYN), INT, _index_of),
    Function("lastIndexOf", "list_a_last_index_of_int", ("list<dyn>", DYN), INT, _last_index_of),
)
"""Overloads of functions that the library has already."""
