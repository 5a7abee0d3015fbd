"""How an expression is checked and made ready to run.

It passes through two environments of the library. In the first it is checked: quantities, addresses and the like are
types of their own there. The checked tree is then handed to a second one that runs it (`overloads`). What may be
missing is wrapped between the two (`optionals`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from kubernel.objects.cel.functions.declared import DYN
from kubernel.objects.cel.native import config, library
from kubernel.objects.cel.optionals import with_optionals
from kubernel.objects.cel.overloads import checked_type, for_checking, for_running
from kubernel.objects.cel.wire import read

if TYPE_CHECKING:
    from cel_expr_python.cel import Env, Expression

__all__ = ["OPTIONAL", "Checked", "LibraryRefused", "check"]

OPTIONAL = "optional"
"""The type of a variable that may be missing; its value is a list of at most one."""

_EXTENSIONS = ("optional", "sets", "strings")
_TWO_VARIABLES = "two-var-comprehensions"
_ANY_VALUE = 2


class LibraryRefused(Exception):  # noqa: N818 - a condition, as the house names them
    """The expression does not compile; the message is the library's, the same as Kubernetes' own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked expression: what runs, what it returns, and its serialised tree."""

    program: "Expression"
    returns: str
    tree: bytes


def check(expression: str, variables: Mapping[str, str]) -> Checked:
    """Check an expression and make it ready to run.

    Args:
        expression: The text.
        variables: Name → type, in the library's words: ``dyn``, ``int``, ``list<string>``, ``map<string, dyn>``, …

    Raises:
        LibraryRefused: It does not compile.
    """
    optional = [name for name, signature in variables.items() if signature == OPTIONAL]
    known = {name: DYN if name in optional else signature for name, signature in variables.items()}
    environment = _checking(tuple(sorted(known.items())))
    try:
        checked = environment.compile(expression)
    except RuntimeError as error:
        raise LibraryRefused(_words(str(error))) from None
    message = read(checked.serialize())
    program = _running().deserialize(with_optionals(message, optional))
    return Checked(program, checked.return_type().name().lower(), message.one(_ANY_VALUE))


def _words(message: str) -> str:
    """Strip the status code that the library puts around a message: ``INVALID_ARGUMENT: … [INVALID_ARGUMENT]``."""
    code, colon, rest = message.partition(": ")
    return rest.removesuffix(f" [{code}]") if colon and code.isupper() else message


@lru_cache(maxsize=64)
def _checking(variables: tuple[tuple[str, str], ...]) -> "Env":
    declared = {name: checked_type(signature) for name, signature in variables}
    environment: Env = library().NewEnv(
        config=config((*_EXTENSIONS, _TWO_VARIABLES)), variables=declared, **for_checking()
    )
    return environment


@cache
def _running() -> "Env":
    environment: Env = library().NewEnv(config=config(_EXTENSIONS), **for_running())
    return environment
