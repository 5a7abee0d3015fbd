"""How a function is declared to the language, and how values of Kubernetes' own types travel inside it.

The library's Python face knows no values but its own, so a quantity, an address or a URL is a map that says its type
(`opaque`). For the checker they are types of their own (`engine`): nobody can add a quantity to a map, or read the
map's fields.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["BOOL", "DOUBLE", "DYN", "INT", "STRING", "STRINGS", "Function", "Opaque", "opaque"]

BOOL, DOUBLE, DYN, INT, STRING, STRINGS = "bool", "double", "dyn", "int", "string", "list<string>"

Opaque = dict[str, Any]
"""A value of a type of Kubernetes' own: ``@type`` and what the type consists of."""


@dataclass(frozen=True, slots=True)
class Function:
    """One overload of a function.

    Attributes:
        name: What it is called; a dot in it means a function of a namespace (``ip.isCanonical``).
        overload: The overload's name, unique in the language; Kubernetes' own.
        parameters: The types that it takes, the target of a method first.
        returns: The type that it gives.
        run: The implementation; a ``ValueError`` becomes the expression's error.
        is_member: It is called on its first argument.
        is_optional: What it gives may be missing: it gives a list of one value, or an empty one (`optionals`).
    """

    name: str
    overload: str
    parameters: tuple[str, ...]
    returns: str
    run: Callable[..., Any]
    is_member: bool = True
    is_optional: bool = False


def opaque(type_name: str, **parts: Any) -> Opaque:  # noqa: ANN401 - any value of the language
    """Return a value of one of Kubernetes' own types."""
    return {"@type": type_name, **parts}
