"""The agent's nodes: registered, alive, and many at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.objects.models import coordination, core
from kubernel.testing import eventually
from kubernel_node_agent import NodeSettings
from kubernel_runtime_hollow import HollowRuntime
from tests.agent_machine import Machine, make_pod, until


@pytest.fixture
async def hollow_machine(agent_client: Client, tmp_path: Path) -> AsyncIterator[Machine]:
    """Yield a machine with ten nodes and no containers."""
    machine = Machine(agent_client, tmp_path, make_runtime=HollowRuntime)
    machine.nodes = tuple(f"{machine.name}-{number}" for number in range(10))
    machine.settings = NodeSettings(lease_period_s=0.5)
    await machine.start()
    yield machine
    await machine.stop()


async def test_node_says_what_it_is(machine: Machine) -> None:
    node = await machine.client.get(core.Node, machine.name)

    assert node.metadata is not None
    assert node.metadata.labels is not None
    assert node.metadata.labels["kubernetes.io/hostname"] == machine.name
    assert node.metadata.annotations is not None
    endpoint = node.metadata.annotations["kubernel.dev/agent-endpoint"]
    assert endpoint == f"unix://{machine.directory}/run/agent.sock"
    assert node.status is not None
    assert node.status.nodeInfo is not None
    assert node.status.nodeInfo.containerRuntimeVersion == "process://0.1.0"
    assert (node.status.allocatable or {})["pods"] == "110"
    conditions = {condition.type: condition.status for condition in node.status.conditions or []}
    assert conditions["Ready"] == "True"
    assert set(conditions) == {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"}


async def test_socket_is_only_for_the_owner(machine: Machine) -> None:
    assert (machine.directory / "run" / "agent.sock").stat().st_mode & 0o777 == 0o600


async def test_leases_are_renewed(hollow_machine: Machine) -> None:
    async def renewals() -> dict[str, str]:
        page = await hollow_machine.client.list(coordination.Lease, "kube-node-lease")
        ours = {lease.metadata.name or "": lease for lease in page.items if lease.metadata}
        specs = {name: ours[name].spec for name in hollow_machine.nodes}
        return {name: str(spec.renewTime) for name, spec in specs.items() if spec is not None}

    before = await renewals()

    async def all_renewed() -> bool | None:
        after = await renewals()
        return True if all(after[name] != before[name] for name in hollow_machine.nodes) else None

    await until(all_renewed, "every lease is renewed")


async def test_labels_that_others_gave_stay(machine: Machine) -> None:
    await machine.client.patch(core.Node, machine.name, {"metadata": {"labels": {"disk": "ssd"}}})

    await machine.stop()
    await machine.start()

    node = await machine.client.get(core.Node, machine.name)
    assert node.metadata is not None
    assert node.metadata.labels is not None
    assert node.metadata.labels["disk"] == "ssd"


async def test_hollow_pods_run_at_once_and_survive_the_agent(hollow_machine: Machine) -> None:
    names = [f"p{number}" for number in range(50)]
    for number, name in enumerate(names):
        pod = make_pod(name)
        assert pod.spec is not None
        pod.spec.nodeName = hollow_machine.nodes[number % 10]
        await hollow_machine.create(pod)
    before = [await hollow_machine.phase(name, "Running") for name in names]

    await hollow_machine.stop()
    await hollow_machine.start()

    await hollow_machine.delete(names[0])
    await hollow_machine.gone(names[0])
    for pod, name in zip(before[1:], names[1:], strict=True):
        after = await hollow_machine.pod(name)
        assert after.metadata == pod.metadata, f"pod {name} was written without need"
    assert await hollow_machine.events(names[0]) == []


async def test_two_nodes_of_one_machine_share_it(agent_client: Client, tmp_path: Path) -> None:
    machine = Machine(agent_client, tmp_path)
    machine.nodes = (f"{machine.name}-a", f"{machine.name}-b")
    await machine.start()

    try:
        for name in machine.nodes:
            pod = make_pod(f"on-{name}")
            assert pod.spec is not None
            pod.spec.nodeName = name
            await machine.run(pod)
        memory = [
            int((node.status.allocatable or {})["memory"].removesuffix("Ki"))
            for name in machine.nodes
            if (node := await machine.client.get(core.Node, name)).status is not None
        ]
        assert memory[0] == memory[1]
        assert await eventually(lambda: len(list(machine.sandboxes.iterdir())) == 2, "two pods")
    finally:
        await machine.shut_down()


async def test_node_that_was_taken_for_dead_says_at_once_that_it_lives(machine: Machine) -> None:
    doubt = {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"}
    await machine.client.patch(core.Node, machine.name, {"status": {"conditions": [doubt]}}, subresource="status")

    async def is_ready() -> bool:
        status = (await machine.client.get(core.Node, machine.name)).status
        return any(c.type == "Ready" and c.status == "True" for c in (status and status.conditions) or [])

    await eventually(is_ready, "the node is Ready again", timeout_s=5)
