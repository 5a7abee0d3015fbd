"""Whether the API server answers, and what it said at its end."""

import asyncio
import os

from kubernel.client import Client, Unreachable
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.processes.child import Child, exit_sentence
from kubernel.cluster.processes.logbook import Pen
from kubernel.objects.errors import StatusError

__all__ = ["is_live", "until_ready"]

POLL_S = 0.01
SHOWN_LINES = 5
LIVE_TIMEOUT_S = 10.0


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
