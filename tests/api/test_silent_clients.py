"""Connections on which too little comes, or too much: they end, and hold nothing meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from kubernel.api.http.bounded import BoundedProtocol
from uvicorn.config import Config
from uvicorn.server import ServerState

Ask = Callable[..., Awaitable[bytes]]
ANSWER = b"HTTP/1.1 200"


class _Impatient(BoundedProtocol):
    silence_s = 0.2
    max_head_bytes = 1000


async def _application(_scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Yield what sends pieces over one connection and returns all that comes back until it ends."""
    config = Config(_application, http=_Impatient, ws="none", lifespan="off")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Impatient(config=config, server_state=state, app_state={}), "127.0.0.1")
    port = server.sockets[0].getsockname()[1]

    async def send(*pieces: bytes, pause_s: float = 0.0) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause_s)
        async with asyncio.timeout(10):
            heard = await reader.read()
        writer.close()
        return heard

    yield send
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("begun", [b"", b"G", b"GET / HTTP/1.1\r\nHost: k\r\n"])
async def test_connection_without_a_whole_head_is_closed(ask: Ask, begun: bytes) -> None:
    assert await ask(begun) == b""


@pytest.mark.parametrize("length", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
async def test_body_that_does_not_come_is_refused(ask: Ask, length: bytes) -> None:
    heard = await ask(b"POST / HTTP/1.1\r\nHost: k\r\n" + length + b"\r\n\r\n")

    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout")
    assert json.loads(body)["message"] == "Timeout: nothing of the request's body came in 0.2 seconds"


async def test_body_that_comes_slowly_is_waited_for(ask: Ask) -> None:
    pieces = [b"a" for _ in range(4)]

    heard = await ask(b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 4\r\n\r\n", *pieces, pause_s=0.1)

    assert heard.startswith(ANSWER)


async def test_head_that_is_too_long_is_refused(ask: Ask) -> None:
    heard = await ask(b"GET / HTTP/1.1\r\nX: " + b"a" * 1200)

    assert heard.startswith(b"HTTP/1.1 431 Request Header Fields Too Large")


async def test_many_requests_with_bodies_on_one_connection_are_no_long_head(ask: Ask) -> None:
    request = b"POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n" + b"a" * 900

    heard = await ask(*[request] * 5, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", pause_s=0.01)

    assert heard.count(ANSWER) == 6
