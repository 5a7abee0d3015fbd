"""What stands behind the API server in tests: a program in a pod, and a node's agent."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import WSMsgType, web

from tests.api.calls import Api, pod

MERGE = "application/merge-patch+json"
AGENT_ENDPOINT = "kubernel.dev/agent-endpoint"


class Program:
    """A small web server with a path for each thing that a test wants to see.

    Attributes:
        go_on: Lets ``/drip`` send its second word.
        port: Where it listens, when it has an address.
    """

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.port = 0

    def application(self) -> web.Application:
        """Return what aiohttp serves."""
        application = web.Application(client_max_size=0)
        application.router.add_route("*", "/count", _count)
        application.router.add_get("/drip", self._drip)
        application.router.add_get("/echo", _echo)
        application.router.add_get("/moved", _moved)
        for path in ("exec", "attach"):
            application.router.add_get(f"/{path}/{{namespace}}/{{pod}}/{{container}}", _echo)
        application.router.add_get("/portForward/{namespace}/{pod}", _echo)
        application.router.add_route("*", "/{path:.*}", _tell)
        return application

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """Send a word now and the next when somebody lets it."""
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"one\n")
        await self.go_on.wait()
        await response.write(b"two\n")
        return response


async def _tell(request: web.Request) -> web.Response:
    """Answer with what was asked, so that a test can see it."""
    seen = {
        "method": request.method,
        "path": request.raw_path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": (await request.read()).decode("latin-1"),
    }
    headers = {"X-Answer": "yes", "Set-Cookie": "a=1", "Connection": "X-Hop", "X-Hop": "1"}
    return web.json_response(seen, headers=headers)


async def _count(request: web.Request) -> web.Response:
    """Count a body that need not fit into memory."""
    total = 0
    async for chunk in request.content.iter_any():
        total += len(chunk)
    return web.Response(text=str(total))


async def _echo(request: web.Request) -> web.WebSocketResponse:
    """Say which path was asked for, then send back what comes."""
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    channel = web.WebSocketResponse(protocols=[name for name in offered.split(",") if name])
    await channel.prepare(request)
    await channel.send_str(request.raw_path)
    async for message in channel:
        if message.type is WSMsgType.BINARY:
            await channel.send_bytes(message.data)
    return channel


async def _moved(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/elsewhere")


@asynccontextmanager
async def program_in_pod(api: Api, name: str = "web", address: str = "127.64.9.9") -> AsyncIterator[Program]:
    """Run a web server at an address of its own, and a pod that has it."""
    program = Program()
    with socket.create_server((address, 0)) as listener:
        program.port = listener.getsockname()[1]
        container = {"name": "main", "image": "host", "ports": [{"containerPort": program.port, "name": "http"}]}
        await api.post(api.path("pods"), pod(name, nodeName="nowhere", containers=[container]))
        status = {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}]}
        await api.send("PATCH", api.path("pods", name, "status"), {"status": status}, content_type=MERGE)
        runner = web.AppRunner(program.application(), shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        try:
            yield program
        finally:
            program.go_on.set()
            await runner.cleanup()


@asynccontextmanager
async def agent_of(api: Api, node: str, directory: Path) -> AsyncIterator[Program]:
    """Run an agent on a unix socket, and a node that says so."""
    program, path = Program(), directory / "agent.sock"
    runner = web.AppRunner(program.application(), shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(path)).start()
    metadata = {"name": node, "annotations": {AGENT_ENDPOINT: f"unix://{path}"}}
    await api.post("/api/v1/nodes", {"metadata": metadata})
    try:
        yield program
    finally:
        await runner.cleanup()
        await api.send("DELETE", f"/api/v1/nodes/{node}")
