"""Who answers for others, and the connections to them.

A node says where its agent listens with the annotation ``kubernel.dev/agent-endpoint``; the agent serves the kubelet's
paths there. Programs in pods are reached at their pod's address.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kubernel.objects.errors import unavailable
from kubernel.objects.kinds.core.node import AGENT_ENDPOINT, NODE
from kubernel.objects.models import meta_of
from kubernel.watch import Cache

if TYPE_CHECKING:
    import aiohttp

__all__ = ["CONNECT_S", "Backends", "Destination"]

CONNECT_S = 5.0
_HEAD_BYTES = 2**16
"""The longest head of an answer that is read whole (Go's and nginx's servers allow less)."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where requests go on to.

    Attributes:
        name: For people: ``node "n1"``, an address.
        host, port: An address, never a name: nothing is looked up.
        is_tls: Whether it speaks TLS.
        socket: A unix socket instead of an address.
        tls: What checks its certificate; without it any is believed, as in Kubernetes (a pod's is its own affair).
        server_name: Whom the certificate must name.
    """

    name: str
    host: str = ""
    port: int = 0
    is_tls: bool = False
    socket: Path | None = None
    tls: ssl.SSLContext | None = None
    server_name: str = ""

    @property
    def authority(self) -> str:
        """What the ``Host`` header says."""
        if self.socket is not None:
            return "agent"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority, to which a path is added."""
        return f"{'https' if self.is_tls else 'http'}://{self.authority}"

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection.

        Raises:
            OSError: Nobody listens there; also when it takes too long.
        """
        if self.socket is not None:
            opening = asyncio.open_unix_connection(self.socket, limit=_HEAD_BYTES)
        else:
            context = (self.tls or unchecked_tls()) if self.is_tls else None
            name = self.server_name or None
            opening = asyncio.open_connection(
                self.host, self.port, ssl=context, server_hostname=name, limit=_HEAD_BYTES
            )
        return await asyncio.wait_for(opening, CONNECT_S)


def unchecked_tls() -> ssl.SSLContext:
    """Return TLS that encrypts and believes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Backends:
    """The agents of the nodes, and the HTTP client for all destinations; its sessions are kept between requests."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache
        self._sessions: dict[Path | None, aiohttp.ClientSession] = {}

    def agent(self, node: str) -> Destination:
        """Return where a node's agent listens.

        Raises:
            StatusError: 503, the node is gone or says nothing.
        """
        record = self._cache().collection(NODE).get("", node)
        annotations = meta_of(record.decode()).annotations if record else None
        endpoint = str((annotations or {}).get(AGENT_ENDPOINT) or "")
        if not endpoint:
            raise unavailable(f'the agent of node "{node}" has not said where it listens ({AGENT_ENDPOINT})')
        if not endpoint.startswith("unix://"):
            raise unavailable(f"agent endpoint {endpoint}: this server reaches only unix:// endpoints")
        return Destination(f'the agent of node "{node}"', socket=Path(endpoint.removeprefix("unix://")))

    def session(self, to: Destination) -> "aiohttp.ClientSession":
        """Return the HTTP client for a destination: one an agent, one for all pods."""
        session = self._sessions.get(to.socket)
        if session is None:
            session = self._sessions[to.socket] = _session(to.socket)
        return session

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()


def _session(path: Path | None) -> "aiohttp.ClientSession":
    import aiohttp  # noqa: PLC0415 - an HTTP client takes 70 ms and 8 MiB, which most servers never need

    # A followed log is silent for as long as its container is: no limit but on connecting.
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
    connector: aiohttp.BaseConnector
    if path is None:
        connector = aiohttp.TCPConnector(limit=0, ssl=unchecked_tls(), force_close=True)
    else:
        connector = aiohttp.UnixConnector(str(path), limit=0)
    return aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        # One client's cookies are not another's, and bodies go on as they are.
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )
