"""One proxied TCP connection: two sockets, and bytes carried between them both ways.

Each direction reads into one buffer that all connections share and writes at once; only what the other side does not
take is kept, and nothing more is read until it has. So a slow reader slows its own writer and costs at most one
buffer of memory. (Measured against splice(2) through a pipe: within a quarter of its throughput, for two thirds
fewer file descriptors; decision 0030.)
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

__all__ = ["BUFFER_BYTES", "Connection", "reset"]

BUFFER_BYTES = 256 * 1024
_NO_LINGER = struct.pack("ii", 1, 0)

_shared = memoryview(bytearray(BUFFER_BYTES))
"""Filled and emptied within one callback of the event loop, so all connections can share it."""


def reset(sock: socket.socket) -> None:
    """Close the socket so that the other side sees a reset instead of an orderly end."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    sock.close()


class Connection:
    """Carries bytes until both sides have finished or one fails."""

    def __init__(self, client: socket.socket, backend: socket.socket, on_end: Callable[["Connection"], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._sockets = client, backend
        self._on_end = on_end
        self._flows = _Flow(self, client, backend), _Flow(self, backend, client)
        self.moved_s = self._loop.time()

    def start(self) -> None:
        """Begin to carry."""
        for flow in self._flows:
            flow.start()

    @property
    def is_half_closed(self) -> bool:
        """Whether one side has finished sending."""
        return any(flow.finished for flow in self._flows)

    def moved(self) -> None:
        """Note that bytes moved."""
        self.moved_s = self._loop.time()

    def finished(self) -> None:
        """One direction has come to its end."""
        if all(flow.finished for flow in self._flows):
            self._end(socket.socket.close)

    def abort(self) -> None:
        """End the connection at once, with a reset to both sides."""
        self._end(reset)

    def _end(self, close: Callable[[socket.socket], None]) -> None:
        for flow in self._flows:
            flow.stop()
        for sock in self._sockets:
            close(sock)
        self._on_end(self)


class _Flow:
    """One direction."""

    def __init__(self, connection: Connection, source: socket.socket, sink: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._source = source
        self._sink = sink
        self._rest = memoryview(b"")
        self.finished = False

    def start(self) -> None:
        self._loop.add_reader(self._source, self._carry)

    def stop(self) -> None:
        if not self.finished:
            self.finished = True
            self._loop.remove_reader(self._source)
            self._loop.remove_writer(self._sink)

    def _carry(self) -> None:
        try:
            count = self._source.recv_into(_shared)
        except BlockingIOError:
            return
        except OSError:
            self._connection.abort()
            return
        if count:
            self._write(_shared[:count])
        else:
            self._finish()

    def _write(self, data: memoryview) -> None:
        """Write what the sink takes; wait with reading while there is a rest."""
        try:
            sent = self._sink.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._connection.abort()
            return
        self._connection.moved()
        if sent < len(data) and not self._rest:
            self._loop.remove_reader(self._source)
            self._loop.add_writer(self._sink, self._write_rest)
            data = memoryview(bytes(data))
        self._rest = data[sent:] if sent < len(data) else memoryview(b"")

    def _write_rest(self) -> None:
        self._write(self._rest)
        if not self._rest and not self.finished:
            self._loop.remove_writer(self._sink)
            self._loop.add_reader(self._source, self._carry)

    def _finish(self) -> None:
        self.stop()
        with suppress(OSError):
            self._sink.shutdown(socket.SHUT_WR)
        self._connection.finished()
