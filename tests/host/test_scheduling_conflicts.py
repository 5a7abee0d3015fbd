"""The scheduling loop when others interfere: quicker binders, deletions, an API server that dies."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from kubernel.client import Client
from kubernel.host.scheduling import SchedulingSettings
from kubernel.objects.models import coordination, core
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot
from kubernel.testing import ApiServer

from tests.host.workload import FirstFit, add_node, add_pod, has_event, node_of, pods_by_node, scheduling, soon

ELECTED = SchedulingSettings(leader_election=True)


class Held(FirstFit):
    """Decides when the test lets it."""

    def __init__(self) -> None:
        self.may_decide = threading.Event()
        self.was_asked = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:
        self._loop.call_soon_threadsafe(self.was_asked.set)
        self.may_decide.wait(10)
        return super().schedule(pods, snapshot)


class Counting(FirstFit):
    """Counts the pods that it decides on."""

    def __init__(self) -> None:
        self.pods = 0

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:
        self.pods += len(pods)
        return super().schedule(pods, snapshot)


async def test_accepts_that_somebody_else_was_quicker(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")
    await add_node(client, "n2")
    driver = Held()

    async with scheduling(client, driver, tmp_path):
        await add_pod(client, "contested", cpu="800m")
        await driver.was_asked.wait()
        await client.bind("default", "contested", "n2")
        driver.may_decide.set()
        await add_pod(client, "after", cpu="800m")

        await soon(lambda: node_of(client, "after"), "after is bound")

    assert await pods_by_node(client) == {"n1": 1, "n2": 1}
    assert await node_of(client, "contested") == "n2"


async def test_gives_back_the_room_of_a_pod_deleted_while_it_was_decided(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")
    driver = Held()

    async with scheduling(client, driver, tmp_path):
        await add_pod(client, "short-lived", cpu="800m")
        await driver.was_asked.wait()
        await client.delete(core.Pod, "short-lived", "default", grace_s=0)
        again = await add_pod(client, "short-lived", cpu="900m")
        driver.may_decide.set()

        await soon(lambda: node_of(client, "short-lived"), "its successor is bound")

    seen = await client.get(core.Pod, "short-lived", "default")
    assert seen.metadata is not None
    assert again.metadata is not None
    assert seen.metadata.uid == again.metadata.uid


async def test_a_crash_of_the_api_server_neither_loses_nor_doubles_anything(
    api_server: ApiServer, client: Client, tmp_path: Path
) -> None:
    for name in ("n1", "n2"):
        await add_node(client, name, cpu="2")
    driver = Held()

    async with scheduling(client, driver, tmp_path):
        for number in range(60):
            await add_pod(client, f"p{number}")
        await driver.was_asked.wait()
        driver.may_decide.set()
        await soon(lambda: _bound(client, 1), "the first pods are bound")
        await asyncio.to_thread(api_server.kill)
        await asyncio.to_thread(api_server.start)

        await soon(lambda: _bound(client, 40), "as many pods are bound as fit")

        assert await pods_by_node(client) == {"n1": 20, "n2": 20}
        refused = await _unbound(client)
        why = "0/2 nodes are available: 2 Insufficient cpu."
        await soon(lambda: has_event(client, refused, "FailedScheduling", why), "the event")


async def test_of_two_candidates_only_the_leader_schedules(client: Client, tmp_path: Path) -> None:
    await add_node(client, "n1")
    leader, other = Counting(), Counting()

    async with scheduling(client, leader, tmp_path, ELECTED):
        await add_pod(client, "p1")
        await soon(lambda: node_of(client, "p1"), "p1 is bound")
        async with scheduling(client, other, tmp_path, ELECTED):
            await add_pod(client, "p2")
            await soon(lambda: node_of(client, "p2"), "p2 is bound")

    assert (leader.pods, other.pods) == (2, 0)
    lease = await client.get(coordination.Lease, "kubernel-scheduler", "kube-system")
    assert lease.spec is not None
    assert not lease.spec.holderIdentity


async def _bound(client: Client, count: int) -> bool:
    return (await pods_by_node(client)).total() >= count


async def _unbound(client: Client) -> str:
    pods = await client.list(core.Pod, "default")
    return next(pod.metadata.name or "" for pod in pods.items if pod.metadata and not (pod.spec and pod.spec.nodeName))
