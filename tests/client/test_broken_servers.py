"""Servers that we cannot make misbehave on demand: the SDK against raw sockets that break, stall and lie.

Each server here is a script of raw answers; the real API server is used everywhere else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from kubernel.client import Client, Informer, Key, Unreachable
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _served(folder: Path, answer: Answer) -> AsyncIterator[Client]:
    """Serve ``answer(request line, connection)`` on a unix socket, one request a connection."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        try:
            await answer(head.split(b"\r\n")[0].decode(), writer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_unix_server(connected, folder / "api.sock")
    async with server, Client.over_socket(folder / "api.sock", user_agent="test/1") as client:
        yield client


def _send(writer: asyncio.StreamWriter, body: bytes, *, status: str = "200 OK", length: int | None = None) -> None:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)


def _pod(name: str, version: int, uid: str = "") -> bytes:
    return b'{"metadata":{"namespace":"d","name":"%s","uid":"%s","resourceVersion":"%d"}}' % (
        name.encode(),
        (uid or name).encode(),
        version,
    )


async def test_absent_server_is_unreachable_with_the_socket_in_the_sentence(tmp_path: Path) -> None:
    async with Client.over_socket(tmp_path / "none.sock", user_agent="test/1") as client:
        with pytest.raises(Unreachable, match=r"GET /api/v1/namespaces/d/pods/a: no answer from .*none\.sock"):
            await client.get(core.Pod, "a", "d")


async def test_answer_that_breaks_off_is_unreachable(tmp_path: Path) -> None:
    async def answer(_line: str, writer: asyncio.StreamWriter) -> None:
        _send(writer, b'{"metadata":', length=1000)

    async with _served(tmp_path, answer) as client:
        with pytest.raises(Unreachable):
            await client.get(core.Pod, "a", "d")


async def test_watch_that_breaks_off_is_unreachable_after_its_events(tmp_path: Path) -> None:
    async def answer(_line: str, writer: asyncio.StreamWriter) -> None:
        _send(writer, b'{"type":"ADDED","object":%s}\n' % _pod("a", 5), length=10_000)

    async with _served(tmp_path, answer) as client:
        events = client.watch(core.Pod, resource_version="1")

        assert (await anext(events)).resource_version == "5"
        with pytest.raises(Unreachable):
            await anext(events)


async def test_gateway_page_is_an_error_with_its_code(tmp_path: Path) -> None:
    async def answer(_line: str, writer: asyncio.StreamWriter) -> None:
        _send(writer, b"<html>Bad Gateway</html>", status="502 Bad Gateway")

    async with _served(tmp_path, answer) as client:
        with pytest.raises(StatusError, match="Bad Gateway") as raised:
            await client.get(core.Pod, "a", "d")

    assert raised.value.code == 502


async def test_informer_resumes_where_the_stream_broke(tmp_path: Path) -> None:
    lines: list[str] = []

    async def answer(line: str, writer: asyncio.StreamWriter) -> None:
        lines.append(line)
        if "watch=true" not in line:
            _send(writer, b'{"items":[%s],"metadata":{"resourceVersion":"5"}}' % _pod("a", 3))
        elif "resourceVersion=5" in line:
            _send(writer, b'{"type":"ADDED","object":%s}\n' % _pod("b", 8), length=10_000)
        elif "resourceVersion=8" in line:
            _send(writer, b'{"type":"DELETED","object":%s}\n' % _pod("a", 9))
        else:
            await asyncio.Event().wait()

    async with _served(tmp_path, answer) as client:
        changes = await _changes(client, 3)

    assert changes == [(None, "a/3"), (None, "b/8"), ("a/9", None)]
    assert sum("watch=true" not in line for line in lines) == 1, "it listed again without need"


async def test_informer_lists_again_after_gone_and_tells_what_vanished(tmp_path: Path) -> None:
    lists = [
        b'{"items":[%s,%s],"metadata":{"resourceVersion":"5"}}' % (_pod("a", 3), _pod("b", 4)),
        b'{"items":[%s,%s],"metadata":{"resourceVersion":"50"}}' % (_pod("b", 4), _pod("c", 44)),
    ]
    gone = b'{"kind":"Status","code":410,"reason":"Expired","message":"too old"}'

    async def answer(line: str, writer: asyncio.StreamWriter) -> None:
        if "watch=true" not in line:
            _send(writer, lists.pop(0))
        elif "resourceVersion=5&" in line:
            _send(writer, b'{"type":"ERROR","object":%s}\n' % gone)
        else:
            await asyncio.Event().wait()

    async with _served(tmp_path, answer) as client:
        changes = await _changes(client, 4)

    assert changes == [(None, "a/3"), (None, "b/4"), ("a/3", None), (None, "c/44")]


async def test_informer_tells_a_replaced_object_as_gone_and_new(tmp_path: Path) -> None:
    async def answer(line: str, writer: asyncio.StreamWriter) -> None:
        if "watch=true" not in line:
            _send(writer, b'{"items":[%s],"metadata":{"resourceVersion":"5"}}' % _pod("a", 3, "one"))
        elif "resourceVersion=5&" in line:
            _send(writer, b'{"type":"MODIFIED","object":%s}\n' % _pod("a", 9, "two"))
        else:
            await asyncio.Event().wait()

    async with _served(tmp_path, answer) as client:
        changes = await _changes(client, 3)

    assert changes == [(None, "a/3"), ("a/3", None), (None, "a/9")]


async def test_informer_goes_on_when_a_callback_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(line: str, writer: asyncio.StreamWriter) -> None:
        if "watch=true" in line:
            await asyncio.Event().wait()
        _send(writer, b'{"items":[%s,%s],"metadata":{"resourceVersion":"5"}}' % (_pod("a", 3), _pod("b", 4)))

    def broken(_old: core.Pod | None, _new: core.Pod | None) -> None:
        raise ValueError("a mistake of the reader")

    async with _served(tmp_path, answer) as client:
        informer = Informer(client, core.Pod)
        informer.on_change(broken)
        running = asyncio.create_task(informer.run())
        await asyncio.wait_for(informer.synced.wait(), 5)
        running.cancel()

    assert set(informer.items) == {Key("d", "a"), Key("d", "b")}
    assert "a mistake of the reader" in caplog.text


async def _changes(client: Client, count: int) -> list[tuple[str | None, str | None]]:
    """Run an informer until so many changes were told, as ``name/version`` before and after."""
    changes: list[tuple[str | None, str | None]] = []
    enough = asyncio.Event()

    def note(old: core.Pod | None, new: core.Pod | None) -> None:
        changes.append((_shown(old), _shown(new)))
        if len(changes) == count:
            enough.set()

    informer = Informer(client, core.Pod)
    informer.on_change(note)
    running = asyncio.create_task(informer.run())
    try:
        await asyncio.wait_for(enough.wait(), 5)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return changes


def _shown(pod: core.Pod | None) -> str | None:
    return f"{pod.metadata.name}/{pod.metadata.resourceVersion}" if pod is not None and pod.metadata else None
