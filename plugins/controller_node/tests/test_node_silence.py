"""A node that falls silent, and one that comes back, against a real API server."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core
from kubernel.objects.pods.state import condition_of
from kubernel.testing import ApiServer, eventually
from kubernel.testing.actors import running
from kubernel_controller_node import NodeController, NodeSettings
from kubernel_controller_node.conditions import condition_status
from kubernel_controller_node.taints import UNREACHABLE

CreateNode = Callable[[str], Awaitable[core.Node]]
CreatePod = Callable[..., Awaitable[core.Pod]]
Beat = Callable[[str], Awaitable[None]]

SILENCE = NodeSettings(grace_s=0.5, eviction_after_s=60)
EVICTION = NodeSettings(grace_s=0.3, eviction_after_s=0.5)


async def _taints(client: Client, name: str) -> set[str]:
    node = await client.get(core.Node, name)
    return {f"{t.key}:{t.effect}" for t in (node.spec.taints if node.spec is not None else None) or ()}


async def _exists(client: Client, pod: str) -> bool:
    try:
        await client.get(core.Pod, pod, "default")
    except StatusError as error:
        if error.code == 404:
            return False
        raise
    return True


async def _reasons(client: Client, name: str) -> set[str]:
    return {e.reason or "" for e in (await client.list(core.Event)).items if e.involvedObject.name == name}


async def test_silent_node_is_unknown_and_tainted_and_its_pods_unready(
    client: Client, create_node: CreateNode, create_pod: CreatePod, tmp_path: Path
) -> None:
    await create_node("n1")
    await create_pod("p", "n1")

    async with running(NodeController(SILENCE), client, tmp_path):

        async def is_marked() -> bool:
            node = await client.get(core.Node, "n1")
            pod = await client.get(core.Pod, "p", "default")
            ready = condition_of(pod, "Ready")
            return condition_status(node, "Ready") == "Unknown" and ready is not None and ready.status == "False"

        async def is_tainted() -> bool:
            return await _taints(client, "n1") == {f"{UNREACHABLE}:NoSchedule", f"{UNREACHABLE}:NoExecute"}

        await eventually(is_marked, "the node unknown and the pod unready")
        await eventually(is_tainted, "two taints")

    assert "NodeNotReady" in await _reasons(client, "n1")
    assert "NodeNotReady" in await _reasons(client, "p")
    assert await _exists(client, "p")


async def test_node_that_beats_is_left_alone(
    client: Client, create_node: CreateNode, beat: Beat, tmp_path: Path
) -> None:
    await create_node("n1")
    await create_node("silent")

    async with running(NodeController(SILENCE), client, tmp_path):

        async def other_is_silent() -> bool:
            await beat("n1")
            return len(await _taints(client, "silent")) == 2

        await eventually(other_is_silent, "the other node's taints")
        node = await client.get(core.Node, "n1")

    assert condition_status(node, "Ready") == "True"
    assert await _taints(client, "n1") == set()


async def test_node_that_comes_back_loses_its_taints(
    client: Client, create_node: CreateNode, beat: Beat, report_ready: Beat, tmp_path: Path
) -> None:
    await create_node("n1")

    async with running(NodeController(SILENCE), client, tmp_path):

        async def is_tainted() -> bool:
            return len(await _taints(client, "n1")) == 2

        await eventually(is_tainted, "the taints")
        await report_ready("n1")

        async def is_free() -> bool:
            await beat("n1")
            return await _taints(client, "n1") == set()

        await eventually(is_free, "no taints")


async def test_pods_of_a_silent_node_are_given_up(
    client: Client, create_node: CreateNode, create_pod: CreatePod, tmp_path: Path
) -> None:
    stays_for_ever = core.Toleration(key=UNREACHABLE, operator="Exists")
    await create_node("n1")
    await create_pod("leaves", "n1")
    await create_pod("stays", "n1", stays_for_ever)

    async with running(NodeController(EVICTION), client, tmp_path):

        async def is_gone() -> bool:
            return not await _exists(client, "leaves")

        await eventually(is_gone, "the pod to be removed for good")

    assert await _exists(client, "stays")
    assert "TaintManagerEviction" in await _reasons(client, "leaves")


async def test_taint_of_a_person_drives_pods_out_at_once(
    client: Client, create_node: CreateNode, create_pod: CreatePod, beat: Beat, tmp_path: Path
) -> None:
    await create_node("n1")
    await create_pod("p", "n1")

    async with running(NodeController(NodeSettings()), client, tmp_path):
        taint = {"key": "maintenance", "effect": "NoExecute"}
        await client.patch(core.Node, "n1", {"spec": {"taints": [taint]}})

        async def is_ending() -> bool:
            await beat("n1")
            pod = await client.get(core.Pod, "p", "default")
            return pod.metadata is not None and pod.metadata.deletionTimestamp is not None

        await eventually(is_ending, "the pod's deletion")


async def test_cordoned_node_is_tainted_until_it_is_released(
    client: Client, create_node: CreateNode, tmp_path: Path
) -> None:
    await create_node("n1")

    async with running(NodeController(NodeSettings()), client, tmp_path):

        async def is_tainted() -> bool:
            return await _taints(client, "n1") == {"node.kubernetes.io/unschedulable:NoSchedule"}

        async def is_free() -> bool:
            return await _taints(client, "n1") == set()

        await client.patch(core.Node, "n1", {"spec": {"unschedulable": True}})
        await eventually(is_tainted, "the taint")
        await client.patch(core.Node, "n1", {"spec": {"unschedulable": None}})
        await eventually(is_free, "no taint")


async def test_pod_of_a_node_that_does_not_exist_is_removed(
    client: Client, create_node: CreateNode, create_pod: CreatePod, tmp_path: Path
) -> None:
    await create_node("n1")
    await create_pod("homeless", "n1")
    await create_pod("lives", "n2-later")
    await client.delete(core.Node, "n1")
    await create_node("n2-later")

    async with running(NodeController(NodeSettings(grace_s=0.3, eviction_after_s=60)), client, tmp_path):

        async def is_gone() -> bool:
            return not await _exists(client, "homeless")

        await eventually(is_gone, "the pod to be removed")

    assert await _exists(client, "lives")


async def test_nodes_are_not_blamed_for_an_outage_of_the_server(
    api_server: ApiServer, client: Client, create_node: CreateNode, tmp_path: Path
) -> None:
    async with running(NodeController(NodeSettings(grace_s=2)), client, tmp_path):
        await create_node("n1")
        api_server.kill()
        await asyncio.sleep(2.5)  # the outage is longer than the grace: that is the point
        await asyncio.to_thread(api_server.start)
        ends_s = asyncio.get_running_loop().time() + 1.5  # less than the grace

        async def is_blamed() -> bool:
            return bool(await _taints(client, "n1")) or asyncio.get_running_loop().time() > ends_s

        await eventually(is_blamed, "the end of the grace")
        taints = await _taints(client, "n1")

    assert taints == set()
