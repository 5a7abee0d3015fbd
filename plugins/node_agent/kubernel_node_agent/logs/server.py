"""Serving logs on a unix socket that only the cluster's owner can open (mode 0600).

GET /containerLogs/{namespace}/{pod}/{container}?follow=true&tailLines=10&…
GET /healthz
"""

import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path

from aiohttp import web
from kubernel.objects.codec import encode_plain
from kubernel.objects.errors import StatusError, bad_request, not_found
from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerNotFound, ContainerState, ContainerStatus, Runtime

from kubernel_node_agent.logs.queries import parse_log_request
from kubernel_node_agent.logs.streams import Streams
from kubernel_node_agent.pods.reading import all_containers, uid_of

__all__ = ["LogServer"]

FindPod = Callable[[str, str], core.Pod | None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LogServer:
    """Answers for the containers of this agent's pods."""

    def __init__(self, runtime: Runtime, find_pod: FindPod) -> None:
        self._runtime = runtime
        self._find_pod = find_pod
        self._runner: web.AppRunner | None = None

    async def start(self, path: Path) -> None:
        """Listen on the unix socket at ``path``, replacing what an earlier agent left there."""
        application = web.Application(middlewares=[_errors_as_status])
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/containerLogs/{namespace}/{pod}/{container}", self._logs)
        Streams(self._runtime, self._find_pod).add_to(application)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, _listen(path)).start()

    async def stop(self) -> None:
        """Close the socket and every open answer."""
        if self._runner is not None:
            await self._runner.cleanup()

    @staticmethod
    async def _healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _logs(self, request: web.Request) -> web.StreamResponse:
        wanted = parse_log_request(request.query)
        namespace, name, container = (request.match_info[key] for key in ("namespace", "pod", "container"))
        pod = self._find_pod(namespace, name)
        if pod is None:
            raise not_found("pods", name)
        status = await self._find_container(pod, container, previous=wanted.previous)
        chunks = self._runtime.logs(status.id, wanted.query)
        response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
        await response.prepare(request)
        with suppress(ConnectionError):  # the reader went away
            async with aclosing(chunks):
                async for chunk in chunks:
                    await response.write(chunk)
            await response.write_eof()
        return response

    async def _find_container(self, pod: core.Pod, name: str, *, previous: bool) -> ContainerStatus:
        pod_name = (pod.metadata.name if pod.metadata else "") or ""
        if name not in {container.name for container in all_containers(pod)}:
            raise bad_request(f"container {name} is not valid for pod {pod_name}")
        sandbox = await self._runtime.sandbox(uid_of(pod))
        attempts = sorted(
            (each for each in (sandbox.containers if sandbox else ()) if each.name == name), key=lambda c: c.attempt
        )
        started = [each for each in attempts if each.state is not ContainerState.CREATED]
        if previous:
            if len(started) < 2:
                raise bad_request(f'previous terminated container "{name}" in pod "{pod_name}" not found')
            return started[-2]
        if not started:
            raise bad_request(
                f'container "{name}" in pod "{pod_name}" is waiting to start: {_waiting_reason(pod, name)}'
            )
        return started[-1]


@web.middleware
async def _errors_as_status(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ContainerNotFound as error:
        return _answer(not_found("containers", str(error)))
    except StatusError as error:
        return _answer(error)


def _answer(error: StatusError) -> web.Response:
    return web.Response(status=error.code, body=encode_plain(error.status()), content_type="application/json")


def _waiting_reason(pod: core.Pod, name: str) -> str:
    status = pod.status or core.PodStatus()
    for each in [*(status.containerStatuses or []), *(status.initContainerStatuses or [])]:
        if each.name == name and each.state and each.state.waiting and each.state.waiting.reason:
            return each.state.waiting.reason
    return "ContainerCreating"


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The whole path may be longer than the 107 bytes that fit into a socket's address.
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    before = os.umask(0o177)
    try:
        listener.bind(f"/proc/self/fd/{directory}/{path.name}")
    finally:
        os.umask(before)
        os.close(directory)
    listener.listen(64)
    listener.setblocking(False)
    return listener
