"""One probe of one container: whether it answers, and if not, why.

``exec`` and ``grpc`` probes are not run yet: a runtime cannot execute in a container. They count as successful, so
that a manifest that has them runs.
"""

import asyncio
import http.client
import os
import ssl
from dataclasses import dataclass
from http import HTTPStatus

from kubernel.objects.models import core

__all__ = ["Answer", "check", "is_supported"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a probe; ``message`` says why it failed."""

    succeeded: bool
    message: str = ""


def is_supported(probe: core.Probe) -> bool:
    """Whether this agent can run the probe."""
    return probe.httpGet is not None or probe.tcpSocket is not None


async def check(probe: core.Probe, container: core.Container, ip: str) -> Answer:
    """Run a probe once, within its timeout."""
    timeout_s = float(probe.timeoutSeconds or 1)
    try:
        if probe.httpGet is not None:
            port = _port(probe.httpGet.port, container)
            # http.client blocks; probes are rare enough for the loop's few threads.
            return await asyncio.to_thread(_http_get, probe.httpGet, probe.httpGet.host or ip, port, timeout_s)
        if probe.tcpSocket is not None:
            host, port = probe.tcpSocket.host or ip, _port(probe.tcpSocket.port, container)
            return await _connect(host, port, timeout_s)
    except ValueError as error:
        return Answer(succeeded=False, message=str(error))
    return Answer(succeeded=True)


async def _connect(host: str, port: int, timeout_s: float) -> Answer:
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return Answer(succeeded=False, message=f"dial tcp {host}:{port}: i/o timeout")
    except OSError as error:
        return Answer(succeeded=False, message=f"dial tcp {host}:{port}: connect: {_words(error)}")
    writer.close()
    return Answer(succeeded=True)


def _http_get(action: core.HTTPGetAction, host: str, port: int, timeout_s: float) -> Answer:
    url = f"{(action.scheme or 'HTTP').lower()}://{host}:{port}{action.path or '/'}"
    connection = _connection(action, host, port, timeout_s)
    headers = {"User-Agent": "kube-probe/kubernel", "Accept": "*/*", "Connection": "close"}
    headers |= {header.name: header.value for header in action.httpHeaders or []}
    try:
        connection.request("GET", action.path or "/", headers=headers)
        code = connection.getresponse().status
    except TimeoutError:
        return Answer(succeeded=False, message=f'Get "{url}": context deadline exceeded')
    except OSError as error:
        return Answer(succeeded=False, message=f'Get "{url}": dial tcp {host}:{port}: connect: {_words(error)}')
    except http.client.HTTPException as error:
        return Answer(succeeded=False, message=f'Get "{url}": not an HTTP answer: {error!r}')
    finally:
        connection.close()
    if HTTPStatus.OK <= code < HTTPStatus.BAD_REQUEST:
        return Answer(succeeded=True)
    return Answer(succeeded=False, message=f"HTTP probe failed with statuscode: {code}")


def _words(error: OSError) -> str:
    # asyncio puts words of its own into the error, so the number is what can be relied upon.
    return os.strerror(error.errno).lower() if error.errno else str(error)


def _connection(action: core.HTTPGetAction, host: str, port: int, timeout_s: float) -> http.client.HTTPConnection:
    if action.scheme == "HTTPS":
        # As the kubelet: a probe asks whether it answers, not who it is.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout_s)


def _port(port: int | str, container: core.Container) -> int:
    if isinstance(port, int):
        return port
    for declared in container.ports or []:
        if declared.name == port:
            return declared.containerPort
    if port.isdecimal():
        return int(port)
    raise ValueError(f"couldn't find port {port} in container {container.name}")
