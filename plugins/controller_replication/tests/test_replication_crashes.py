"""The number is right in the end, whatever is killed meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.testing import ApiServer, eventually
from kubernel.testing.actors import running
from kubernel_controller_replication import ReplicationController, ReplicationSettings

PodsAre = Callable[[int], Awaitable[list[core.Pod]]]
CreateNifty = Callable[[int], Awaitable[core.ReplicationController]]


async def _count(client: Client) -> int:
    return len((await client.list(core.Pod, "default", label_selector="App=Nifty")).items)


async def test_number_is_right_after_the_server_was_killed_while_pods_were_created(
    api_server: ApiServer, client: Client, create_nifty: CreateNifty, pods_are: PodsAre, tmp_path: Path
) -> None:
    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await create_nifty(300)

        async def is_under_way() -> bool:
            return await _count(client) >= 20

        await eventually(is_under_way, "the first pods", every_s=0.001)
        api_server.kill()
        await asyncio.to_thread(api_server.start)

        await pods_are(300)

        async def is_told() -> bool:
            found = await client.get(core.ReplicationController, "nifty-rc", "default")
            return found.status is not None and found.status.replicas == 300

        await eventually(is_told, "the status")
        assert await _count(client) == 300


async def test_number_is_right_after_the_controller_was_stopped_while_pods_were_created(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, tmp_path: Path
) -> None:
    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await create_nifty(300)

        async def is_under_way() -> bool:
            return await _count(client) >= 20

        await eventually(is_under_way, "the first pods", every_s=0.001)

    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        await pods_are(300)


async def test_two_controllers_at_once_agree_in_the_end(
    client: Client, create_nifty: CreateNifty, pods_are: PodsAre, tmp_path: Path
) -> None:
    """As during a live swap, when the new one is ready and the old one not yet stopped."""
    one, two = (ReplicationController(ReplicationSettings()) for _ in range(2))
    async with running(one, client, tmp_path), running(two, client, tmp_path):
        await create_nifty(20)

        async def is_settled() -> bool:
            found = await client.get(core.ReplicationController, "nifty-rc", "default")
            return found.status is not None and found.status.replicas == 20 and await _count(client) == 20

        await eventually(is_settled, "twenty pods", timeout_s=20)

    await pods_are(20)
