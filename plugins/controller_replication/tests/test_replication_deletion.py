"""What becomes of the pods when their replication controller is deleted."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core
from kubernel.testing import eventually
from kubernel.testing.actors import running
from kubernel_controller_replication import ReplicationController, ReplicationSettings

PodsAre = Callable[[int], Awaitable[list[core.Pod]]]
CreateNifty = Callable[[int], Awaitable[core.ReplicationController]]


async def _is_gone(client: Client) -> bool:
    try:
        await client.get(core.ReplicationController, "nifty-rc", "default")
    except StatusError as error:
        return error.code == 404
    return False


@pytest.mark.usefixtures("controller")
@pytest.mark.parametrize("propagation", ["Background", "Foreground"])
async def test_pods_go_with_their_controller(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, propagation: str
) -> None:
    await create_nifty(3)
    await pods_are(3)

    await client.delete(core.ReplicationController, "nifty-rc", "default", propagation=propagation)

    await pods_are(0)
    await eventually(lambda: _is_gone(client), "the controller to go")


@pytest.mark.usefixtures("controller")
async def test_orphaned_pods_stay_without_an_owner(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre
) -> None:
    await create_nifty(3)
    await pods_are(3)

    await client.delete(core.ReplicationController, "nifty-rc", "default", propagation="Orphan")
    await eventually(lambda: _is_gone(client), "the controller to go")

    for pod in await pods_are(3):
        assert pod.metadata is not None
        assert not pod.metadata.ownerReferences


async def test_pods_are_collected_that_were_left_while_nobody_looked(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, tmp_path: Path
) -> None:
    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await create_nifty(2)
        await pods_are(2)
    await client.delete(core.ReplicationController, "nifty-rc", "default", propagation="Background")

    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await pods_are(0)


async def test_new_controller_of_the_same_name_does_not_inherit_the_pods(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, tmp_path: Path
) -> None:
    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await create_nifty(2)
        old = {pod.metadata.name for pod in await pods_are(2) if pod.metadata}
    await client.delete(core.ReplicationController, "nifty-rc", "default", propagation="Background")
    await create_nifty(2)

    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):

        async def replaced() -> bool:
            return old.isdisjoint({pod.metadata.name for pod in await pods_are(2) if pod.metadata})

        await eventually(replaced, "two new pods")
