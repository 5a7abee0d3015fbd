"""Gunicorn's worker: uvicorn with TLS on the network's sockets, none on the unix socket, and known peers.

Why uvicorn's worker and not gunicorn's own ASGI worker: decision 0002, with the measurement.
"""

import asyncio
import socket
from typing import Any

from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

from kubernel.api.http.application import Application
from kubernel.api.http.bounded import BoundedProtocol
from kubernel.api.http.peer import peer_of

__all__ = ["ApiWorker"]

_READ_AHEAD_BYTES = 2**16


class _Protocol(BoundedProtocol):
    """HTTP/1.1 that tells each request who its connection's peer is (``scope["state"]["peer"]``).

    A request that asked for an upgrade may have the connection (``scope["state"]["take_over"]``).
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "peer": peer_of(transport), "take_over": self._take_over}

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.app_state = {}  # it refers back to this protocol, and a cycle would keep both until the collector runs

    def _take_over(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Give the connection to somebody who wants bytes; HTTP on it is over.

        The server goes on to count it as one of its connections until it is lost, and ends it when it stops.
        """
        cycle, transport = self.cycle, self.transport
        self.stop_waiting()
        cycle.disconnected = True  # what the application still sends goes nowhere
        self.flow.resume_reading()
        reader = asyncio.StreamReader(limit=_READ_AHEAD_BYTES)
        protocol = _Taken(reader, self)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        self._taken = asyncio.StreamWriter(transport, protocol, reader, self.loop)
        return reader, self._taken

    def _unsupported_upgrade_warning(self) -> None:
        """Take note of an upgrade, which uvicorn itself would only complain of: its parser reads nothing after it."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """End a connection that was given away; nothing else would."""
        if self._taken is None:
            super().shutdown()
        else:
            self._taken.close()

    _taken: asyncio.StreamWriter | None = None


class _Taken(asyncio.StreamReaderProtocol):
    """A connection's bytes, for who took it over; tells the HTTP protocol, which is its owner, when it is lost."""

    def __init__(self, reader: asyncio.StreamReader, owner: _Protocol) -> None:
        super().__init__(reader)
        self._owner = owner

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._owner.connection_lost(exc)


class _Server(Server):
    """Uvicorn's server with our listening sockets and our way of going down."""

    application: Application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Run the application's start, then listen: TLS for the network, plain for the unix socket."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise SystemExit(3)
        config, loop = self.config, asyncio.get_running_loop()

        def protocol() -> asyncio.Protocol:
            return _Protocol(config=config, server_state=self.server_state, app_state=self.lifespan.state)

        self.servers = [
            await loop.create_server(
                protocol,
                sock=sock,
                ssl=None if sock.family == socket.AF_UNIX else config.ssl,
                backlog=config.backlog,
            )
            for sock in sockets or ()
        ]
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the watches first: a connection that streams would hold up everything else."""
        self.application.state.drain()
        await super().shutdown(sockets)


class ApiWorker(UvicornWorker):
    """One API process under gunicorn."""

    CONFIG_KWARGS: dict[str, Any] = {  # noqa: RUF012 - the base class reads it in this form
        "loop": "uvloop",
        "http": _Protocol,
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "proxy_headers": False,  # nothing in front of this server may say who the client is
        "server_header": False,
        "date_header": False,
    }

    async def _serve(self) -> None:
        self.config.app = self.wsgi
        self.config.timeout_graceful_shutdown = self.cfg.graceful_timeout
        server = _Server(config=self.config)
        server.application = self.wsgi
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            raise SystemExit(3)
