"""The functions of `functions` as the library declares them: once for checking, once for running.

For the checker a quantity, an address or a URL is a type of its own. While it runs it is a map, because the library's
Python face can carry no values but its own; overloads that differ only in such types are one there, which looks at the
map's ``@type``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from kubernel.objects.cel.functions import ADDITIONS, FUNCTIONS
from kubernel.objects.cel.functions.authorization import AUTHORIZER
from kubernel.objects.cel.functions.declared import DYN, Function
from kubernel.objects.cel.functions.regexes import pattern_functions
from kubernel.objects.cel.native import find_all, library

if TYPE_CHECKING:
    from cel_expr_python.cel import CelExtension, FunctionDecl, Type

__all__ = ["checked_type", "for_checking", "for_running"]

_KINDS = ("bool", "int", "uint", "double", "string", "bytes", "list", "map", "timestamp", "duration", "null")
_OPAQUE = frozenset(t for f in FUNCTIONS for t in (*f.parameters, f.returns) if "." in t) | {AUTHORIZER}


@cache
def checked_type(signature: str) -> "Type":
    """Return a type as the checker knows it."""
    types = library().Type
    found: Type = types.AbstractType(signature) if signature in _OPAQUE else types(signature)
    return found


@cache
def _kind(signature: str) -> "Type":
    """Return what a type is while it runs: Kubernetes' own types are maps, ``dyn`` takes anything."""
    if signature in _OPAQUE:
        return checked_type("map")
    return checked_type("any" if signature == DYN else signature.partition("<")[0])


_MAP_INSERTS = (
    # What the two-variable macros that make maps become; the library checks them and leaves them out when it runs.
    Function(
        "cel.@mapInsert",
        "@cel_mapInsert_map_key_value",
        ("map<dyn, dyn>", DYN, DYN),
        DYN,
        lambda made, key, value: {**made, key: value},
        is_member=False,
    ),
    Function(
        "cel.@mapInsert",
        "@cel_mapInsert_map_map",
        ("map<dyn, dyn>", "map<dyn, dyn>"),
        DYN,
        lambda made, more: {**made, **more},
        is_member=False,
    ),
)


@cache
def _functions() -> tuple[Function, ...]:
    return (*FUNCTIONS, *pattern_functions(find_all))


def for_checking() -> dict[str, Any]:
    """Return what an environment that checks is made with."""
    return {
        "functions": _declarations(_overloads(_functions())),
        "extensions": [_extension(_overloads(ADDITIONS))],
    }


def for_running() -> dict[str, Any]:
    """Return what an environment that runs is made with."""
    return {
        "functions": _declarations(_merged((*_functions(), *_MAP_INSERTS))),
        "extensions": [_extension(_merged(_spelled_out(ADDITIONS)))],
    }


def _overloads(functions: Iterable[Function]) -> Iterable[tuple[str, Any]]:
    """Yield every function as the checker knows it."""
    cel = library()
    for function in functions:
        returns = checked_type(DYN if function.is_optional else function.returns)
        parameters = [checked_type(parameter) for parameter in function.parameters]
        yield (
            function.name,
            cel.Overload(function.overload, return_type=returns, parameters=parameters, is_member=function.is_member),
        )


def _spelled_out(functions: Iterable[Function]) -> Iterable[Function]:
    """Yield an overload for every kind of an argument of any type, which an extension cannot have."""
    for function in functions:
        for kind in _KINDS if DYN in function.parameters else (DYN,):
            parameters = tuple(kind if parameter == DYN else parameter for parameter in function.parameters)
            yield replace(function, parameters=parameters, overload=f"{function.overload}_{kind}")


def _merged(functions: Iterable[Function]) -> Iterable[tuple[str, Any]]:
    """Yield every function as it runs; overloads that differ only in Kubernetes' own types are one there."""
    cel = library()
    alike: dict[tuple[str, bool, tuple[str, ...]], list[Function]] = {}
    for function in functions:
        kinds = tuple(_kind(parameter).name() for parameter in function.parameters)
        alike.setdefault((function.name, function.is_member, kinds), []).append(function)
    for (name, is_member, _), group in alike.items():
        parameters = [_kind(parameter) for parameter in group[0].parameters]
        overload = cel.Overload(
            group[0].overload,
            return_type=cel.Type.DYN,
            parameters=parameters,
            is_member=is_member,
            impl=group[0].run if len(group) == 1 else _chosen(group),
        )
        yield name, overload


def _chosen(group: Sequence[Function]) -> Callable[..., Any]:
    """Return what calls the overload whose own types the arguments have."""

    def run(*arguments: Any) -> Any:  # noqa: ANN401 - values of the language
        for function in group:
            if all(map(_fits, function.parameters, arguments)):
                return function.run(*arguments)
        raise ValueError("no such overload")

    return run


def _fits(parameter: str, argument: Any) -> bool:  # noqa: ANN401 - a value of the language
    return parameter not in _OPAQUE or (isinstance(argument, dict) and argument.get("@type") == parameter)


def _declarations(overloads: Iterable[tuple[str, Any]]) -> "list[FunctionDecl]":
    by_name: dict[str, list[Any]] = {}
    for name, overload in overloads:
        by_name.setdefault(name, []).append(overload)
    return [library().FunctionDecl(name, found) for name, found in by_name.items()]


def _extension(overloads: Iterable[tuple[str, Any]]) -> "CelExtension":
    """Return functions as an extension.

    Only so can they be overloads of a function that the library has, and only without types of our own.
    """
    extension: CelExtension = library().CelExtension("kubernetes", _declarations(overloads))
    return extension
