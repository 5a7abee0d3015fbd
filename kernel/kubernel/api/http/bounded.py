"""HTTP/1.1 with bounds on what a client may send before anybody looks at it, and on how long it may be silent.

The parser has neither, so one connection could send headers for ever, or none. Go's server, and so Kubernetes', has
both. Silence is what counts, not the whole time: a large body on a slow line may pass through to a pod.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request

__all__ = ["BoundedProtocol"]

_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class BoundedProtocol(HttpToolsProtocol):
    """One connection.

    Attributes:
        max_head_bytes: The request line and the headers together (Go: 1 MiB; nobody needs a tenth of that).
        silence_s: How long a request that has begun, or a connection's first one, may bring nothing
            (Kubernetes: 32 for the headers).
    """

    max_head_bytes: ClassVar[int] = 2**16
    silence_s: ClassVar[float] = 32.0
    _head_bytes = 0
    _is_in_head = True
    _steps = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self.stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; wait for more when a request has begun and not ended."""
        self.stop_waiting()
        steps = self._steps
        super().data_received(data)
        if self._steps != steps:
            self._head_bytes = 0
        elif self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.max_head_bytes:
                message = f"Request header fields too large: limit is {self.max_head_bytes}"
                self._refuse(StatusError(431, "RequestHeaderFieldsTooLarge", message))
                return
        has_begun = self._head_bytes > 0 or not self._is_in_head
        if has_begun and not self.transport.is_closing():
            self._wait()

    def on_headers_complete(self) -> None:
        """Go on with the request."""
        self._is_in_head = False
        self._steps += 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Begin anew."""
        self._is_in_head = True
        self._steps += 1
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Say in a Status, as everything here does, that this is no HTTP."""
        self._refuse(bad_request(msg))

    def _refuse(self, error: StatusError) -> None:
        body = codec.encode_plain(error.status())
        head = (
            f"HTTP/1.1 {error.code} {_REASONS[error.code]}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.silence_s, self._give_up)

    def stop_waiting(self) -> None:
        """Let the connection be silent: no request is awaited, or none of HTTP's."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._is_in_head or self.cycle.response_started:
            self.transport.close()
        else:
            message = f"Timeout: nothing of the request's body came in {self.silence_s:g} seconds"
            self._refuse(StatusError(408, "Timeout", message))
