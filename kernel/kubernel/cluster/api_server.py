"""The API server as a process of the cluster: what it is started with, when it answers, and what it said at its end."""

import asyncio
import os
from pathlib import Path

from kubernel.client import Client, Unreachable
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.processes.child import Child, exit_sentence
from kubernel.cluster.processes.logbook import Pen
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.pki import Pki
from kubernel.objects.errors import StatusError

__all__ = ["API", "TOKENS", "is_live", "serve_api", "until_ready"]

API = "api"
"""The component's name."""

TOKENS = "tokens.csv"
REQUESTS = "requests.log"
POLL_S = 0.01
SHOWN_LINES = 5
LIVE_TIMEOUT_S = 10.0


def serve_api(data: Path, host: str, port: int) -> None:
    """Run the API server in this process until SIGTERM."""
    from kubernel.api.server import serve  # noqa: PLC0415 - only this process may pay for it
    from kubernel.api.settings import ServerSettings  # noqa: PLC0415 - as above

    directory = DataDir(data)
    pki = Pki(directory.pki)
    serve(
        ServerSettings(
            data=data,
            host=host,
            port=port,
            socket=directory.api_socket,
            tls_cert=pki.server,
            tls_key=pki.server_key,
            client_ca=pki.ca,
            token_file=directory.pki / TOKENS,
            request_log=directory.logs / REQUESTS,
        )
    )


async def until_ready(client: Client, child: Child, pen: Pen, timeout_s: float) -> None:
    """Wait until the API server answers that it is ready.

    Raises:
        ClusterError: It ended, or did not answer in time; the message has its last words.
    """
    deadline = asyncio.get_running_loop().time() + timeout_s
    while child.is_alive:
        if await _answers(client, "/readyz"):
            return
        if asyncio.get_running_loop().time() > deadline:
            raise ClusterError(f"the API server is not ready after {timeout_s:g} s; it said:\n{_last_words(pen)}")
        await asyncio.sleep(POLL_S)
    pen.end()
    raise ClusterError(f"the API server {exit_sentence(child.ended.result())}; it said:\n{_last_words(pen)}")


async def is_live(client: Client) -> bool:
    """Whether it answers at all within ten seconds."""
    try:
        async with asyncio.timeout(LIVE_TIMEOUT_S):
            return await _answers(client, "/livez")
    except TimeoutError:
        return False


async def _answers(client: Client, path: str) -> bool:
    socket = client.access.socket
    if socket is not None and not os.path.exists(socket):  # noqa: ASYNC240, PTH110 - a stat of a local path
        return False
    try:
        await client.request("GET", path)
    except (Unreachable, StatusError):
        return False
    return True


def _last_words(pen: Pen) -> str:
    return "\n".join(f"  {line}" for line in pen.last[-SHOWN_LINES:]) or "  (nothing)"
