"""The supervisor: brings the cluster up, keeps it, and takes it down in the right order.

Up: the API server answers → the Plugin objects are there → every host had its first start → the nodes are ready.
Down: what acts on the cluster → the agents with their pods → the API server, which finishes what is under way.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass

from kubernel import __version__
from kubernel.client import Client, EventRecorder, Unreachable
from kubernel.cluster.api_keeper import ApiKeeper
from kubernel.cluster.api_server import API
from kubernel.cluster.board import Board, ComponentStatus, write_board
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.nodes import until_nodes_ready
from kubernel.cluster.order import FirstApi, Order
from kubernel.cluster.processes.logbook import Logbook, LogbookHandler
from kubernel.cluster.processes.nursery import Nursery
from kubernel.cluster.settings import Progress, UpReport
from kubernel.cluster.units.desired import ensure
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.reconciler import Reconciler
from kubernel.cluster.units.unit import UnitState
from kubernel.objects.errors import StatusError

__all__ = ["supervise"]

SUPERVISOR = "supervisor"
NODES_TIMEOUT_S = 15.0
EXIT_FAILED = 1

_log = logging.getLogger(SUPERVISOR)


async def supervise(order: Order, control: socket.socket, first: FirstApi, progress: Progress) -> int:
    """Bring a cluster up, keep it until a signal, take it down; returns the exit code.

    Args:
        order: What to bring up.
        control: The line to the zygote.
        first: The API server that is starting already.
        progress: Whom to tell.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    nursery, logbook = Nursery(control), _open_logbook(order)
    agent = f"kubernel-supervisor/{__version__}"
    async with Client.over_socket(order.data.api_socket, user_agent=agent) as client:
        supervisor = Supervisor(order, progress, client, Workshop(nursery, logbook))
        try:
            return await supervisor.live(first, stopping)
        finally:
            await supervisor.take_down()
            nursery.close()
            logbook.close()


def _open_logbook(order: Order) -> Logbook:
    terminal = None if order.settings.detach else sys.stderr
    level = logging.DEBUG if order.settings.verbose else logging.WARNING
    logbook = Logbook(order.data.logs, terminal, level)
    logging.basicConfig(level=logging.INFO, handlers=[LogbookHandler(logbook.pen(SUPERVISOR))], force=True)
    return logbook


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where processes come from and where their output goes."""

    nursery: Nursery
    logbook: Logbook


class Supervisor:
    """One run of one cluster."""

    def __init__(self, order: Order, progress: Progress, client: Client, workshop: Workshop) -> None:
        self._order = order
        self._progress = progress
        self._client = client
        self._is_up = False
        self._api = ApiKeeper(workshop.nursery, workshop.logbook, client, order.api, self._post)
        self._recorder = EventRecorder(client, SUPERVISOR, os.uname().nodename)
        self._reconciler = Reconciler(
            client,
            self._recorder,
            Launcher(workshop.nursery, workshop.logbook),
            data=order.data,
            nodes=order.shape.node_names,
            on_change=self._post,
        )

    async def live(self, first: FirstApi, stopping: asyncio.Event) -> int:
        """Do everything between the start and the signal; returns the exit code."""
        told = asyncio.create_task(stopping.wait())
        work = asyncio.create_task(self._work(first))
        await asyncio.wait({told, work}, return_when=asyncio.FIRST_COMPLETED)
        for task in (work, told):
            task.cancel()
        await asyncio.gather(work, told, return_exceptions=True)
        error = None if work.cancelled() else work.exception()
        if error is None:
            return 0
        is_expected = isinstance(error, ClusterError)
        _log.error("%s", error, exc_info=None if is_expected else error)
        self._progress.failed(str(error) if is_expected else f"{error!r}; see logs/{SUPERVISOR}.log")
        return EXIT_FAILED

    async def take_down(self) -> None:
        """Stop everything in order, and leave nothing in the run directory."""
        _log.info("stopping")
        with contextlib.suppress(OSError):
            self._order.data.shutting_down.touch(mode=0o600)
        await self._reconciler.stop()
        await self._api.stop()
        self._order.data.clear_run()
        _log.info("stopped")

    async def _work(self, first: FirstApi) -> None:
        self._step("starting the API server")
        self._reconciler.presume(self._order.settings.drivers)
        await self._api.adopt(first.pid, first.output_fd, self._order.settings.ready_timeout_s)
        self._step("starting the plugins")
        await self._ensure_objects()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._api.keep())
            group.create_task(self._recorder.run())
            group.create_task(self._reconciler.run())
            await self._reconciler.until_settled()
            await self._nodes_ready()
            self._is_up = True
            self._post()
            self._step("ready")
            self._progress.ready(self._report())

    def _step(self, text: str) -> None:
        _log.info("%s (%.2f s after the start)", text, time.monotonic() - self._order.started)
        self._progress.step(text)

    async def _ensure_objects(self) -> None:
        try:
            await ensure(self._client, self._order.settings.drivers)
        except (StatusError, Unreachable) as error:
            raise ClusterError(f"the Plugin objects could not be written: {error}") from error

    async def _nodes_ready(self) -> None:
        """Wait until the agent's nodes are ready, unless no agent runs."""
        if not any(state.plan.spec.nodes and state.is_ready for state in self._reconciler.states.values()):
            return
        self._step("waiting for the nodes")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(NODES_TIMEOUT_S):
                await until_nodes_ready(self._client, set(self._order.shape.node_names))

    def _report(self) -> UpReport:
        return UpReport(
            kubeconfig=str(self._order.data.kubeconfig),
            url=self._order.shape.url,
            seconds=time.monotonic() - self._order.started,
            pid=self._order.pid,
            warnings=tuple(f"{name}: {problem}" for name, problem in sorted(self._reconciler.problems.items())),
        )

    def _post(self) -> None:
        """Write down what runs, for `status`."""
        own = [
            ComponentStatus("zygote", self._order.pid, "Running", is_ready=True),
            ComponentStatus(SUPERVISOR, os.getpid(), "Running", is_ready=True),
            ComponentStatus(API, self._api.pid, "Running", is_ready=self._api.is_ready, restarts=self._api.restarts),
        ]
        plugins = [_component(name, state) for name, state in sorted(self._reconciler.states.items())]
        board = Board(self._order.shape.url, self._is_up and self._api.is_ready, (*own, *plugins))
        try:
            write_board(self._order.data.components, board)
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._order.data.components, error)


def _component(name: str, state: UnitState) -> ComponentStatus:
    return ComponentStatus(
        name,
        state.pid,
        state.phase,
        is_ready=state.is_ready,
        restarts=state.restarts,
        driver=state.origins[0].name if state.origins else "",
        message=state.message,
    )
