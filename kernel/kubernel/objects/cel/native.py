"""The library (``cel-expr-python``, Google's C++ implementation): loaded when the first expression is met."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from kubernel.objects.cel.functions.regexes import without_groups

if TYPE_CHECKING:
    from cel_expr_python.cel import Expression

__all__ = ["config", "find_all", "library"]


@cache
def library() -> Any:  # noqa: ANN401 - a module
    """Return the library's module."""
    # 13 MiB that a server which meets no expression does without.
    from cel_expr_python import cel  # noqa: PLC0415

    return cel


def config(extensions: Sequence[str]) -> Any:  # noqa: ANN401 - the library's own type
    """Return what an environment with these of the library's own extensions is made from."""
    lines = ["extensions:", *(f'  - name: "{name}"' for name in extensions)]
    return library().NewEnvConfigFromYaml("\n".join(lines) + "\n")


@cache
def _finding() -> "Expression":
    cel = library()
    strings = {"text": cel.Type.STRING, "pattern": cel.Type.STRING}
    environment = cel.NewEnv(config=config(("optional", "regex")), variables=strings)
    found: Expression = environment.compile("regex.extractAll(text, pattern)")
    return found


def find_all(text: str, pattern: str) -> list[str]:
    """Return every match of a regular expression (RE2).

    Raises:
        ValueError: It is no regular expression.
    """
    found = _finding().eval(data={"text": text, "pattern": without_groups(pattern)})
    if found.type().name() == "ERROR":
        raise ValueError(str(found.value()).partition(": ")[2])
    matches: list[str] = list(found.plain_value())  # type: ignore[arg-type]  # a list of strings
    return matches
