"""Sets of a Job's indexes in their text form: ``1,3-5,7``.

The words are those of Kubernetes' ``pkg/apis/batch/validation``.
"""

import re
from collections.abc import Iterable, Iterator

__all__ = ["IndexesError", "count_indexes", "overlap_of"]

Interval = tuple[int, int]

_INTEGER = re.compile("[+-]?[0-9]{1,18}", re.ASCII)
_ENDS = 2


class IndexesError(ValueError):
    """The text is not a set of indexes of this Job."""


def count_indexes(text: str, completions: int) -> int:
    """Return how many indexes a set has.

    Args:
        text: The set; empty has none.
        completions: The Job's number of indexes; each must be below it.

    Raises:
        IndexesError: It is not such a set; the message has Kubernetes' words.
    """
    total, last = 0, None
    for first, end in (_interval(part, completions) for part in _parts(text)):
        if last is not None and last >= first:
            raise IndexesError(f"non-increasing order, previous: {last}, current: {first}")
        total += end - first + 1
        last = end
    return total


def overlap_of(some: str, others: str, completions: int) -> int | None:
    """Return the first index that two sets share, ``None`` when they share none; broken parts are passed over."""
    left, right = _readable(some, completions), _readable(others, completions)
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        if one[0] <= other[1] and other[0] <= one[1]:
            return max(one[0], other[0])
        if one[0] <= other[0]:
            one = next(left, None)
        else:
            other = next(right, None)
    return None


def _readable(text: str, completions: int) -> Iterator[Interval]:
    for part in _parts(text):
        try:
            yield _interval(part, completions)
        except IndexesError:
            continue


def _parts(text: str) -> Iterable[str]:
    return text.split(",") if text else ()


def _interval(part: str, completions: int) -> Interval:
    ends = part.split("-")
    if len(ends) > _ENDS:
        why = "violates the requirement that an index interval can have at most two parts separated by '-'"
        raise IndexesError(f'the fragment "{part}" {why}')
    first = _index(ends[0], completions)
    last = _index(ends[-1], completions)
    if len(ends) == _ENDS and first >= last:
        raise IndexesError(f"non-increasing order, previous: {first}, current: {last}")
    return first, last


def _index(text: str, completions: int) -> int:
    if not _INTEGER.fullmatch(text):
        raise IndexesError(f'cannot convert string to integer for index: "{text}"')
    if int(text) >= completions:
        raise IndexesError(f'too large index: "{text}"')
    return int(text)
