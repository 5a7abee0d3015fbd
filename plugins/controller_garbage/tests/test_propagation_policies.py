"""What a deleted owner leaves: nothing before it, everything without it."""

import pytest
from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.testing import eventually
from tests.families import create, exists, is_gone, owned_by

pytestmark = pytest.mark.usefixtures("collector")
HOLD = "example.com/hold"


async def test_foreground_owner_waits_for_the_dependents_that_block_it(client: Client) -> None:
    owner = await create(client, "owner")
    await create(client, "child", owned_by(owner, blocks=True), finalizers=[HOLD])

    await client.delete(core.ConfigMap, "owner", "default", propagation="Foreground")

    async def child_is_marked() -> bool:
        child = await exists(client, "child")
        return bool(child and child.metadata and child.metadata.deletionTimestamp)

    await eventually(child_is_marked, "the child is being deleted")
    waiting = await exists(client, "owner")
    assert waiting is not None
    assert waiting.metadata is not None
    assert waiting.metadata.finalizers == ["foregroundDeletion"]
    await client.patch(core.ConfigMap, "child", {"metadata": {"finalizers": None}}, "default")
    await is_gone(client, "owner")


async def test_foreground_owner_does_not_wait_for_dependents_that_do_not_block_it(client: Client) -> None:
    owner = await create(client, "owner")
    await create(client, "child", owned_by(owner), finalizers=[HOLD])

    await client.delete(core.ConfigMap, "owner", "default", propagation="Foreground")

    await is_gone(client, "owner")
    await client.patch(core.ConfigMap, "child", {"metadata": {"finalizers": None}}, "default")
    await is_gone(client, "child")


async def test_foreground_deletion_goes_down_a_chain_from_the_end(client: Client) -> None:
    owner = await create(client, "owner")
    child = await create(client, "child", owned_by(owner, blocks=True))
    await create(client, "grandchild", owned_by(child, blocks=True), finalizers=[HOLD])

    await client.delete(core.ConfigMap, "owner", "default", propagation="Foreground")

    async def waits() -> bool:
        middle = await exists(client, "child")
        return bool(middle and middle.metadata and middle.metadata.finalizers == ["foregroundDeletion"])

    await eventually(waits, "the child waits for its own child")
    assert await exists(client, "owner") is not None
    await client.patch(core.ConfigMap, "grandchild", {"metadata": {"finalizers": None}}, "default")
    for name in ("grandchild", "child", "owner"):
        await is_gone(client, name)


async def test_orphans_stay_and_belong_to_nobody(client: Client) -> None:
    owner = await create(client, "owner")
    for name in ("one", "two"):
        await create(client, name, owned_by(owner))

    await client.delete(core.ConfigMap, "owner", "default", propagation="Orphan")

    await is_gone(client, "owner")
    for name in ("one", "two"):
        orphan = await exists(client, name)
        assert orphan is not None
        assert orphan.metadata is not None
        assert not orphan.metadata.ownerReferences


async def test_foreground_deletion_leaves_other_finalizers_to_their_owners(client: Client) -> None:
    owner = await create(client, "owner", finalizers=[HOLD])
    await create(client, "child", owned_by(owner, blocks=True))
    await client.delete(core.ConfigMap, "owner", "default", propagation="Foreground")
    await is_gone(client, "child")

    async def only_held() -> bool:
        held = await exists(client, "owner")
        return bool(held and held.metadata and held.metadata.finalizers == [HOLD])

    await eventually(only_held, "the collector has done its part")
    await client.patch(core.ConfigMap, "owner", {"metadata": {"finalizers": None}}, "default")
    await is_gone(client, "owner")
