"""Quotas are exact, however many ask at once, and nothing is lost by writes that fail."""

import asyncio

from kubernel.objects.errors import StatusError
from tests.quota_calls import Namespace, config_map, pod


async def outcome(namespace: Namespace, name: str) -> str:
    try:
        await namespace.create("pods", pod(name, {"cpu": "100m"}))
    except StatusError as error:
        return error.reason
    return "Created"


async def test_fifty_at_once_get_exactly_what_there_is(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "20", "requests.cpu": "1500m"})

    outcomes = await asyncio.gather(*(outcome(namespace, f"p{i}") for i in range(50)))

    assert outcomes.count("Created") == 15
    assert outcomes.count("Forbidden") == 35


async def test_exactly_enough_room_refuses_nobody(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "50"})

    outcomes = await asyncio.gather(*(outcome(namespace, f"p{i}") for i in range(50)))

    assert set(outcomes) == {"Created"}


async def test_writes_that_fail_give_their_room_back(namespace: Namespace) -> None:
    await namespace.quota(hard={"pods": "3"})
    await namespace.create("pods", pod("taken"))

    for _ in range(3):
        outcomes = await asyncio.gather(*(outcome(namespace, "taken") for _ in range(20)))
        assert "Created" not in outcomes
    made = await asyncio.gather(*(outcome(namespace, f"p{i}") for i in range(5)))

    assert made.count("Created") == 2


async def test_room_of_deleted_objects_is_taken_again(namespace: Namespace) -> None:
    await namespace.quota(hard={"configmaps": "2"})

    for _ in range(20):
        await asyncio.gather(*(namespace.create("configmaps", config_map(name)) for name in ("a", "b")))
        await namespace.refusal("configmaps", config_map("c"))
        await asyncio.gather(*(namespace.delete("configmaps", name) for name in ("a", "b")))
