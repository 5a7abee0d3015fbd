"""Our end of one shim: requests with answers, and the news of ended containers."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from kubernel.plugin.contracts.runtime import RuntimeUnavailable

from kubernel_runtime_process.shim.messages import Launch, Reply, Request, decode_reply, encode
from kubernel_runtime_process.shim.zygote import SOCKET

__all__ = ["ShimLink"]


class ShimLink:
    """A connection to a live shim. When it closes, the shim is dead."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, news: Callable[[], None]) -> None:
        self._writer = writer
        self._news = news
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._changed = asyncio.Condition()
        self.alive = True
        self._listening = asyncio.create_task(self._listen(reader))

    @classmethod
    async def connect(cls, directory: Path, news: Callable[[], None]) -> "ShimLink | None":
        """Connect to the shim of the sandbox in this directory.

        Args:
            directory: The sandbox's directory.
            news: Called whenever a container ended or the shim died.

        Returns:
            The link, or ``None`` when no shim listens there.
        """
        # A path through the descriptor of the directory fits into a socket's address however deep it lies.
        try:
            fd = os.open(directory, os.O_PATH | os.O_DIRECTORY)
        except FileNotFoundError:
            return None
        try:
            reader, writer = await asyncio.open_unix_connection(f"/proc/self/fd/{fd}/{SOCKET}")
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        finally:
            os.close(fd)
        return cls(reader, writer, news)

    async def start(self, launch: Launch) -> str:
        """Start a container; returns why that failed, or nothing."""
        return (await self._ask(Request(next(self._numbers), "start", launch=launch))).error

    async def stop(self, container: str, grace_s: float) -> None:
        """Ask a container to end; returns before it does."""
        await self._ask(Request(next(self._numbers), "stop", container=container, grace_s=grace_s))

    async def quit(self) -> None:
        """Kill all containers and end the shim; returns when it is gone."""
        with suppress(RuntimeUnavailable):
            await self._ask(Request(next(self._numbers), "quit"))
        async with self._changed:
            await self._changed.wait_for(lambda: not self.alive)

    async def changed(self, is_done: Callable[[], bool]) -> None:
        """Wait until ``is_done``, which is asked now, after every piece of news, and when the shim died."""
        async with self._changed:
            await self._changed.wait_for(lambda: is_done() or not self.alive)

    async def close(self) -> None:
        """Hang up; the shim goes on."""
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _ask(self, request: Request) -> Reply:
        if not self.alive:
            raise RuntimeUnavailable("the pod's sandbox died")
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = answer
        self._writer.write(encode(request))
        return await answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                await self._hear(decode_reply(line))
        except OSError:
            pass
        self.alive = False
        self._writer.close()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(RuntimeUnavailable("the pod's sandbox died"))
        await self._tell()

    async def _hear(self, reply: Reply) -> None:
        answer = self._waiting.pop(reply.id, None)
        if answer is not None and not answer.done():
            answer.set_result(reply)
        if reply.exited:
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
        self._news()
