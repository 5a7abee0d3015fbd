"""An agent in the test's own process, over a real API server and real drivers, that can be stopped and started."""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kubernel.client import Client, EventRecorder
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts import ActorContext, Runtime
from kubernel_network_loopback import LoopbackNetwork
from kubernel_node_agent import NodeAgent, NodeSettings
from kubernel_runtime_process.runtime import ProcessRuntime

T = TypeVar("T")
QUICK = NodeSettings(back_off_first_s=0.5, resync_s=1.0)


def make_pod(name: str, script: str = "exec sleep 600") -> core.Pod:
    """Return a pod of one container, which runs a shell script; a machine gives it its namespace and node."""
    container = core.Container(name="main", image="host", command=["/bin/sh", "-c", script])
    spec = core.PodSpec(containers=[container], terminationGracePeriodSeconds=1)
    return core.Pod(apiVersion="v1", kind="Pod", metadata=meta.ObjectMeta(name=name), spec=spec)


def with_spec(pod: core.Pod, **fields: object) -> core.Pod:
    """Set fields of the pod's spec, and return the pod."""
    for name, value in fields.items():
        setattr(pod.spec, name, value)
    return pod


def with_container(pod: core.Pod, **fields: object) -> core.Pod:
    """Set fields of the pod's first container, and return the pod."""
    assert pod.spec is not None
    for name, value in fields.items():
        setattr(pod.spec.containers[0], name, value)
    return pod


async def until(condition: Callable[[], Awaitable[T | None]], what: str, timeout_s: float = 15.0) -> T:
    """Ask again and again until there is an answer, and return it."""
    deadline_s = time.monotonic() + timeout_s
    while (answer := await condition()) is None:
        assert time.monotonic() < deadline_s, f"{what}: not within {timeout_s:g} s"
        await asyncio.sleep(0.02)
    return answer


@dataclass
class Machine:
    """A directory with an agent on it that can be stopped and started again.

    Its node and the namespace of its pods have the machine's name, so several can share an API server.
    """

    client: Client
    directory: Path
    name: str = field(default_factory=lambda: f"m-{uuid.uuid4().hex[:8]}")
    nodes: tuple[str, ...] = ()
    settings: NodeSettings = QUICK
    make_runtime: Callable[[], Runtime] = ProcessRuntime
    _running: list[asyncio.Task[None]] = field(default_factory=list)
    _recorder: EventRecorder | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def data(self) -> Path:
        return self.directory / "plugins" / "agent"

    async def prepare(self) -> None:
        """Make the namespace of this machine's pods."""
        with suppress(StatusError):
            await self.client.create(core.Namespace(metadata=meta.ObjectMeta(name=self.name)))

    @staticmethod
    async def pause() -> None:
        """Let others have the processor for a moment."""
        await asyncio.sleep(0.01)

    async def start(self) -> None:
        """Start an agent and wait until it is ready."""
        (self.directory / "run").mkdir(exist_ok=True)
        await self.prepare()
        self.data.mkdir(parents=True, exist_ok=True)
        recorder = self._recorder = EventRecorder(self.client, "agent")
        ready = asyncio.Event()
        self._stopping = asyncio.Event()
        drivers = {"runtime": self.make_runtime(), "network": LoopbackNetwork()}
        context = ActorContext(
            client=self.client,
            recorder=recorder,
            log=logging.getLogger("agent"),
            data=self.data,
            ready=ready.set,
            stopping=self._stopping,
            drivers=dict(drivers),
            nodes=self.nodes or (self.name,),
        )
        agent = asyncio.create_task(NodeAgent(self.settings).run(context))
        self._running = [agent, asyncio.create_task(recorder.run())]
        await asyncio.wait([agent, asyncio.create_task(ready.wait())], return_when=asyncio.FIRST_COMPLETED)
        if agent.done():
            agent.result()

    async def stop(self) -> None:
        """Stop the agent as its host does; the pods go on."""
        if not self._running:
            return
        agent, recorder = self._running
        self._running = []
        self._stopping.set()
        await asyncio.wait_for(agent, 5.0)
        recorder.cancel()
        with suppress(asyncio.CancelledError):
            await recorder

    async def shut_down(self) -> None:
        """Stop the agent as a cluster that shuts down does; the pods end."""
        marker = self.directory / "run" / "shutting-down"
        marker.touch()
        await self.stop()
        marker.unlink()

    @property
    def sandboxes(self) -> Path:
        """Where the process runtime has a directory for each sandbox."""
        return self.data / "runtimes" / "process" / "sandboxes"

    @property
    def is_running(self) -> bool:
        return bool(self._running)

    async def run(self, pod: core.Pod, phase: str = "Running") -> core.Pod:
        """Create a pod and wait until it is in this phase."""
        await self.create(pod)
        return await self.phase((pod.metadata and pod.metadata.name) or "", phase)

    async def create(self, pod: core.Pod) -> core.Pod:
        """Create a pod of this machine."""
        assert pod.spec is not None
        pod.spec.nodeName = pod.spec.nodeName or (self.nodes or (self.name,))[0]
        return await self.client.create(pod, self.name)

    async def delete(self, name: str, grace_s: int | None = None) -> None:
        """Ask for the pod's end."""
        await self.client.delete(core.Pod, name, self.name, grace_s=grace_s)

    async def pod(self, name: str) -> core.Pod:
        return await self.client.get(core.Pod, name, self.name)

    async def phase(self, name: str, phase: str) -> core.Pod:
        """Wait until the pod is in this phase, and return it."""

        async def reached() -> core.Pod | None:
            pod = await self.pod(name)
            return pod if pod.status and pod.status.phase == phase else None

        return await until(reached, f"pod {name} is {phase}")

    async def state(self, name: str, matches: Callable[[core.ContainerStatus], bool]) -> core.ContainerStatus:
        """Wait until the pod's first container is in such a state, and return it."""

        async def reached() -> core.ContainerStatus | None:
            pod = await self.pod(name)
            statuses = (pod.status.containerStatuses if pod.status else None) or []
            return statuses[0] if statuses and matches(statuses[0]) else None

        return await until(reached, f"the container of pod {name} is in that state")

    async def gone(self, name: str, timeout_s: float = 10.0) -> None:
        """Wait until the API has the pod no more."""

        async def is_gone() -> bool | None:
            try:
                await self.pod(name)
            except StatusError as error:
                return True if error.code == 404 else None
            return None

        await until(is_gone, f"pod {name} is gone", timeout_s)

    async def says(self, name: str, words: str) -> None:
        """Wait until the pod's program has written these words."""

        async def has_said() -> bool | None:
            return True if words in await self.log(name) else None

        await until(has_said, f"pod {name} says {words}")

    async def log(self, name: str, **query: str) -> str:
        path = f"/api/v1/namespaces/{self.name}/pods/{name}/log"
        return b"".join([chunk async for chunk in self.client.stream("GET", path, query=query)]).decode()

    def sandbox_of(self, pod: core.Pod) -> Path:
        """Return the directory of the pod's sandbox."""
        return self.sandboxes / ((pod.metadata and pod.metadata.uid) or "")

    def process_of(self, name: str, pod: core.Pod) -> int:
        """Return the process of the pod's first container."""
        status = (pod.status.containerStatuses if pod.status else None) or []
        container_id = (status[0].containerID or "").partition("://")[2]
        record = json.loads((self.sandbox_of(pod) / "containers" / container_id / "record.json").read_text())
        assert record["finished_at"] == 0, f"the container of pod {name} has ended"
        return int(record["pid"])

    async def settle_events(self) -> None:
        """Wait until every event told so far is written."""
        assert self._recorder is not None
        await self._recorder.flush()

    async def events(self, name: str) -> list[tuple[str, str]]:
        """Return the reasons and messages of the events about the pod."""
        page = await self.client.list(core.Event, self.name)
        return [(e.reason or "", e.message or "") for e in page.items if e.involvedObject.name == name]
