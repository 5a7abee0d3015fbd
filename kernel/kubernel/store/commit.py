"""Group commit: all writes that wait share one transaction and one sync.

While one batch waits for the disk in a thread, the event loop goes on taking requests; they are the next batch.
The work for the processor (checks, INSERTs) stays in the event loop, because a thread that does it would fight
the loop for the interpreter's lock, row by row (decision 0003).
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kubernel.store.entries import Entry, Outcome, StoreUnavailable, Write
from kubernel.store.log import Log

__all__ = ["GroupCommit"]

MAX_BATCH = 1_000
"""Writes in one transaction; more would make everybody wait for the longest."""

_Waiting = tuple[Write, asyncio.Future[Outcome]]


class GroupCommit:
    """Queues writes and commits them in batches.

    Args:
        log: Used by this object alone from now on.
        publish: Called in the event loop with the entries of each commit, in order, before their writers are
            answered: whoever reads after an answer finds the write.
    """

    def __init__(self, log: Log, publish: Callable[[Sequence[Entry]], None]) -> None:
        self._log = log
        self._publish = publish
        self._waiting: list[_Waiting] = []
        self._idle = asyncio.Event()
        self._drained = asyncio.Event()
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to commit; needs a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="group-commit")

    async def write(self, write: Write) -> Outcome:
        """Commit one write; returns when it is durable and published, or was refused.

        Raises:
            StoreUnavailable: The database could not be written; nothing happened.
        """
        if self._task is None or self._task.done():
            raise StoreUnavailable("the log is closed")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, future))
        self._drained.clear()
        self._wake.set()
        return await future

    async def between_batches(self, work: Callable[[Log], int]) -> int:
        """Run some work on the log while no batch is open (compaction)."""
        await self._idle.wait()
        return work(self._log)

    async def stop(self) -> None:
        """Commit what waits, then end."""
        if self._task is not None:
            await self._drained.wait()
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._idle.set()
            if not self._waiting:
                self._drained.set()
            await self._wake.wait()
            self._idle.clear()
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            if not self._waiting:
                self._wake.clear()
            try:
                outcomes = self._log.apply([write for write, _ in batch])
                await loop.run_in_executor(self._thread, self._log.commit)
            except StoreUnavailable as error:
                _refuse(batch, error)
                continue
            self._publish([o for o in outcomes if isinstance(o, Entry)])
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():  # a client that hung up
                    future.set_result(outcome)


def _refuse(batch: Sequence[_Waiting], error: StoreUnavailable) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
