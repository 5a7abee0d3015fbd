"""The one job, against a real API server: N copies, whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.testing import eventually

PodsAre = Callable[[int], Awaitable[list[core.Pod]]]
CreateNifty = Callable[[int], Awaitable[core.ReplicationController]]

pytestmark = pytest.mark.usefixtures("controller")


async def _status(client: Client) -> core.ReplicationControllerStatus:
    found = await client.get(core.ReplicationController, "nifty-rc", "default")
    assert found.status is not None
    return found.status


async def _scale(client: Client, replicas: int) -> None:
    await client.patch(core.ReplicationController, "nifty-rc", {"spec": {"replicas": replicas}}, "default")


def _names(pods: list[core.Pod]) -> set[str]:
    return {pod.metadata.name or "" for pod in pods if pod.metadata}


async def test_too_few_are_started_after_the_template(create_nifty: CreateNifty, pods_are: PodsAre) -> None:
    controller = await create_nifty(4)

    pods = await pods_are(4)

    for pod in pods:
        assert pod.metadata is not None
        assert pod.spec is not None
        (owner,) = pod.metadata.ownerReferences or []
        assert (pod.metadata.name or "").startswith("nifty-rc-")
        assert (owner.kind, owner.name, owner.controller) == ("ReplicationController", "nifty-rc", True)
        assert owner.uid == (controller.metadata and controller.metadata.uid)
        assert [container.image for container in pod.spec.containers] == ["host"]


async def test_deleted_pod_is_replaced(client: Client, create_nifty: CreateNifty, pods_are: PodsAre) -> None:
    await create_nifty(4)
    before = _names(await pods_are(4))

    victim = min(before)
    await client.delete(core.Pod, victim, "default", grace_s=0)

    async def healed() -> bool:
        names = _names(await pods_are(4))
        return victim not in names and len(names & before) == 3

    await eventually(healed, "a replacement")


@pytest.mark.parametrize("phase", ["Failed", "Succeeded"])
async def test_finished_pod_does_not_count(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, phase: str
) -> None:
    await create_nifty(2)
    pods = await pods_are(2)

    await client.patch(core.Pod, min(_names(pods)), {"status": {"phase": phase}}, "default", subresource="status")

    await pods_are(3)


async def test_number_follows_the_scale_up_and_down(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    await create_nifty(4)
    first = _names(await pods_are(4))

    await _scale(client, 6)
    more = _names(await pods_are(6))
    await _scale(client, 2)
    fewer = _names(await pods_are(2))
    await _scale(client, 0)
    await pods_are(0)

    assert first < more
    assert fewer < more


async def test_unready_pods_go_first(client: Client, create_nifty: CreateNifty, pods_are: PodsAre) -> None:
    await create_nifty(3)
    ready = min(_names(await pods_are(3)))
    conditions = [{"type": "Ready", "status": "True"}]
    status = {"phase": "Running", "conditions": conditions}
    await client.patch(core.Pod, ready, {"status": status}, "default", subresource="status")

    async def seen() -> bool:
        return (await _status(client)).readyReplicas == 1

    await eventually(seen, "the ready pod in the status")
    await _scale(client, 1)

    assert _names(await pods_are(1)) == {ready}


async def test_status_tells_what_is_there(client: Client, create_nifty: CreateNifty, pods_are: PodsAre) -> None:
    await create_nifty(3)
    await pods_are(3)

    async def told() -> bool:
        status = await _status(client)
        return (status.replicas, status.fullyLabeledReplicas, status.readyReplicas) == (3, 3, 0)

    await eventually(told, "the status")
    assert (await _status(client)).observedGeneration == 1


async def test_thousand_pods_are_exactly_a_thousand(client: Client, create_nifty: CreateNifty) -> None:
    await create_nifty(1000)

    async def counted() -> bool:
        return (await _status(client)).replicas == 1000

    await eventually(counted, "a thousand in the status", timeout_s=30)
    await asyncio.sleep(0.2)  # time in which a stale cache would start more
    pods = (await client.list(core.Pod, "default")).items

    assert len(pods) == 1000


async def test_events_tell_what_was_done(client: Client, create_nifty: CreateNifty, pods_are: PodsAre) -> None:
    await create_nifty(2)
    await pods_are(2)
    await _scale(client, 1)
    await pods_are(1)

    async def told() -> bool:
        events = (await client.list(core.Event, "default")).items
        reasons = sorted(e.reason or "" for e in events if e.involvedObject.name == "nifty-rc")
        return reasons == ["SuccessfulCreate", "SuccessfulCreate", "SuccessfulDelete"]

    await eventually(told, "three events")
