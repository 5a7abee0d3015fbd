"""The control loop around a queue: take a key, reconcile it, repeat it when that failed.

``reconcile`` looks at the world as it is (informer caches) and needs not know why it was called. One of the two places
that may catch everything: a mistake in reconciling one key must not stop the others.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from kubernel.client.queue import QueueShutDown, RateLimitedQueue
from kubernel.client.transport import Unreachable
from kubernel.objects.errors import StatusError

__all__ = ["run_together", "run_workers"]

K = TypeVar("K")
Reconcile = Callable[[K], Awaitable[None]]

QUIET_FAILURES = 5
"""Failures of one key that are not worth a warning: about 150 ms of back-off."""


async def run_workers(queue: RateLimitedQueue[K], reconcile: Reconcile[K], *, count: int, log: logging.Logger) -> None:
    """Process the queue with ``count`` workers until it is shut down and empty, or until cancelled."""
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(_work(queue, reconcile, log))


async def _work(queue: RateLimitedQueue[K], reconcile: Reconcile[K], log: logging.Logger) -> None:
    while True:
        try:
            key = await queue.get()
        except QueueShutDown:
            return
        try:
            await _process(queue, key, reconcile, log)
        finally:
            queue.done(key)


async def _process(queue: RateLimitedQueue[K], key: K, reconcile: Reconcile[K], log: logging.Logger) -> None:
    try:
        await reconcile(key)
    except (StatusError, Unreachable) as error:
        # Conflicts and short absences of the server are part of normal life; only what lasts is worth a line.
        level = logging.DEBUG if queue.failures(key) < QUIET_FAILURES else logging.WARNING
        log.log(level, "%s: %s (failure %d, will retry)", key, error, queue.failures(key) + 1)
        queue.retry(key)
    except Exception:
        log.exception("%s: reconciling failed (failure %d, will retry)", key, queue.failures(key) + 1)
        queue.retry(key)
    else:
        queue.forget(key)


async def run_together(stopping: asyncio.Event, *parts: Coroutine[Any, Any, None]) -> None:
    """Run an actor's parts (informers, workers) side by side until ``stopping`` is set, then cancel them all.

    Returns early when one part returns.

    Raises:
        Exception: Whatever a part raised; the others are cancelled first.
    """
    tasks = [asyncio.ensure_future(part) for part in parts]
    told = asyncio.create_task(stopping.wait())
    try:
        ended, _ = await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (told, *tasks):
            task.cancel()
        await asyncio.gather(told, *tasks, return_exceptions=True)
    for task in tasks:
        if task in ended:
            task.result()
