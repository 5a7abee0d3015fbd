"""The writes that wait to go out, and the workers that send so many at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from kubernel.client import Unreachable
from kubernel.objects.errors import StatusError

__all__ = ["Writers"]

Job = Callable[[], Awaitable[None]]


class Writers:
    """A fixed number of workers that run jobs in the order given; what a job raises is logged."""

    def __init__(self, count: int, log: logging.Logger) -> None:
        self._count = count
        self._log = log
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._room = asyncio.Event()

    def submit(self, job: Job) -> None:
        """Let the job run soon."""
        self._jobs.put_nowait(job)

    async def below(self, limit: int) -> None:
        """Return when fewer than ``limit`` jobs wait."""
        while self._jobs.qsize() >= limit:
            self._room.clear()
            await self._room.wait()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._count):
                tasks.create_task(self._work())

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            self._room.set()
            try:
                await job()
            except (StatusError, Unreachable) as error:
                self._log.debug("a write failed: %s", error)
            except Exception:  # noqa: BLE001 - one failed job must not end the worker
                self._log.exception("a write failed")
