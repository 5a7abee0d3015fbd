"""A process as the supervisor sees it: what it prints, what it reports, and its end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

__all__ = ["Child", "exit_sentence", "read_pipe"]

READ_BYTES = 65536


class Child:
    """One running or ended process.

    Attributes:
        pid: Its number; never signal it directly, only its parent knows whether it is still the same process.
        ended: Resolves to the exit code, negative for a signal.
    """

    def __init__(self, pid: int, kill: Callable[[int, int, bool], None]) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._kill = kill

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return not self.ended.done()

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal; nothing happens when the process has ended."""
        if self.is_alive:
            self._kill(self.pid, number, group)

    async def stop(self, grace_s: float) -> int:
        """Ask it to end, wait, and after ``grace_s`` kill it with all its group; returns the exit code."""
        self.signal(signal.SIGTERM)
        if await self._ends_within(grace_s):
            return self.ended.result()
        return await self.kill()

    async def kill(self) -> int:
        """End it and its group at once."""
        self.signal(signal.SIGKILL, group=True)
        return await asyncio.shield(self.ended)

    async def abort(self) -> int:
        """End a hung process so that it first writes its stack to the log (`faulthandler`)."""
        self.signal(signal.SIGABRT)
        if await self._ends_within(1.0):
            return self.ended.result()
        return await self.kill()

    async def _ends_within(self, seconds: float) -> bool:
        await asyncio.wait({self.ended}, timeout=seconds)
        return self.ended.done()


def exit_sentence(code: int) -> str:
    """Say how a process ended."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}"
        return f"was killed by signal {-code}"
    return f"ended with exit code {code}"


def read_pipe(fd: int, feed: Callable[[bytes], None], closed: Callable[[], None]) -> None:
    """Hand everything that arrives in a pipe to ``feed``, and call ``closed`` at its end."""
    loop = asyncio.get_running_loop()
    os.set_blocking(fd, False)

    def readable() -> None:
        try:
            data = os.read(fd, READ_BYTES)
        except BlockingIOError:
            return
        if data:
            feed(data)
            return
        loop.remove_reader(fd)
        os.close(fd)
        closed()

    loop.add_reader(fd, readable)
