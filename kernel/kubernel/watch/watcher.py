"""One watcher: a bounded queue between the fan-out and a client's connection."""

import asyncio
from collections.abc import Awaitable, Callable

__all__ = ["Watcher", "WatcherTooSlow"]

MAX_PENDING_EVENTS = 10_000
MAX_PENDING_BYTES = 32 * 2**20

PAUSE_S = 0.004
"""A watcher that was just given a chunk waits so long before it takes the next: a lone event goes out at once, while
the events of a burst share their writes, which cost far more than the events (decision 0003)."""


class WatcherTooSlow(Exception):  # noqa: N818 - named after the condition
    """The client does not take its events; the watch ends with 410 and the client resumes from what it has."""


class Watcher:
    """Receives chunks of encoded events from its channel; read by one task.

    A writer never waits for a watcher: one whose queue is full loses the queue and is ended.

    Args:
        detach: Called once, when the watch is closed.
        beginning: Makes the next chunk of the events that come before all that are pushed; ``None`` at their end.

    Attributes:
        begins: Whether some of the beginning may still be to come.
        closed: Whether nothing more is pushed.
    """

    __slots__ = (
        "_beginning",
        "_bytes",
        "_chunks",
        "_detach",
        "_events",
        "_next_at",
        "_overflowed",
        "_waiter",
        "begins",
        "closed",
    )

    def __init__(self, detach: Callable[[], None], beginning: Callable[[], Awaitable[bytes | None]]) -> None:
        self._detach = detach
        self._beginning = beginning
        self.begins = True
        self._chunks: list[bytes] = []
        self._events = 0
        self._bytes = 0
        self._overflowed = False
        self._waiter: asyncio.Future[None] | None = None
        self._next_at = 0.0
        self.closed = False

    @property
    def has_events(self) -> bool:
        """Whether something is queued."""
        return self.begins or bool(self._chunks)

    def push(self, chunk: bytes, events: int) -> None:
        """Queue a chunk of ``events`` encoded events and wake the reader; never blocks."""
        if self._overflowed or self.closed:
            return
        self._events += events
        self._bytes += len(chunk)
        if self._events > MAX_PENDING_EVENTS or self._bytes > MAX_PENDING_BYTES:
            self._overflowed, self.begins = True, False
            self._chunks.clear()
        else:
            self._chunks.append(chunk)
        self._wake()

    def close(self) -> None:
        """End the watch; the reader gets what is queued and then the end. Safe to repeat."""
        if not self.closed:
            self.closed = True
            self._detach()
            self._wake()

    async def next(self, timeout_s: float) -> bytes:
        """Wait for events and return all that are queued, in order.

        Returns:
            The bytes; empty when nothing came for ``timeout_s`` or the watch was closed.

        Raises:
            WatcherTooSlow: The queue overflowed.
            Compacted: The log forgot what was still to be told.
        """
        while self.begins:
            if chunk := await self._begun():
                return chunk
        loop = asyncio.get_running_loop()
        if not self._chunks and not self._overflowed and not self.closed:
            await self._woken(loop.time() + timeout_s)
        pause_s = min(self._next_at - loop.time(), timeout_s)
        if self._chunks and pause_s > 0 and not self.closed:
            await asyncio.sleep(pause_s)
        if self._overflowed:
            raise WatcherTooSlow
        chunks, self._chunks = self._chunks, []
        self._events = self._bytes = 0
        if chunks:
            self._next_at = loop.time() + PAUSE_S
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _begun(self) -> bytes:
        """Return the next chunk of the beginning, which may be empty; at its end `begins` is over."""
        chunk = await self._beginning()
        if chunk is None:
            self.begins = False
            return b""
        await asyncio.sleep(0)
        return chunk

    async def _woken(self, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_at(deadline, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
