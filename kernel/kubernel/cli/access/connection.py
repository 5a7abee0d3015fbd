"""Asking an API server, with nothing but the standard library.

One connection serves the short requests of a command; every stream (a watch, a log) has its own. Objects stay
unstructured here, as kubectl keeps them: a command works for kinds that this program has never heard of.
"""

import http.client
import json
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from kubernel import __version__
from kubernel.cli.access.target import Target
from kubernel.cli.errors import Failure, Refused, Unreachable

__all__ = ["JSON", "MERGE_PATCH", "Connection", "Plain"]

Plain = dict[str, Any]
"""An unstructured object: a decoded JSON map."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CHUNK_BYTES = 65536
ANSWER_WITHIN_S = 60.0
"""Longer than the server's own limit of a request, so that its error wins over ours."""


class Connection:
    """A line to one API server; a context manager that hangs up at the end."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._url = urlsplit(target.server)
        self._tls = target.tls() if self._url.scheme == "https" else None
        self._idle: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._idle is not None:
            self._idle.close()

    def get(self, path: str, query: Mapping[str, str] | None = None, *, accept: str = JSON) -> Plain:
        """Read one object or list."""
        return self.request("GET", path, query, accept=accept)

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: Plain | None = None,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Plain:
        """Make one request and return the decoded answer.

        Raises:
            Refused: The server answered with an error.
            Unreachable: There is no server.
        """
        payload = None if body is None else json.dumps(body).encode()
        headers = self._headers(accept, content_type if body is not None else "")
        fresh = self._idle is None
        if self._idle is None:
            self._idle = self._open(ANSWER_WITHIN_S)
        try:
            response = _send(self._idle, method, _full(path, query), payload, headers)
            content = response.read()
        except (http.client.HTTPException, OSError) as error:
            self._idle.close()
            self._idle = None
            if fresh or method not in ("GET", "PATCH", "DELETE"):
                raise self._unreachable(error) from error
            # The server closed a connection that was idle; these methods are safe to repeat.
            return self.request(method, path, query, body=body, content_type=content_type, accept=accept)
        return _decoded(response.status, content)

    def stream(self, path: str, query: Mapping[str, str] | None = None, *, accept: str = JSON) -> Iterator[bytes]:
        """Yield what the server sends as it comes, until it ends.

        Raises:
            Refused: The server answered with an error.
            Unreachable: There is no server, or it went away in the middle.
        """
        connection = self._open(None)
        try:
            response = _send(connection, "GET", _full(path, query), None, self._headers(accept, ""))
            if response.status >= http.HTTPStatus.BAD_REQUEST:
                _decoded(response.status, response.read())
            while chunk := response.read1(CHUNK_BYTES):
                yield chunk
        except (http.client.HTTPException, OSError) as error:
            raise self._unreachable(error) from error
        finally:
            connection.close()

    def watch(self, path: str, query: Mapping[str, str], *, accept: str = JSON) -> Iterator[Plain]:
        """Yield the watch events of one stream; an ERROR event is raised as `Refused`."""
        rest = b""
        for chunk in self.stream(path, {**query, "watch": "true"}, accept=accept):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in filter(None, lines):
                event: Plain = json.loads(line)
                if event["type"] == "ERROR":
                    raise _refused(event["object"], event["object"].get("code", 500))
                yield event

    def _open(self, timeout_s: float | None) -> http.client.HTTPConnection:
        host = self._url.hostname or "localhost"
        if self._tls is not None:
            return http.client.HTTPSConnection(host, self._url.port or 443, timeout=timeout_s, context=self._tls)
        return http.client.HTTPConnection(host, self._url.port or 80, timeout=timeout_s)

    def _headers(self, accept: str, content_type: str) -> dict[str, str]:
        headers = {"Accept": accept, "User-Agent": f"kubernel/{__version__}"}
        if content_type:
            headers["Content-Type"] = content_type
        if self.target.token:
            headers["Authorization"] = f"Bearer {self.target.token}"
        return headers

    def _unreachable(self, error: Exception) -> Unreachable:
        why = "the answer took too long" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        if isinstance(error, ConnectionRefusedError):
            why = "connection refused; `kubernel status` tells whether the cluster is up, `kubernel up` starts it"
        return Unreachable(f"cannot reach {self.target.server}: {why}")


def _send(
    connection: http.client.HTTPConnection, method: str, url: str, body: bytes | None, headers: dict[str, str]
) -> http.client.HTTPResponse:
    connection.request(method, url, body=body, headers=headers)
    return connection.getresponse()


def _full(path: str, query: Mapping[str, str] | None) -> str:
    given = {key: value for key, value in (query or {}).items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _decoded(code: int, content: bytes) -> Plain:
    try:
        answer = json.loads(content)
    except ValueError as error:
        if code >= http.HTTPStatus.BAD_REQUEST:
            raise Refused(code, "", content.decode(errors="replace").strip() or f"HTTP {code}") from error
        raise Failure("the server's answer is not JSON; is this address an API server?") from error
    if code >= http.HTTPStatus.BAD_REQUEST:
        raise _refused(answer, code)
    assert isinstance(answer, dict)
    return answer


def _refused(status: Plain, code: int) -> Refused:
    reason = status.get("reason") or ""
    message = status.get("message") or f"the server answered {code}"
    return Refused(code, reason, f"{message} ({reason})" if code >= http.HTTPStatus.INTERNAL_SERVER_ERROR else message)
