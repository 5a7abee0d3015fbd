"""The informer against a real API server: it knows everything, through restarts too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kubernel.client import Client, Informer, Key
from kubernel.objects.models import core, meta
from kubernel.testing import ApiServer, eventually


def _config(name: str, **data: str) -> core.ConfigMap:
    return core.ConfigMap(metadata=meta.ObjectMeta(name=name, namespace="default", labels={"app": "x"}), data=data)


@asynccontextmanager
async def _informed(client: Client, label_selector: str = "app=x") -> AsyncIterator[Informer[core.ConfigMap]]:
    informer = Informer(client, core.ConfigMap, "default", label_selector=label_selector)
    running = asyncio.create_task(informer.run())
    try:
        await asyncio.wait_for(informer.synced.wait(), 5)
        yield informer
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_informer_knows_what_was_there_and_what_comes(client: Client) -> None:
    await client.create(_config("old"))

    async with _informed(client) as configs:
        at_sync = set(configs.items)
        await client.create(_config("new"))
        await client.patch(core.ConfigMap, "old", {"data": {"x": "1"}}, "default")
        await client.delete(core.ConfigMap, "new", "default")
        await eventually(lambda: (c := configs.get("old", "default")) and c.data == {"x": "1"}, "the change")

        assert at_sync == {Key("default", "old")}
        await eventually(lambda: set(configs.items) == {Key("default", "old")}, "the deletion")


async def test_informer_drops_what_leaves_its_selection(client: Client) -> None:
    await client.create(_config("a"))

    async with _informed(client) as configs:
        await client.patch(core.ConfigMap, "a", {"metadata": {"labels": {"app": "y"}}}, "default")

        await eventually(lambda: not configs.items, "the object to leave")


async def test_informer_keeps_its_indexes(client: Client) -> None:
    async with _informed(client) as configs:
        configs.index("colour", lambda config: [(config.data or {}).get("colour", "")])
        await client.create(_config("a", colour="red"))
        await client.create(_config("b", colour="red"))
        await eventually(lambda: len(configs.by_index("colour", "red")) == 2, "two red ones")

        await client.patch(core.ConfigMap, "a", {"data": {"colour": "blue"}}, "default")
        await eventually(lambda: len(configs.by_index("colour", "blue")) == 1, "a blue one")
        await client.delete(core.ConfigMap, "b", "default")

        await eventually(lambda: configs.by_index("colour", "red") == [], "no red one")


async def test_informer_catches_up_after_the_server_was_killed(api_server: ApiServer) -> None:
    async with api_server.client() as client:
        await client.create(_config("a"))
        async with _informed(client) as configs:
            api_server.kill()
            api_server.start()
            await client.create(_config("b"))
            await client.delete(core.ConfigMap, "a", "default")

            await eventually(lambda: set(configs.items) == {Key("default", "b")}, "the state after the restart")


async def test_informer_tells_when_the_server_is_lost_and_heard_again(api_server: ApiServer) -> None:
    async with api_server.client() as client, _informed(client) as configs:
        heard: list[bool] = []
        configs.on_contact(heard.append)

        api_server.kill()
        await eventually(lambda: heard == [False], "the loss")
        api_server.start()
        await eventually(lambda: _created(client), "the server to answer")

        await eventually(lambda: heard == [False, True], "the contact")


async def _created(client: Client) -> bool:
    await client.create(_config("sign-of-life"))
    return True


async def test_informer_sees_every_one_of_many_changes(client: Client) -> None:
    async with _informed(client) as configs:
        seen: list[tuple[bool, bool]] = []
        configs.on_change(lambda old, new: seen.append((old is None, new is None)))

        await asyncio.gather(*(client.create(_config(f"c{i}")) for i in range(200)))
        await asyncio.gather(*(client.delete(core.ConfigMap, f"c{i}", "default") for i in range(200)))
        await eventually(lambda: len(seen) == 400, "400 changes")

        assert (seen.count((True, False)), seen.count((False, True))) == (200, 200)
        assert not configs.items
