"""Group commit: all writes that wait share one transaction and one sync.

The work for the processor (checks, INSERTs) is done in the event loop, because a thread that does it would fight the
loop for the interpreter's lock, row by row. Where the wait for the disk happens depends on the disk: a sync that takes
a fraction of a millisecond costs less than handing it to a thread and back; while a slower one waits in a thread, the
loop goes on taking requests, which are the next batch (decision 0003).
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from kubernel.store.entries import Entry, Outcome, StoreUnavailable, Write
from kubernel.store.log import Log

__all__ = ["GroupCommit"]

MAX_BATCH = 1_000
"""Writes in one transaction; more would make everybody wait for the longest."""

_log = logging.getLogger("kubernel.store")

GATHER_S = 0.003
"""How long a batch may wait for as many writes as the last one had. A lone writer never waits; after a burst one batch
does, once."""

SLOW_SYNC_S = 0.002
"""A disk that lately needed longer than this for a commit is waited for in a thread."""

FORGET = 0.9
"""How much of the slowest recent sync is remembered at each further one: 50 ms are forgotten after some 30 commits."""

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
        self._turn = asyncio.Lock()  # whose turn it is at the log; a lock is fair, so a busy writer starves nobody
        self._drained = asyncio.Event()
        self._wake = asyncio.Event()
        self._full = asyncio.Event()
        self._expected = 1
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._task: asyncio.Task[None] | None = None
        self._slowest_s = SLOW_SYNC_S  # the first commits, of a disk that nobody knows yet, go to the thread

    def start(self) -> None:
        """Begin to commit; needs a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="group-commit")

    @property
    def is_running(self) -> bool:
        """Whether writes are taken."""
        return self._task is not None and not self._task.done()

    async def write(self, write: Write) -> Outcome:
        """Commit one write; returns when it is durable and published, or was refused.

        Raises:
            StoreUnavailable: The database could not be written; nothing happened.
        """
        if not self.is_running:
            raise StoreUnavailable("the log is closed")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, future))
        self._drained.clear()
        self._wake.set()
        if len(self._waiting) >= self._expected:
            self._full.set()
        return await future

    async def between_batches(self, work: Callable[[Log], int]) -> int:
        """Run some work on the log while no batch is open (compaction)."""
        async with self._turn:
            return work(self._log)

    async def stop(self) -> None:
        """Commit what waits, then end."""
        if self._task is not None and self._task.done():
            self._task.exception()  # it was logged when it happened
        elif self._task is not None:
            await self._drained.wait()
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                self._drained.set()
            await self._wake.wait()
            if len(self._waiting) < self._expected:
                await self._gather()
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            self._expected = len(batch)
            if not self._waiting:
                self._wake.clear()
            try:
                async with self._turn:
                    outcomes = await self._committed([write for write, _ in batch])
            except StoreUnavailable as error:
                _refuse(batch, error)
                continue
            try:
                self._publish([o for o in outcomes if isinstance(o, Entry)])
            except Exception:
                # The cache and the log no longer agree, and only a new process can make them: let nobody wait.
                _log.critical("the log's writer ends: a commit could not be published", exc_info=True)
                _refuse([*batch, *self._waiting], StoreUnavailable("the log's writer has failed"))
                raise
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():  # a client that hung up
                    future.set_result(outcome)

    async def _gather(self) -> None:
        """Wait for the company of the last batch: clients that were answered together come back one by one."""
        self._full.clear()
        timer = asyncio.get_running_loop().call_later(GATHER_S, self._full.set)
        await self._full.wait()
        timer.cancel()

    async def _committed(self, writes: Sequence[Write]) -> list[Outcome]:
        outcomes = self._log.apply(writes)
        if self._slowest_s < SLOW_SYNC_S:
            self._sync()
        else:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._sync)
        return outcomes

    def _sync(self) -> None:
        began = perf_counter()
        self._log.commit()
        self._slowest_s = max(perf_counter() - began, self._slowest_s * FORGET)


def _refuse(batch: Sequence[_Waiting], error: StoreUnavailable) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
