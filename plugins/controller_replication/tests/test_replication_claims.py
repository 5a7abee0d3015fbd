"""Adoption and release: the selector decides whose a pod is."""

from collections.abc import Awaitable, Callable

import pytest
from kubernel.client import Client
from kubernel.objects.models import core, meta
from kubernel.objects.owners import controller_of
from kubernel.testing import eventually

PodsAre = Callable[[int], Awaitable[list[core.Pod]]]
CreateNifty = Callable[[int], Awaitable[core.ReplicationController]]

pytestmark = pytest.mark.usefixtures("controller")


def _pod(name: str, labels: dict[str, str]) -> core.Pod:
    spec = core.PodSpec(containers=[core.Container(name="c", image="host")])
    return core.Pod(metadata=meta.ObjectMeta(name=name, namespace="default", labels=labels), spec=spec)


async def _owner(client: Client, pod: str) -> str:
    owner = controller_of((await client.get(core.Pod, pod, "default")).metadata)
    return owner.name if owner is not None else ""


async def test_matching_orphan_is_adopted_and_counts(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    await client.create(_pod("orphan", {"App": "Nifty"}))
    await client.create(_pod("stranger", {"App": "Other"}))

    await create_nifty(2)
    pods = await pods_are(2)

    assert "orphan" in {pod.metadata.name for pod in pods if pod.metadata}
    assert (await _owner(client, "orphan"), await _owner(client, "stranger")) == ("nifty-rc", "")


async def test_orphan_that_comes_later_is_one_too_many(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    await create_nifty(2)
    await pods_are(2)

    await client.create(_pod("late", {"App": "Nifty"}))

    async def adopted_or_gone() -> bool:
        pods = await pods_are(2)
        return all(controller_of(pod.metadata) is not None for pod in pods)

    await eventually(adopted_or_gone, "two owned pods")


async def test_pod_whose_label_is_changed_is_released_and_replaced(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    await create_nifty(2)
    pods = await pods_are(2)
    assert pods[0].metadata is not None
    name = pods[0].metadata.name or ""

    await client.patch(core.Pod, name, {"metadata": {"labels": {"App": "Debug"}}}, "default")

    await pods_are(2)

    async def is_free() -> bool:
        return await _owner(client, name) == ""

    await eventually(is_free, "the release")


async def test_pod_of_another_controller_is_left_alone(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    theirs = _pod("theirs", {"App": "Nifty"})
    assert theirs.metadata is not None
    theirs.metadata.ownerReferences = [
        meta.OwnerReference(apiVersion="apps/v1", kind="ReplicaSet", name="rs", uid="their-uid", controller=True)
    ]
    await client.create(theirs)

    await create_nifty(1)
    await pods_are(2)

    assert await _owner(client, "theirs") == "rs"
