"""One run of the agent, from its start to its end.

The drivers come up, the nodes are registered, what is left over from before is taken up or cleaned away; then the
loops run, until the host says stop.
"""

import asyncio
import shutil
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubernel.client import Informer, RateLimitedQueue, Unreachable, run_workers
from kubernel.client.backoff import Backoff
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.actor import ActorContext
from kubernel.plugin.contracts.network import Network
from kubernel.plugin.contracts.runtime import CAPABILITY_NO_CONTAINERS, Runtime, RuntimeUnavailable

from kubernel_node_agent.logs import LogServer
from kubernel_node_agent.nodes import Heartbeat, NodeRegistrar
from kubernel_node_agent.nodes.machine import read_machine
from kubernel_node_agent.nodes.offers import offer
from kubernel_node_agent.nodes.registration import NodeFacts
from kubernel_node_agent.pods.reconciler import Reconciler
from kubernel_node_agent.pods.surroundings import Workplace
from kubernel_node_agent.pods.table import PodTable
from kubernel_node_agent.settings import NodeSettings
from kubernel_node_agent.volumes import Volumes

__all__ = ["Drivers", "Shift"]

_HOST_IP = "127.0.0.1"
"""Every node of this agent is this machine, and the embedded network lives on the loopback device."""
_SHUTTING_DOWN = "shutting-down"
"""A file in the run directory: the whole cluster stops, and its pods with it."""
_SOCKET = "agent.sock"
_HEALTH_PERIOD_S = 10.0
_RETRIES = Backoff(first_s=0.02, limit_s=5.0, jitter=0.5)
"""A short limit: after an outage of the API server, what pods did meanwhile is told within seconds."""
_BY_NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True)
class Drivers:
    """What the agent drives."""

    runtime: Runtime
    network: Network


class Shift:
    """The agent from its start to its end."""

    def __init__(self, context: ActorContext, settings: NodeSettings, drivers: Drivers) -> None:
        self._context = context
        self._settings = settings
        self._runtime = drivers.runtime
        self._network = drivers.network
        self._run_directory = context.data.parent.parent / "run"
        self._queue: RateLimitedQueue[str] = RateLimitedQueue(_RETRIES)
        self._table = PodTable(context.client, context.nodes, self._queue.add)
        self._services: Informer[core.Service] = Informer(context.client, core.Service)
        self._services.index(_BY_NAMESPACE, lambda service: [meta_of(service).namespace or ""])
        self._volumes = Volumes(context.data / "pods")
        self._nodes: Informer[core.Node] = Informer(context.client, core.Node)
        self._nodes.on_change(self._node_changed)
        self._is_doubted = asyncio.Event()

    async def serve(self) -> None:
        """Serve until told to stop."""
        if not await self._start_drivers():
            return
        try:
            await self._serve_nodes()
            if (self._run_directory / _SHUTTING_DOWN).exists():
                await self._end_all_pods()
        finally:
            await self._runtime.stop()
            await self._network.stop()

    async def _serve_nodes(self) -> None:
        registrar = NodeRegistrar(self._context.client, self._context.nodes, await self._facts())
        heartbeat = Heartbeat(self._context.client, self._context.nodes, self._settings)
        await registrar.register()
        await heartbeat.beat_once()
        reconciler = Reconciler(self._workplace(), self._table, self._queue)
        logs = LogServer(self._runtime, self._table.find)
        await logs.start(self._run_directory / _SOCKET)
        try:
            await self._until_stopping(
                [
                    self._table.informer.run(),
                    self._services.run(),
                    self._nodes.run(),
                    heartbeat.run(),
                    self._report_nodes(registrar),
                    self._hear_runtime(),
                    self._work(reconciler),
                ]
            )
        finally:
            await reconciler.close()
            await logs.stop()

    async def _until_stopping(self, loops: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Run the loops until the host wants us to stop; a loop that fails ends the run."""
        tasks = [asyncio.create_task(loop) for loop in loops]
        stopping = asyncio.create_task(self._context.stopping.wait())
        try:
            done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (stopping, *tasks):
                task.cancel()
            await asyncio.gather(stopping, *tasks, return_exceptions=True)

    async def _start_drivers(self) -> bool:
        """Start both drivers, however long the runtime's engine is away; returns False when told to stop meanwhile."""
        place = await asyncio.to_thread(_place_of, self._runtime.info.name, self._context.data / "runtimes")
        (self._context.data / "network").mkdir(mode=0o700, exist_ok=True)
        while True:
            try:
                await self._runtime.start(place)
                break
            except RuntimeUnavailable as error:
                self._context.log.warning("the runtime is not available: %s", error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._context.stopping.wait(), error.retry_after_s)
                if self._context.stopping.is_set():
                    return False
        await self._network.start(self._context.data / "network")
        return True

    async def _work(self, reconciler: Reconciler) -> None:
        await self._table.informer.synced.wait()
        await self._services.synced.wait()
        # What is here and not in the API was deleted while we were away; a look at it removes it.
        for sandbox in await self._runtime.sandboxes():
            self._queue.add(sandbox.uid)
        for uid in await self._network.attached() | self._volumes.known():
            self._queue.add(uid)
        self._context.log.info("serving %d nodes with %d pods", len(self._context.nodes), len(self._table))
        self._context.ready()
        await asyncio.gather(
            run_workers(self._queue, reconciler.reconcile, count=self._settings.workers, log=self._context.log),
            self._resync(),
        )

    async def _resync(self) -> None:
        """Look at every pod now and then: events are hints, and one may be lost."""
        if CAPABILITY_NO_CONTAINERS in self._runtime.info.capabilities:
            return
        while True:
            await asyncio.sleep(self._settings.resync_s)
            for uid in self._table.uids():
                self._queue.add(uid)

    async def _hear_runtime(self) -> None:
        async for uid in self._runtime.events():
            self._queue.add(uid)

    async def _report_nodes(self, registrar: NodeRegistrar) -> None:
        """Write the nodes' status when it changes or is doubted, and every few minutes."""
        loop = asyncio.get_running_loop()
        reported_at, before = loop.time(), registrar.pressing()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_doubted.wait(), _HEALTH_PERIOD_S)
            now = registrar.pressing()
            is_due = loop.time() - reported_at >= self._settings.status_period_s
            if now == before and not is_due and not self._is_doubted.is_set():
                continue
            self._is_doubted.clear()
            try:
                await registrar.report()
            except* (StatusError, Unreachable) as errors:
                self._context.log.warning("the nodes' status was not written: %s", errors.exceptions[0])
            else:
                reported_at, before = loop.time(), now

    def _node_changed(self, _old: core.Node | None, new: core.Node | None) -> None:
        """Notice that somebody took one of our nodes for dead (we were cut off): say at once that it lives."""
        if new is None or meta_of(new).name not in self._context.nodes:
            return
        conditions = (new.status.conditions if new.status else None) or []
        if any(condition.type == "Ready" and condition.status == "Unknown" for condition in conditions):
            self._is_doubted.set()

    async def _end_all_pods(self) -> None:
        """Leave nothing behind: the cluster is shutting down. The API keeps the pods for its next start."""
        uids = [sandbox.uid for sandbox in await self._runtime.sandboxes()]
        self._context.log.info("the cluster shuts down: ending %d pods", len(uids))
        await asyncio.gather(*(self._runtime.remove_sandbox(uid, self._settings.shutdown_grace_s) for uid in uids))

    async def _facts(self) -> NodeFacts:
        machine = read_machine()
        return NodeFacts(
            machine=machine,
            runtime_version=await self._runtime.version(),
            amounts=self._amounts(),
            address=_HOST_IP,
            endpoint=f"unix://{self._run_directory / _SOCKET}",
            data=self._context.data,
        )

    def _amounts(self) -> dict[str, str]:
        has_containers = CAPABILITY_NO_CONTAINERS not in self._runtime.info.capabilities
        return offer(read_machine(), self._settings, nodes=len(self._context.nodes), has_containers=has_containers)

    def _workplace(self) -> Workplace:
        return Workplace(
            client=self._context.client,
            recorder=self._context.recorder,
            log=self._context.log,
            runtime=self._runtime,
            network=self._network,
            volumes=self._volumes,
            settings=self._settings,
            host_ip=_HOST_IP,
            allocatable=self._amounts(),
            services=lambda namespace: self._services.by_index(_BY_NAMESPACE, namespace),
        )


def _place_of(name: str, runtimes: Path) -> Path:
    """Return the directory of the runtime of this name, and remove those of others.

    A runtime that was swapped out serves nobody any more; the contract makes it let go of what it runs when its
    directory is removed. The pods start again under the new one.
    """
    runtimes.mkdir(mode=0o700, exist_ok=True)
    for other in runtimes.iterdir():
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    place = runtimes / name
    place.mkdir(mode=0o700, exist_ok=True)
    return place
