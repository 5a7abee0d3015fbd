r"""JSON paths of definitions: ``.spec.replicas``, ``.status.conditions[?(@.type=="Ready")].status``.

A subset of what client-go's ``jsonpath`` reads: members (``.a``, ``['a.b']``, ``\.`` escapes a dot), elements
(``[0]``, ``[-1]``, ``[1:3]``), ``*``, ``..`` and filters with one comparison. Only the first thing that a path finds is
asked for.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec

__all__ = ["BadPath", "Path", "parse_path"]

MOST_STEPS = 10_000
"""How many values one look-up may pass: paths with several ``..`` could pass more than the object has."""

MOST_CHARACTERS = 1_000

_Step = Callable[[Any], Iterator[Any]]
_TOKEN = re.compile(
    r"""
    (?P<deep>\.\.)
  | \.?\[\s*\?\((?P<filter>.*?)\)\s*\]
  | \.?\[\s*(?P<quoted>'[^']*'|"[^"]*")\s*\]
  | \.?\[\s*(?P<slice>-?\d*:-?\d*(:-?\d*)?)\s*\]
  | \.?\[\s*(?P<index>-?\d+)\s*\]
  | \.?\[\s*(?P<any>\*)\s*\]
  | \.?(?P<star>\*)
  | \.?(?P<name>(?:\\.|[^.\[\]\\\s])+)
    """,
    re.VERBOSE,
)
_FILTER = re.compile(r"\s*@(?P<path>[^=!<>]*?)\s*(?:(?P<operator>==|!=|<=|>=|<|>)\s*(?P<value>.+?)\s*)?")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


class BadPath(ValueError):  # noqa: N818 - named after the condition
    """The text is no path."""


class Path:
    """A parsed path; look-ups never raise."""

    def __init__(self, text: str, steps: tuple[_Step, ...]) -> None:
        self.text = text
        self._steps = steps

    def first(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return the first value that the path leads to, ``None`` when there is none."""
        return next(self._walk(value), None)

    def _walk(self, value: Any) -> Iterator[Any]:  # noqa: ANN401
        found: Iterator[Any] = iter((value,))
        for step in self._steps:
            found = _then(islice(found, MOST_STEPS), step)
        return islice(found, MOST_STEPS)


def _then(found: Iterator[Any], step: _Step) -> Iterator[Any]:
    for value in found:
        yield from step(value)


@lru_cache(maxsize=2048)
def parse_path(text: str) -> Path:
    """Parse a path that starts with a dot.

    Raises:
        BadPath: It is none.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadPath(f"longer than {MOST_CHARACTERS} characters")
    steps: list[_Step] = []
    position = 0
    if text == ".":
        return Path(text, ())
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadPath(f"unrecognized path at {text[position:]!r}")
        steps.append(_step(match))
        position = match.end()
    return Path(text, tuple(steps))


def _step(match: re.Match[str]) -> _Step:
    if match["deep"]:
        return _descendants
    if match["filter"] is not None:
        return _filter(match["filter"])
    if match["slice"]:
        return _slice([int(part) if part else None for part in match["slice"].split(":")])
    if match["index"]:
        return _index(int(match["index"]))
    if match["any"] or match["star"]:
        return _children
    if match["quoted"]:
        return _member(match["quoted"][1:-1])
    return _member(re.sub(r"\\(.)", r"\1", match["name"]))


def _member(name: str) -> _Step:
    def step(value: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(value, dict) and name in value:
            yield value[name]

    return step


def _index(index: int) -> _Step:
    def step(value: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value[index]

    return step


def _slice(bounds: list[int | None]) -> _Step:
    def step(value: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(value, list) and bounds[2:] != [0]:
            yield from value[slice(*bounds)]

    return step


def _children(value: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _descendants(value: Any) -> Iterator[Any]:  # noqa: ANN401
    waiting = [value]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(_children(current))))


def _filter(text: str) -> _Step:
    match = _FILTER.fullmatch(text)
    if match is None:
        raise BadPath(f"unrecognized filter {text!r}")
    path = parse_path(match["path"] or ".")
    compare = _COMPARE[match["operator"]] if match["operator"] else None
    wanted = _literal(match["value"]) if match["operator"] else None

    def step(value: Any) -> Iterator[Any]:  # noqa: ANN401
        for element in _children(value):
            found = path.first(element)
            if found is not None and (compare is None or _holds(compare, found, wanted)):
                yield element

    return step


def _holds(compare: Callable[[Any, Any], bool], found: Any, wanted: Any) -> bool:  # noqa: ANN401
    try:
        return compare(found, wanted)
    except TypeError:
        return False


def _literal(text: str) -> Any:  # noqa: ANN401
    if text[:1] == "'" and text[-1:] == "'" and len(text) > 1:
        return text[1:-1]
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise BadPath(f"unrecognized value {text!r}") from error
