"""Bytes to and from one API server, over a unix socket or HTTPS: the only place that knows aiohttp.

Two pools of connections: calls share at most ``CALLS_IN_FLIGHT`` connections, so that a thousand writes at once queue
here instead of opening a thousand sockets; streams (watches, followed logs) have a connection each without a limit,
because a full pool of watches must never keep a call from going out.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from errno import EPIPE
from io import BytesIO
from pathlib import Path
from ssl import SSLContext
from typing import Any

import aiohttp
from yarl import URL

from kubernel.client.wire import error_of

__all__ = ["Access", "Query", "Response", "Transport", "Unreachable"]

CALLS_IN_FLIGHT = 64
"""Enough to fill the server's group commit; more would only wait there instead of here."""

KEEPALIVE_S = 30.0
"""Below the server's two minutes: we let go of an idle connection first, so that a request does not
meet a connection that the server is just closing."""

CALL_TIMEOUT_S = 60.0
"""Kubernetes' own limit for a request that is not long-running."""

CONNECT_TIMEOUT_S = 10.0
LARGE_BYTES = 512 * 1024
READ_BUFFER_BYTES = 256 * 1024
"""One wake-up hands over many watch lines at once."""

Query = Mapping[str, str]


class Unreachable(Exception):  # noqa: N818 - named after the condition, as the API's reasons are
    """No answer came: no connection, or it broke. A write may or may not have happened; look before repeating it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the server is and how we prove who we are.

    Attributes:
        server: The base address, such as ``https://127.0.0.1:6443``.
        socket: Talk through this unix socket instead of TCP; then ``server`` only names the host.
        tls: The context with CA and client certificate; ``None`` without TLS.
        headers: Sent with every request, such as ``Authorization``.
        namespace: The kubeconfig context's namespace, for people's default.
    """

    server: str
    socket: Path | None = None
    tls: SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    namespace: str = "default"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer below 400, read to its end. Header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Sends requests; opens its connections on first use, inside the running loop."""

    def __init__(self, access: Access, user_agent: str) -> None:
        self.access = access
        self._headers = {**access.headers, "User-Agent": user_agent}
        self._origin = URL(access.server)
        self._prefix = self._origin.path.rstrip("/")
        self._calls: aiohttp.ClientSession | None = None
        self._streams: aiohttp.ClientSession | None = None

    async def request(
        self, method: str, path: str, *, query: Query | None = None, body: bytes | None = None, headers: Query
    ) -> Response:
        """Send one request and read the whole answer.

        Raises:
            StatusError: The server answered 400 or above.
            Unreachable: It did not answer.
        """
        if self._calls is None:
            self._calls = self._session(CALLS_IN_FLIGHT, aiohttp.ClientTimeout(CALL_TIMEOUT_S))
        url = self._url(path, query)
        try:
            try:
                answer = await _exchange(self._calls, method, url, body, headers)
            except aiohttp.ClientOSError as error:
                if error.errno != EPIPE:
                    raise
                # An idle connection that the server had closed: it never got the request, so sending it again is safe.
                answer = await _exchange(self._calls, method, url, body, headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(method, path, error) from error
        if answer.status >= 400:
            raise error_of(answer.status, answer.headers, answer.body)
        return answer

    async def stream(
        self, method: str, path: str, *, query: Query | None = None, headers: Query, silence_s: float | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Send one request and yield the answer's body as it arrives, in chunks of any size.

        Args:
            method: The HTTP method.
            path: The absolute path below the server's address.
            query: The query's parameters.
            headers: Beyond those that every request has.
            silence_s: Give up when nothing arrived for so long; ``None`` waits for ever.

        Raises:
            StatusError: The server answered 400 or above (on the first step).
            Unreachable: No answer, or the connection broke before the end.
        """
        if self._streams is None:
            self._streams = self._session(0, aiohttp.ClientTimeout(None))
        timeout = aiohttp.ClientTimeout(None, sock_connect=CONNECT_TIMEOUT_S, sock_read=silence_s)
        url = self._url(path, query)
        try:
            async with self._streams.request(method, url, headers=headers, timeout=timeout) as answer:
                if answer.status >= 400:
                    raise error_of(answer.status, answer.headers, await answer.read())
                async for chunk in answer.content.iter_any():
                    yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._unreachable(method, path, error) from error

    async def close(self) -> None:
        """Close all connections; streams end."""
        sessions, self._calls, self._streams = (self._calls, self._streams), None, None
        await asyncio.gather(*(session.close() for session in sessions if session is not None))
        # A transport says goodbye to its socket one turn of the loop after it was closed; a loop that ends before
        # that leaves the socket to the garbage collector.
        await asyncio.sleep(0)

    def _session(self, limit: int, timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
        pool: dict[str, Any] = {"limit": limit, "keepalive_timeout": KEEPALIVE_S}
        connector: aiohttp.BaseConnector
        if self.access.socket is not None:
            connector = aiohttp.UnixConnector(str(self.access.socket), **pool)
        else:
            connector = aiohttp.TCPConnector(ssl=self.access.tls or True, **pool)
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=READ_BUFFER_BYTES,
        )

    def _url(self, path: str, query: Query | None) -> URL:
        url = self._origin.join(URL(self._prefix + path))
        return url.with_query(query) if query else url

    def _unreachable(self, method: str, path: str, error: BaseException) -> Unreachable:
        where = self.access.socket or self.access.server
        return Unreachable(f"{method} {path}: no answer from {where}: {str(error) or type(error).__name__}")


async def _exchange(
    session: aiohttp.ClientSession, method: str, url: URL, body: bytes | None, headers: Query
) -> Response:
    # aiohttp wants large bodies as a file, which it sends in pieces and so lets other tasks run in between.
    data = BytesIO(body) if body is not None and len(body) > LARGE_BYTES else body
    async with session.request(method, url, data=data, headers=headers, allow_redirects=False) as answer:
        return Response(answer.status, answer.headers, await answer.read())
