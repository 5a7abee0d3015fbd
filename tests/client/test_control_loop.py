"""The loop around the queue: failures come back, mistakes stay with their key, parts end together."""

import asyncio
import logging

import pytest
from kubernel.client import RateLimitedQueue, Unreachable, run_together, run_workers
from kubernel.objects.errors import conflict

LOG = logging.getLogger("test")


@pytest.mark.parametrize("failure", [conflict("pods", "a"), Unreachable("away"), ValueError("a mistake")])
async def test_workers_repeat_a_key_until_it_succeeds(failure: Exception) -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    seen: list[str] = []

    async def reconcile(key: str) -> None:
        seen.append(key)
        if key == "a" and seen.count("a") < 3:
            raise failure
        if seen.count("a") == 3:
            queue.shut_down()

    queue.add("a")
    queue.add("b")
    await asyncio.wait_for(run_workers(queue, reconcile, count=2, log=LOG), 5)

    assert (seen.count("a"), seen.count("b")) == (3, 1)
    assert queue.failures("a") == 0


async def test_workers_process_different_keys_side_by_side() -> None:
    queue: RateLimitedQueue[int] = RateLimitedQueue()
    all_there = asyncio.Barrier(4)

    async def reconcile(_key: int) -> None:
        await asyncio.wait_for(all_there.wait(), 5)

    for key in range(4):
        queue.add(key)
    queue.shut_down()
    await run_workers(queue, reconcile, count=4, log=LOG)

    assert not all_there.broken


async def test_parts_end_together_when_told_to_stop() -> None:
    stopping, ended = asyncio.Event(), []

    async def part(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    asyncio.get_running_loop().call_soon(stopping.set)
    await asyncio.wait_for(run_together(stopping, part("a"), part("b")), 5)

    assert sorted(ended) == ["a", "b"]


async def test_parts_end_together_when_one_fails() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("a mistake")

    async def waits() -> None:
        await asyncio.Event().wait()

    with pytest.raises(ValueError, match="a mistake"):
        await asyncio.wait_for(run_together(asyncio.Event(), waits(), fails()), 5)
