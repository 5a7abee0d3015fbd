"""Waiting for a condition, with a deadline and a sentence, instead of sleeping."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar, overload

__all__ = ["eventually"]

T = TypeVar("T")


@overload
async def eventually(
    condition: Callable[[], Awaitable[T]], what: str, *, timeout_s: float = ..., every_s: float = ...
) -> T: ...


@overload
async def eventually(condition: Callable[[], T], what: str, *, timeout_s: float = ..., every_s: float = ...) -> T: ...


async def eventually(condition: Callable[[], Any], what: str, *, timeout_s: float = 10.0, every_s: float = 0.02) -> Any:
    """Ask again and again until the answer is truthy, and return it.

    Args:
        condition: What to ask; may be asynchronous. An `AssertionError` counts as "not yet".
        what: The thing waited for, for the error's sentence.
        timeout_s: When to give up.
        every_s: How often to ask.

    Raises:
        AssertionError: It did not come true in time; the last assertion is the cause.
    """
    deadline, last = monotonic() + timeout_s, None
    while True:
        try:
            answer = condition()
            result = await answer if inspect.isawaitable(answer) else answer
            if result:
                return result
        except AssertionError as error:
            last = error
        if monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout_s:g} s") from last
        await asyncio.sleep(every_s)
