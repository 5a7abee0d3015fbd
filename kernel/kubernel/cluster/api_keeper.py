"""Keeps the API server running: restarts it when it ends, and when it no longer answers."""

import asyncio
import logging
from collections.abc import Callable

from kubernel.client import Client
from kubernel.cluster.api_health import is_live, until_ready
from kubernel.cluster.api_server import API
from kubernel.cluster.processes.backoff import RestartBackoff
from kubernel.cluster.processes.child import Child, exit_sentence
from kubernel.cluster.processes.logbook import Logbook, Pen
from kubernel.cluster.processes.messages import RunApi
from kubernel.cluster.processes.nursery import Ears, Nursery

__all__ = ["ApiKeeper"]

LOOK_S = 5.0
DEAF_MAX = 3
"""Looks without an answer, of ten seconds each, before the server counts as hung."""

STOP_GRACE_S = 10.0
"""Longer than the server takes to finish the requests that are under way."""

_log = logging.getLogger("supervisor")


class _ApiEars(Ears):
    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def output(self, data: bytes) -> None:
        self._pen.write(data)

    def output_closed(self) -> None:
        self._pen.end()


class ApiKeeper:
    """The API server's life.

    Attributes:
        restarts: How often it was started again.
        is_ready: Whether it answered at the last look.
    """

    def __init__(
        self, nursery: Nursery, logbook: Logbook, client: Client, program: RunApi, on_change: Callable[[], None]
    ) -> None:
        self.restarts = 0
        self.is_ready = False
        self._nursery = nursery
        self._logbook = logbook
        self._client = client
        self._program = program
        self._on_change = on_change
        self._backoff = RestartBackoff(asyncio.get_running_loop().time)
        self._child: Child | None = None
        self._pen: Pen | None = None

    @property
    def pid(self) -> int | None:
        """Its process, if there is one."""
        return self._child.pid if self._child is not None and self._child.is_alive else None

    async def adopt(self, pid: int, output_fd: int, timeout_s: float) -> None:
        """Take over the server that was started first of all, and wait until it is ready.

        Raises:
            ClusterError: It does not become ready; with its last words.
        """
        self._pen = self._logbook.pen(API)
        self._child = self._nursery.adopt(pid, output_fd, _ApiEars(self._pen))
        self._backoff.started()
        await until_ready(self._client, self._child, self._pen, timeout_s)
        self._now(is_ready=True)

    async def keep(self) -> None:
        """Restart it whenever that is needed, until cancelled."""
        while True:
            assert self._child is not None
            reason = await self._until_it_fails(self._child)
            delay_s = self._backoff.ended()
            self._now(is_ready=False)
            _log.error("the API server %s; starting it again in %.1f s", reason, delay_s)
            await asyncio.sleep(delay_s)
            self.restarts += 1
            await self._start()

    async def stop(self) -> None:
        """Let it finish what is under way, and end it."""
        if self._child is not None:
            await self._child.stop(STOP_GRACE_S)

    async def _start(self) -> None:
        self._backoff.started()
        self._pen = self._logbook.pen(API)
        self._child = await self._nursery.spawn(self._program, _ApiEars(self._pen))
        self._on_change()

    async def _until_it_fails(self, child: Child) -> str:
        deaf = 0
        while True:
            await asyncio.wait({child.ended}, timeout=LOOK_S)
            if not child.is_alive:
                return exit_sentence(child.ended.result())
            is_live_now = await is_live(self._client)
            deaf = 0 if is_live_now else deaf + 1
            self._now(is_ready=is_live_now)
            if deaf >= DEAF_MAX and child.is_alive:
                await child.kill()
                return "did not answer and was killed"

    def _now(self, *, is_ready: bool) -> None:
        if self.is_ready != is_ready:
            self.is_ready = is_ready
            self._on_change()
