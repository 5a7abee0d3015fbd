"""One request to a server of others, and its answer: bounded in time and size, with errors in Kubernetes' words."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from kubernel.api.forwarding.backends import Destination
from kubernel.api.outside.endpoints import Endpoint, OutsideError

if TYPE_CHECKING:
    import aiohttp

__all__ = ["Caller"]

_OK = 200
_ANSWER_MAX_BYTES = 8 * 1024 * 1024
"""Twice what an object may have, in base64; a longer answer is none that we could use."""

_SHOWN_CHARACTERS = 200
_STATUSES = {
    401: "the server has asked for the client to provide credentials",
    403: "the server rejected our request",
    404: "the server could not find the requested resource",
    405: "the server does not allow this method on the requested resource",
    429: "the server has received too many requests and has asked us to try again later",
    503: "the server is currently unable to handle the request",
}


class Caller:
    """The HTTP client for servers of others; its connections are kept between requests."""

    def __init__(self) -> None:
        self._sessions: dict[Path | None, aiohttp.ClientSession] = {}

    async def post(self, endpoint: Endpoint, body: bytes, timeout_s: float) -> bytes:
        """POST JSON and return the answer's body.

        Args:
            endpoint: Where to.
            body: The JSON.
            timeout_s: How long all of it may take.

        Raises:
            OutsideError: No connection, no trust, no answer in time, or one that is not 200.
        """
        query = {"timeout": f"{timeout_s:g}s"}
        request = self._session().post(
            endpoint.url,
            data=body,
            params=query,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            ssl=endpoint.tls,
            server_hostname=endpoint.server_name,
            allow_redirects=False,
        )
        return await _asked(request, f'Post "{endpoint.shown}?timeout={timeout_s:g}s"', timeout_s)

    async def get(self, to: Destination, path: str, headers: Mapping[str, str], timeout_s: float) -> bytes:
        """GET JSON and return it.

        Args:
            to: Where to.
            path: The path there.
            headers: Beside the usual ones.
            timeout_s: How long all of it may take.

        Raises:
            OutsideError: As `post`.
        """
        url = f"{to.origin}{path}"
        request = self._session(to.socket).get(
            url,
            headers={"Accept": "application/json", **headers},
            ssl=to.tls or False,
            server_hostname=to.server_name or None,
            allow_redirects=False,
        )
        return await _asked(request, f'Get "{url}"', timeout_s)

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, socket: Path | None = None) -> "aiohttp.ClientSession":
        session = self._sessions.get(socket)
        if session is None:
            import aiohttp  # noqa: PLC0415 - an HTTP client takes 70 ms and 8 MiB, which most servers never need

            connector = aiohttp.TCPConnector(limit=0) if socket is None else aiohttp.UnixConnector(str(socket), limit=0)
            session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
            self._sessions[socket] = session
        return session


async def _asked(request: AbstractAsyncContextManager["aiohttp.ClientResponse"], asked: str, timeout_s: float) -> bytes:
    import aiohttp  # noqa: PLC0415 - as above

    try:
        async with asyncio.timeout(timeout_s), request as response:
            return await _answer(response)
    except TimeoutError as error:
        raise OutsideError(f"{asked}: context deadline exceeded") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise OutsideError(f"{asked}: {_why(error)}") from error


async def _answer(response: "aiohttp.ClientResponse") -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _ANSWER_MAX_BYTES:
            raise OutsideError(f"the answer is longer than {_ANSWER_MAX_BYTES} bytes")
    if response.status != _OK:
        said = bytes(body).decode(errors="replace").strip()[:_SHOWN_CHARACTERS]
        unknown = f'an error on the server ("{said or "unknown"}") has prevented the request from succeeding'
        raise OutsideError(_STATUSES.get(response.status, unknown))
    return bytes(body)


def _why(error: Exception) -> str:
    import aiohttp  # noqa: PLC0415 - as above

    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = error.certificate_error
        why = reason.verify_message if isinstance(reason, ssl.SSLCertVerificationError) else str(reason)
        return f"tls: failed to verify certificate: x509: {why}"
    if isinstance(error, aiohttp.ClientConnectorError):
        inner = error.os_error
        words = "connection refused" if isinstance(inner, ConnectionRefusedError) else str(inner.strerror or inner)
        return f"dial tcp {error.host}:{error.port}: connect: {words}"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "EOF"
    return str(error) or type(error).__name__
