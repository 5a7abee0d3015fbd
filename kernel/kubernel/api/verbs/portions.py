"""Work on many objects without holding up everybody else's requests."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["PORTION", "in_portions"]

T = TypeVar("T")
R = TypeVar("R")

PORTION = 200
"""Objects between two turns of the event loop; decoding so many pods takes some 5 ms."""


async def in_portions(work: Callable[[Sequence[T]], R], items: Sequence[T]) -> list[R]:
    """Return the results of some work on each portion of the items, in their order; no items are one empty portion."""
    results = [work(items[:PORTION])]
    for start in range(PORTION, len(items), PORTION):
        await asyncio.sleep(0)
        results.append(work(items[start : start + PORTION]))
    return results
