"""Passing on a request whose connection becomes something else: a websocket, SPDY (exec, attach, port-forward).

The request goes on as it came. When the answer is ``101 Switching Protocols`` the two connections are joined and the
bytes are nobody's business here; any other answer goes back as ordinary HTTP.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus

import httptools

from kubernel.api.forwarding.backends import Destination
from kubernel.api.forwarding.headers import forwarded, returned
from kubernel.api.forwarding.tunnel import End, join
from kubernel.api.request.call import Answer
from kubernel.api.request.incoming import Header, Incoming
from kubernel.objects.errors import StatusError, bad_gateway, unavailable

__all__ = ["pass_upgrade"]

_SWITCHING = HTTPStatus.SWITCHING_PROTOCOLS
_HEAD_END = b"\r\n\r\n"
_ANSWER_S = 30.0
"""How long the other side may think about an upgrade."""


async def pass_upgrade(incoming: Incoming, to: Destination, target: str) -> Answer:
    """Send an upgrade request on; returns when the tunnel that comes of it has ended, or with another answer.

    Raises:
        StatusError: 503, nobody answers there; 502, what answers is no HTTP.
    """
    try:
        backend = await to.dial()
    except (OSError, TimeoutError) as error:
        raise unavailable(f"error dialing backend: {str(error) or 'timed out'}") from error
    taken = False
    try:
        backend[1].write(_head(incoming, to, target))
        head = await _answer_head(backend[0], to)
        parsed = _Parsed(head)
        if parsed.status == _SWITCHING:
            taken = True
            client = incoming.take_over()
            client[1].write(head)
            await join(client, backend)
            return Answer(_SWITCHING)
        answer = _answer(parsed, backend)
        taken = True
        return answer
    finally:
        if not taken:
            backend[1].close()


def _head(incoming: Incoming, to: Destination, target: str) -> bytes:
    headers = [*forwarded(incoming, to.authority), ("connection", "Upgrade"), ("upgrade", incoming.upgrade)]
    if incoming.method == "POST":
        headers = [*(pair for pair in headers if pair[0] != "content-length"), ("content-length", "0")]
    lines = [f"{incoming.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _answer_head(reader: asyncio.StreamReader, to: Destination) -> bytes:
    try:
        return await asyncio.wait_for(reader.readuntil(_HEAD_END), _ANSWER_S)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise _not_http(to) from error


def _not_http(to: Destination) -> StatusError:
    return bad_gateway(f"error dialing backend: {to.name} did not answer the upgrade")


class _Parsed:
    """An answer's head, and the parser that goes on with its body."""

    def __init__(self, head: bytes) -> None:
        self.headers: list[Header] = []
        self.body = bytearray()
        self.is_complete = False
        self._parser = httptools.HttpResponseParser(self)
        self.feed(head)
        self.status: int = self._parser.get_status_code()

    def feed(self, data: bytes) -> None:
        """Take in more of the answer.

        Raises:
            StatusError: 502, it is no HTTP.
        """
        with suppress(httptools.HttpParserUpgrade):
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserError as error:
                raise bad_gateway(f"error dialing backend: {error}") from error

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.is_complete = True


def _answer(parsed: _Parsed, backend: End) -> Answer:
    headers = returned(parsed.headers)
    content_type = next((value for name, value in headers if name == "content-type"), "text/plain")
    rest = [(name, value) for name, value in headers if name != "content-type"]
    if parsed.is_complete:  # nobody would read a body that cannot be, of a 204 or a 304
        backend[1].close()
        return Answer(parsed.status, content_type=content_type, headers=rest)
    return Answer(parsed.status, content_type=content_type, headers=rest, stream=_body(parsed, backend))


async def _body(parsed: _Parsed, backend: End) -> AsyncIterator[bytes]:
    reader, writer = backend
    try:
        while True:
            if parsed.body:
                yield bytes(parsed.body)
                parsed.body.clear()
            data = b"" if parsed.is_complete else await reader.read(2**16)
            if not data:
                return
            parsed.feed(data)
    finally:
        writer.close()
