"""Endpoints against a real API server: they follow services and pods, and nothing is written in vain."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.testing import eventually
from kubernel.testing.actors import running
from kubernel_controller_endpoints import EndpointsController, EndpointsSettings

CreatePod = Callable[[str], Awaitable[core.Pod]]
CreateService = Callable[[], Awaitable[core.Service]]
SetStatus = Callable[..., Awaitable[None]]


async def _ips(client: Client, name: str = "nifty-svc") -> tuple[list[str], list[str]] | None:
    """Return the ready and the waiting addresses, or ``None`` without endpoints."""
    try:
        endpoints = await client.get(core.Endpoints, name, "default")
    except StatusError as error:
        if error.code == 404:
            return None
        raise
    subsets = endpoints.subsets or []
    return (
        [address.ip for subset in subsets for address in subset.addresses or ()],
        [address.ip for subset in subsets for address in subset.notReadyAddresses or ()],
    )


async def _become(client: Client, wanted: tuple[list[str], list[str]] | None) -> None:
    async def are() -> bool:
        return await _ips(client) == wanted

    await eventually(are, f"endpoints {wanted}")


@pytest.mark.usefixtures("controller")
async def test_service_without_pods_has_empty_endpoints_with_its_labels(
    client: Client, create_service: CreateService
) -> None:
    await create_service()

    await _become(client, ([], []))

    about = (await client.get(core.Endpoints, "nifty-svc", "default")).metadata
    assert about is not None
    assert about.labels == {"team": "shop", "endpoints.kubernetes.io/managed-by": "endpoint-controller"}


@pytest.mark.usefixtures("controller")
async def test_endpoints_follow_a_pod_through_its_life(
    client: Client, create_service: CreateService, create_pod: CreatePod, set_status: SetStatus
) -> None:
    await create_service()
    await create_pod("a")
    await create_pod("b")

    await set_status("a", "127.64.0.1")
    await set_status("b", "127.64.0.2", ready=False)
    await _become(client, (["127.64.0.1"], ["127.64.0.2"]))
    await set_status("b", "127.64.0.2", ready=True)
    await _become(client, (["127.64.0.1", "127.64.0.2"], []))
    await client.delete(core.Pod, "a", "default", grace_s=0)
    await _become(client, (["127.64.0.2"], []))
    await client.patch(core.Pod, "b", {"metadata": {"labels": {"App": "Debug"}}}, "default")
    await _become(client, ([], []))


@pytest.mark.usefixtures("controller")
async def test_endpoints_follow_the_services_selector(
    client: Client, create_service: CreateService, create_pod: CreatePod, set_status: SetStatus
) -> None:
    await create_pod("a")
    await set_status("a", "127.64.0.1")
    await create_service()
    await _become(client, (["127.64.0.1"], []))

    await client.patch(core.Service, "nifty-svc", {"spec": {"selector": {"App": "Other"}}}, "default")

    await _become(client, ([], []))


@pytest.mark.usefixtures("controller")
async def test_endpoints_go_with_their_service(client: Client, create_service: CreateService) -> None:
    await create_service()
    await _become(client, ([], []))

    await client.delete(core.Service, "nifty-svc", "default")

    await _become(client, None)


@pytest.mark.usefixtures("controller")
async def test_what_somebody_else_wrote_is_repaired(
    client: Client, create_service: CreateService, create_pod: CreatePod, set_status: SetStatus
) -> None:
    await create_service()
    await create_pod("a")
    await set_status("a", "127.64.0.1")
    await _become(client, (["127.64.0.1"], []))

    await client.patch(core.Endpoints, "nifty-svc", {"subsets": []}, "default")

    await _become(client, (["127.64.0.1"], []))


@pytest.mark.usefixtures("controller")
async def test_service_without_selector_is_left_to_people(client: Client, create_service: CreateService) -> None:
    spec = core.ServiceSpec(ports=[core.ServicePort(port=80)])
    about = meta.ObjectMeta(name="by-hand", namespace="default")
    await client.create(core.Service(metadata=about, spec=spec))
    theirs = core.EndpointSubset(
        addresses=[core.EndpointAddress(ip="192.0.2.1")], ports=[core.EndpointPort(port=80, protocol="TCP")]
    )
    await client.create(core.Endpoints(metadata=about, subsets=[theirs]))

    await create_service()
    await _become(client, ([], []))  # so the controller has looked at both

    assert await _ips(client, "by-hand") == (["192.0.2.1"], [])


async def test_nothing_is_written_when_nothing_changed(
    client: Client, create_service: CreateService, create_pod: CreatePod, set_status: SetStatus, tmp_path: Path
) -> None:
    async with running(EndpointsController(EndpointsSettings()), client, tmp_path):
        await create_service()
        await create_pod("a")
        await set_status("a", "127.64.0.1")
        await _become(client, (["127.64.0.1"], []))
    before = (await client.get(core.Endpoints, "nifty-svc", "default")).metadata

    async with running(EndpointsController(EndpointsSettings()), client, tmp_path):
        await client.patch(core.Pod, "a", {"metadata": {"annotations": {"seen": "yes"}}}, "default")
        await create_pod("b")
        await set_status("b", "127.64.0.2", ready=False)
        await _become(client, (["127.64.0.1"], ["127.64.0.2"]))
        await set_status("b", "127.64.0.2", ready=False)
    after = (await client.get(core.Endpoints, "nifty-svc", "default")).metadata

    assert before is not None
    assert after is not None
    assert (before.uid, before.resourceVersion) != (after.uid, after.resourceVersion)
    assert await _writes_since(client, before.resourceVersion or "") == 1


async def _writes_since(client: Client, moment: str) -> int:
    """Count the endpoints' writes since then, by replaying the watch up to now."""
    now = (await client.list(core.Endpoints, "default")).resource_version
    count = 0
    async for event in client.watch(core.Endpoints, "default", resource_version=moment, timeout_s=1):
        count += event.type != "BOOKMARK"
        if int(event.resource_version) >= int(now):
            break
    return count


async def test_burst_of_changes_is_few_writes(
    client: Client, create_service: CreateService, create_pod: CreatePod, set_status: SetStatus, tmp_path: Path
) -> None:
    await asyncio.gather(*(create_pod(f"p{i}") for i in range(100)))
    await create_service()

    async with running(EndpointsController(EndpointsSettings(batch_s=0.2)), client, tmp_path):
        await _become(client, ([], []))
        moment = (await client.list(core.Endpoints, "default")).resource_version
        await asyncio.gather(*(set_status(f"p{i}", f"127.64.0.{i}") for i in range(100)))

        async def all_there() -> bool:
            ips = await _ips(client)
            return ips is not None and len(ips[0]) == 100

        await eventually(all_there, "a hundred addresses")

    assert await _writes_since(client, moment) < 20


async def test_leftovers_of_a_service_that_went_are_removed(
    client: Client, create_service: CreateService, tmp_path: Path
) -> None:
    async with running(EndpointsController(EndpointsSettings()), client, tmp_path):
        await create_service()
        await _become(client, ([], []))
    await client.delete(core.Service, "nifty-svc", "default")

    async with running(EndpointsController(EndpointsSettings()), client, tmp_path):
        await _become(client, None)
