"""Runs a loop until the host wants it to end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

__all__ = ["run_until"]


async def run_until(stopping: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run the work until the event is set, then cancel it and wait for its end.

    Raises:
        Exception: What ended the work earlier; the only error of a task group comes out of its group, because
            people read its message in a status.
    """
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
    except BaseExceptionGroup as group:
        raise _only(group) from group
    finally:
        for pending in (task, stop):
            pending.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)


def _only(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
