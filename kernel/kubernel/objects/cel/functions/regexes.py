"""``find`` and ``findAll``: the matches of a regular expression, in linear time.

Python's own regular expressions may take exponential time, so the matching is done by the language itself, whose
expressions are RE2: two small expressions of its own extension ``regex``, which answers with a group where there is
one and refuses several, so groups become groups that do not capture.

Source: Kubernetes' CEL library ``k8s.regex``.
"""

from collections.abc import Callable

from kubernel.objects.cel.functions.declared import INT, STRING, STRINGS, Function

__all__ = ["FindAll", "pattern_functions", "without_groups"]

FindAll = Callable[[str, str], list[str]]
"""Text and expression → every match; raises ``ValueError`` for an expression that is none."""


def without_groups(pattern: str) -> str:
    """Return the same regular expression without capturing groups."""
    out, is_class, position = [], False, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            out.append(pattern[position : position + 2])
            position += 2
            continue
        if character == "[" and not is_class:
            is_class = True
        elif character == "]" and is_class and pattern[position - 1] not in "[^":
            is_class = False
        rest = pattern[position + 1 :]
        if character == "(" and not is_class:
            named = rest.startswith(("?P<", "?<"))
            out.append("(?:" if named or not rest.startswith("?") else "(")
            position = pattern.find(">", position) + 1 if named else position + 1
            continue
        out.append(character)
        position += 1
    return "".join(out)


def pattern_functions(find_all: FindAll) -> tuple[Function, ...]:
    """Return the functions, made of the one that needs the library."""

    def find(text: str, pattern: str) -> str:
        return next(iter(find_all(text, pattern)), "")

    def find_some(text: str, pattern: str, limit: int) -> list[str]:
        found = find_all(text, pattern)
        return found if limit < 0 else found[:limit]

    return (
        Function("find", "string_find_string", (STRING, STRING), STRING, find),
        Function("findAll", "string_find_all_string", (STRING, STRING), STRINGS, find_all),
        Function("findAll", "string_find_all_string_int", (STRING, STRING, INT), STRINGS, find_some),
    )
