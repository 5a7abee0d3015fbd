"""The grammar of a label selector's text form, from characters to terms.

    selector    ::= term ("," term)*
    term        ::= ["!"] KEY | KEY operator VALUE | KEY ("in" | "notin") "(" [VALUE] ("," [VALUE])* ")"
    operator    ::= "=" | "==" | "!=" | ">" | "<"

It knows nothing of labels' own syntax; ``reading`` checks keys and values. The messages are those of Kubernetes'
parser (source: apimachinery ``pkg/labels/selector.go``).
"""

import re
from collections.abc import Iterator

__all__ = ["SelectorSyntaxError", "Term", "parse_terms"]

Term = tuple[str, str, tuple[str, ...]]
"""Key, operator (``=``, ``!=``, ``in``, ``notin``, ``exists``, ``!``, ``>``, ``<``) and values, sorted."""

_TOKEN = re.compile(r"(?P<symbol>==|!=|[=!(),<>])|(?P<word>[^=!(),<> \t\r\n]+)")
_OPERATORS = {"=": "=", "==": "=", "!=": "!=", "in": "in", "notin": "notin", ">": ">", "<": "<"}
_EXPECTED_OPERATORS = "in, notin, =, ==, !=, gt, lt"
_END = ""


class SelectorSyntaxError(ValueError):
    """The text is not a selector; the message says what was found and what was expected."""


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Return (token, is a word) pairs, ended by an empty token; white space only separates."""
    return [*((match[0], match["word"] is not None) for match in _TOKEN.finditer(text)), (_END, False)]


class _Reader:
    """Tokens, one to look at and the rest to come."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def peek(self) -> tuple[str, bool]:
        return self._tokens[self._at]

    def take(self) -> tuple[str, bool]:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token


def parse_terms(text: str) -> Iterator[Term]:
    """Read the terms of a selector.

    Args:
        text: The text form, not empty.

    Raises:
        SelectorSyntaxError: It does not follow the grammar.
    """
    reader = _Reader(text)
    while True:
        yield _term(reader)
        token, _ = reader.take()
        if token == _END:
            return
        if token != ",":  # noqa: S105 - a token of the grammar
            raise SelectorSyntaxError(f"found '{token}', expected: ',' or 'end of string'")
        following, is_word = reader.peek()
        if not is_word and following != "!":
            raise SelectorSyntaxError(f"found '{following}', expected: identifier after ','")


def _term(reader: _Reader) -> Term:
    token, is_word = reader.take()
    negated = token == "!"  # noqa: S105 - a token of the grammar
    if negated:
        token, is_word = reader.take()
    if not is_word:
        expected = "identifier" if negated else "!, identifier, or 'end of string'"
        raise SelectorSyntaxError(f"found '{token}', expected: {expected}")
    if negated or reader.peek()[0] in {_END, ","}:
        return token, "!" if negated else "exists", ()
    word, _ = reader.take()
    operator = _OPERATORS.get(word)
    if operator is None:
        raise SelectorSyntaxError(f"found '{word}', expected: {_EXPECTED_OPERATORS}")
    return token, operator, _value_set(reader) if operator in {"in", "notin"} else _value(reader)


def _value(reader: _Reader) -> tuple[str, ...]:
    token, is_word = reader.peek()
    if token in {_END, ","}:
        return ("",)
    if not is_word:
        raise SelectorSyntaxError(f"found '{token}', expected: identifier")
    reader.take()
    return (token,)


def _value_set(reader: _Reader) -> tuple[str, ...]:
    token, _ = reader.take()
    if token != "(":  # noqa: S105 - a token of the grammar
        raise SelectorSyntaxError(f"found '{token}' expected: '('")
    values: set[str] = set()
    expects_value = True
    while True:
        token, is_word = reader.take()
        if is_word and expects_value:
            values.add(token)
            expects_value = False
        elif token in {",", ")"}:
            if expects_value:
                values.add("")
            expects_value = True
            if token == ")":  # noqa: S105 - a token of the grammar
                return tuple(sorted(values))
        else:
            expected = "',', or identifier" if expects_value else "',' or ')'"
            raise SelectorSyntaxError(f"found '{token}', expected: {expected}")
