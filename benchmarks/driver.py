"""A load driver that costs little itself: raw HTTP/1.1 on a unix socket, responses parsed as little as possible."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

__all__ = ["Connection", "Rate", "Request", "closed_loop", "quantile"]

Request = tuple[str, str, bytes] | tuple[str, str, bytes, str]
"""Method, path, body, and the body's type where it is not JSON."""

_REVISION = re.compile(rb'"resourceVersion":"(\d+)"')


@dataclass(frozen=True, slots=True)
class Rate:
    """What a closed loop measured: requests a second, and latencies in seconds, sorted."""

    per_second: float
    latencies: list[float]


def quantile(ordered: list[float], q: float) -> float:
    """Return a quantile of a sorted list."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))]


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, socket: Path) -> "Connection":
        """Connect to a server's unix socket."""
        return cls(*await asyncio.open_unix_connection(str(socket), limit=64 * 2**20))

    def send(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> None:
        """Send one request."""
        head = f"{method} {path} HTTP/1.1\r\nHost: b\r\nUser-Agent: bench/1\r\n"
        if body:
            head += f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)

    async def head(self) -> tuple[int, int]:
        """Read a response's head; returns its status and its length (-1 when it is chunked)."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else -1
        return int(head[9:12]), length

    async def request(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> bytes:
        """Send one request and return the body; anything but success ends the benchmark."""
        self.send(method, path, body, content_type)
        status, length = await self.head()
        answer = await self.reader.readexactly(length)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status}: {answer[:500]!r}")
        return answer

    def close(self) -> None:
        """Close it."""
        self._writer.close()


async def closed_loop(
    socket: Path,
    connections: int,
    requests: int,
    make: Callable[[int], Request],
    answered: dict[int, float] | None = None,
) -> Rate:
    """Let some connections send requests back to back and measure.

    Args:
        socket: The server.
        connections: How many at once.
        requests: In all.
        make: The number of a request → the request.
        answered: Filled with the moment of each answer by the revision that it names.
    """
    pool = [await Connection.open(socket) for _ in range(connections)]
    latencies: list[float] = []
    numbers: Iterator[int] = iter(range(requests))

    async def loop(connection: Connection) -> None:
        for number in numbers:
            sent = perf_counter()
            body = await connection.request(*make(number))
            now = perf_counter()
            latencies.append(now - sent)
            if answered is not None and (match := _REVISION.search(body)):
                answered[int(match[1])] = now

    began = perf_counter()
    await asyncio.gather(*(loop(connection) for connection in pool))
    seconds = perf_counter() - began
    for connection in pool:
        connection.close()
    return Rate(requests / seconds, sorted(latencies))
