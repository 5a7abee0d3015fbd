"""What the scheduling loop's tests share: nodes and pods in a real API server, and a loop that schedules them."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from kubernel.client import Client, EventRecorder
from kubernel.host.scheduling import SchedulingLoop, SchedulingSettings
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts import ActorContext, PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot
from kubernel.plugin.scheduling import Ledger
from kubernel.testing import eventually

T = TypeVar("T")
QUICK = SchedulingSettings(backoff_first_s=0.05, backoff_max_s=0.2)


class FirstFit(Scheduler):
    """The simplest scheduler that is right."""

    info = PluginInfo("first-fit", "For tests.")

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:
        ledger = Ledger(snapshot)
        return [self._decide(pod, ledger) for pod in pods]

    def _decide(self, pod: PodInfo, ledger: Ledger) -> Decision:
        node = next(ledger.fitting(pod), None)
        return ledger.place(pod, node) if node else ledger.refuse(pod)


@asynccontextmanager
async def scheduling(
    client: Client, driver: Scheduler, data: Path, settings: SchedulingSettings = QUICK
) -> AsyncIterator[None]:
    """Run the loop and the recorder as the host does."""
    ready, stopping = asyncio.Event(), asyncio.Event()
    recorder = EventRecorder(client, "scheduler")
    context = ActorContext(client, recorder, logging.getLogger("scheduler"), data, ready.set, stopping)
    recording = asyncio.ensure_future(recorder.run())
    work = asyncio.ensure_future(SchedulingLoop(driver, settings).run(context))
    try:
        await asyncio.wait((work, asyncio.ensure_future(ready.wait())), return_when=asyncio.FIRST_COMPLETED)
        yield
        stopping.set()
        async with asyncio.timeout(5):
            await work
    finally:
        work.cancel()
        recording.cancel()
        await asyncio.gather(work, recording, return_exceptions=True)


async def add_node(client: Client, name: str, *, cpu: str = "1", unschedulable: bool = False) -> None:
    node = core.Node(metadata=meta.ObjectMeta(name=name), spec=core.NodeSpec(unschedulable=unschedulable or None))
    node = await client.create(node)
    amounts = {"cpu": cpu, "memory": "8Gi", "pods": "110"}
    node.status = core.NodeStatus(
        capacity=amounts, allocatable=amounts, conditions=[core.NodeCondition(type="Ready", status="True")]
    )
    await client.update_status(node)


async def add_pod(client: Client, name: str, *, cpu: str = "100m", scheduler: str | None = None) -> core.Pod:
    resources = core.ResourceRequirements(requests={"cpu": cpu})
    container = core.Container(name="main", image="host", resources=resources)
    spec = core.PodSpec(containers=[container], schedulerName=scheduler)
    return await client.create(core.Pod(metadata=meta.ObjectMeta(name=name), spec=spec), "default")


async def node_of(client: Client, name: str) -> str | None:
    pod = await client.get(core.Pod, name, "default")
    return pod.spec.nodeName if pod.spec else None


async def scheduled_condition(client: Client, name: str) -> core.PodCondition | None:
    pod = await client.get(core.Pod, name, "default")
    conditions = (pod.status.conditions if pod.status else None) or []
    return next((condition for condition in conditions if condition.type == "PodScheduled"), None)


async def has_event(client: Client, name: str, reason: str, message: str) -> bool:
    events = await client.list(core.Event, "default", field_selector=f"involvedObject.name={name}")
    return any((event.reason, event.message) == (reason, message) for event in events.items)


async def pods_by_node(client: Client) -> Counter[str]:
    pods = await client.list(core.Pod, "default")
    return Counter(pod.spec.nodeName for pod in pods.items if pod.spec and pod.spec.nodeName)


async def soon(ask: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Ask until there is an answer."""
    answers: list[T] = []

    async def look() -> bool:
        if answer := await ask():
            answers.append(answer)
        return bool(answer)

    condition: Callable[[], bool | Awaitable[bool]] = look
    await eventually(condition, what)
    return answers[-1]
