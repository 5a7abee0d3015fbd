"""A TCP port: accepts clients, finds each a backend that answers, and lets a `Connection` carry the bytes."""

import asyncio
import errno
import resource
import socket
from contextlib import suppress

from kubernel.plugin.contracts.proxy import Backend, ServicePort

from kubernel_proxy_userspace.balancer import Balancer
from kubernel_proxy_userspace.connection import Connection, reset
from kubernel_proxy_userspace.settings import UserspaceSettings

__all__ = ["Connections", "TcpFront"]

ACCEPTS_MAX = 64
"""Clients accepted in one go before others get their turn."""

PAUSE_S = 0.05
"""How long a listener waits when there is no room for another connection."""

OWN_DESCRIPTORS = 256
"""File descriptors kept for listeners, backends being tried and the host itself."""

_OUT_OF_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Connections:
    """All TCP connections of the proxy, whichever port they came through; they outlive their port."""

    def __init__(self, settings: UserspaceSettings) -> None:
        self.settings = settings
        self._open: set[Connection] = set()
        self._connecting: set[asyncio.Task[None]] = set()
        self._max = min(settings.connections_max, max(1, (_raise_descriptor_limit() - OWN_DESCRIPTORS) // 2))

    @property
    def is_full(self) -> bool:
        """Whether another client has to wait."""
        return len(self._open) + len(self._connecting) >= self._max

    def begin(self, client: socket.socket, address: str, balancer: Balancer) -> None:
        """Find the client a backend and carry its connection."""
        task = asyncio.ensure_future(self._connect(client, address, balancer))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, client: socket.socket, address: str, balancer: Balancer) -> None:
        try:
            backend = await _first_that_answers(balancer, address, self.settings.connect_timeout_s)
        except asyncio.CancelledError:
            reset(client)
            raise
        if backend is None:
            reset(client)
            return
        for sock in client, backend:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # a peer that vanished is noticed some day
        connection = Connection(client, backend, self._open.discard)
        self._open.add(connection)
        connection.start()

    def sweep(self, now_s: float) -> None:
        """End connections that were silent for too long."""
        for connection in list(self._open):
            limit_s = self.settings.half_closed_s if connection.is_half_closed else self.settings.idle_s
            if limit_s and now_s - connection.moved_s > limit_s:
                connection.abort()

    async def close(self) -> None:
        """End all."""
        for task in list(self._connecting):
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        for connection in list(self._open):
            connection.abort()


class TcpFront:
    """One listening socket."""

    def __init__(self, listener: socket.socket, port: ServicePort, connections: Connections) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._balancer = Balancer(port)
        self._connections = connections
        self._pause: asyncio.TimerHandle | None = None
        listener.listen(socket.SOMAXCONN)
        self._resume()

    def update(self, port: ServicePort) -> None:
        """New clients get the changed backends; connections go on."""
        self._balancer.update(port)

    def close(self) -> None:
        """Accept nobody any more; connections go on."""
        if self._pause:
            self._pause.cancel()
        self._loop.remove_reader(self._listener)
        self._listener.close()

    def _resume(self) -> None:
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        for _ in range(ACCEPTS_MAX):
            if self._connections.is_full:
                self._wait()
                return
            try:
                client, address = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _OUT_OF_DESCRIPTORS:
                    raise
                self._wait()
                return
            client.setblocking(False)
            self._connections.begin(client, address[0], self._balancer)

    def _wait(self) -> None:
        self._loop.remove_reader(self._listener)
        self._pause = self._loop.call_later(PAUSE_S, self._resume)


async def _first_that_answers(balancer: Balancer, client: str, timeout_s: float) -> socket.socket | None:
    for backend in balancer.candidates(client):
        sock = await _connected(backend, timeout_s)
        if sock is not None:
            balancer.settled(client, backend)
            return sock
    return None


async def _connected(backend: Backend, timeout_s: float) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in backend.ip else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    except OSError:
        return None
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().sock_connect(sock, (backend.ip, backend.port))
    except (OSError, TimeoutError):
        sock.close()
        return None
    except asyncio.CancelledError:
        sock.close()
        raise
    return sock


def _raise_descriptor_limit() -> int:
    """Allow this process as many file descriptors as it may have, and return their number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft if soft != resource.RLIM_INFINITY else 1 << 20
