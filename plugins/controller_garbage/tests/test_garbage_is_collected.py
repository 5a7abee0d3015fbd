"""An object goes when its last owner is gone, and only then."""

from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.objects.models import core, meta
from kubernel.testing import eventually
from kubernel.testing.actors import running
from kubernel_controller_garbage import GarbageController, GarbageSettings
from tests.families import create, exists, is_gone, owned_by


@pytest.mark.usefixtures("collector")
async def test_dependents_go_after_their_owner_down_to_the_grandchildren(client: Client) -> None:
    owner = await create(client, "owner")
    child = await create(client, "child", owned_by(owner))
    await create(client, "grandchild", owned_by(child))
    await create(client, "stranger")

    await client.delete(core.ConfigMap, "owner", "default", propagation="Background")

    await is_gone(client, "grandchild")
    assert await exists(client, "child") is None
    assert await exists(client, "stranger") is not None


@pytest.mark.usefixtures("collector")
async def test_dependent_of_two_owners_stays_with_the_one_that_is_left(client: Client) -> None:
    first, second = await create(client, "first"), await create(client, "second")
    await create(client, "child", owned_by(first, second))

    await client.delete(core.ConfigMap, "first", "default", propagation="Background")

    async def owners() -> bool:
        child = await exists(client, "child")
        return bool(child and child.metadata and child.metadata.ownerReferences == owned_by(second))

    await eventually(owners, "the reference to the first owner is gone")
    await client.delete(core.ConfigMap, "second", "default", propagation="Background")
    await is_gone(client, "child")


async def test_what_was_left_while_nobody_looked_is_collected_at_the_start(client: Client, tmp_path: Path) -> None:
    owner = await create(client, "owner")
    await create(client, "child", owned_by(owner))
    await client.delete(core.ConfigMap, "owner", "default", propagation="Background")

    async with running(GarbageController(GarbageSettings()), client, tmp_path):
        await is_gone(client, "child")


@pytest.mark.usefixtures("collector")
async def test_new_object_of_the_owners_name_is_not_the_owner(client: Client) -> None:
    owner = await create(client, "owner")
    await client.delete(core.ConfigMap, "owner", "default", propagation="Background")
    await create(client, "owner")

    await create(client, "child", owned_by(owner))

    await is_gone(client, "child")
    assert await exists(client, "owner") is not None


@pytest.mark.usefixtures("collector")
async def test_dependent_of_a_kind_that_is_not_served_is_left_alone(client: Client) -> None:
    unknown = meta.OwnerReference(apiVersion="example.com/v1", kind="Zebra", name="z", uid="0-0-0")
    await create(client, "child", [unknown])
    owner = await create(client, "owner")
    await create(client, "other", owned_by(owner))

    await client.delete(core.ConfigMap, "owner", "default", propagation="Background")

    await is_gone(client, "other")  # the collector has looked at both by now
    assert await exists(client, "child") is not None


@pytest.mark.usefixtures("collector")
async def test_owner_in_another_namespace_does_not_count(client: Client) -> None:
    await client.create(core.Namespace(metadata=meta.ObjectMeta(name="far")))
    owner = await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name="owner", namespace="far")))

    await create(client, "child", owned_by(owner))

    await is_gone(client, "child")
