"""Connections to the node agents, which have the containers' logs.

A node says where its agent listens with the annotation ``kubernel.dev/agent-endpoint``; the agent serves the kubelet's
path there.
"""

from collections.abc import Callable
from pathlib import Path

import aiohttp

from kubernel.objects import codec
from kubernel.objects.errors import from_status, unavailable
from kubernel.objects.kinds.core.node import AGENT_ENDPOINT, NODE
from kubernel.objects.models import meta_of
from kubernel.watch import Cache

__all__ = ["NodeLogs"]

_CONNECT_S = 5.0
_OK = 200


class NodeLogs:
    """Connections to the agents, one session an agent, kept between requests."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def endpoint(self, node: str) -> str:
        """Return where a node's agent listens.

        Raises:
            StatusError: 503, the node is gone or says nothing.
        """
        record = self._cache().collection(NODE).get("", node)
        annotations = meta_of(record.decode()).annotations if record else None
        endpoint = (annotations or {}).get(AGENT_ENDPOINT)
        if not endpoint:
            raise unavailable(f'the agent of node "{node}" has not said where it listens ({AGENT_ENDPOINT})')
        return str(endpoint)

    async def open(self, node: str, path: str, query: dict[str, str]) -> aiohttp.ClientResponse:
        """Begin a request to a node's agent; the caller reads the answer and closes it.

        Raises:
            StatusError: What the agent answered, or 503 when it cannot be reached.
        """
        session = self._session(self.endpoint(node))
        try:
            response = await session.get(f"http://agent{path}", params=query)
            if response.status != _OK:
                async with response:
                    raise from_status(codec.decode_plain(await response.read()), response.status)
        except (aiohttp.ClientError, OSError) as error:
            raise unavailable(f'the agent of node "{node}" does not answer: {error}') from error
        return response

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, endpoint: str) -> aiohttp.ClientSession:
        session = self._sessions.get(endpoint)
        if session is None:
            if not endpoint.startswith("unix://"):
                raise unavailable(f"agent endpoint {endpoint}: this server reaches only unix:// endpoints")
            path = Path(endpoint.removeprefix("unix://"))
            # A followed log is silent for as long as its container is: no limit but on connecting.
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S)
            session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path), limit=0), timeout=timeout)
            self._sessions[endpoint] = session
        return session
