"""The work queue: once, one at a time, later, and with back-off."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from kubernel.client import QueueShutDown, RateLimitedQueue

Scenario = Callable[[Coroutine[Any, Any, None]], None]


async def test_queue_hands_out_a_key_once_however_often_it_was_added() -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    for key in ("a", "b", "a", "a"):
        queue.add(key)

    taken = [await queue.get(), await queue.get()]

    assert taken == ["a", "b"]
    assert len(queue) == 0


async def test_queue_holds_a_key_back_while_it_is_processed() -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    queue.add("a")
    await queue.get()

    queue.add("a")
    while_processing = len(queue)
    queue.done("a")

    assert while_processing == 0
    assert await queue.get() == "a"


async def test_queue_wakes_another_worker_when_the_woken_one_is_cancelled() -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    first, second = asyncio.create_task(queue.get()), asyncio.create_task(queue.get())
    await asyncio.sleep(0)

    queue.add("a")
    first.cancel()

    assert await asyncio.wait_for(second, 1) == "a"


async def test_queue_raises_after_shut_down_once_it_is_empty() -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    queue.add("a")
    queue.add_after("b", 0.01)

    queue.shut_down()
    queue.add("c")

    assert await queue.get() == "a"
    with pytest.raises(QueueShutDown):
        await queue.get()


async def test_queue_ends_waiting_workers_when_shut_down() -> None:
    queue: RateLimitedQueue[str] = RateLimitedQueue()
    waiting = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)

    queue.shut_down()
    ends = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(end) for end in ends] == [QueueShutDown] * 3


def test_queue_adds_later_at_the_earliest_of_several_moments(in_virtual_time: Scenario) -> None:
    async def scenario() -> None:
        queue: RateLimitedQueue[str] = RateLimitedQueue()
        for delay_s in (30.0, 10.0, 20.0):
            queue.add_after("a", delay_s)

        key = await queue.get()

        assert key == "a"
        assert asyncio.get_running_loop().time() == pytest.approx(10.0)

    in_virtual_time(scenario())


def test_queue_retries_with_doubling_waits_up_to_a_minute(in_virtual_time: Scenario) -> None:
    async def scenario() -> None:
        queue: RateLimitedQueue[str] = RateLimitedQueue()
        waits = [await _retried(queue) for _ in range(16)]

        assert waits[:4] == pytest.approx([0.005, 0.01, 0.02, 0.04])
        assert waits[-1] == pytest.approx(60.0)

        queue.forget("a")

        assert await _retried(queue) == pytest.approx(0.005)

    in_virtual_time(scenario())


async def _retried(queue: RateLimitedQueue[str]) -> float:
    """Retry the key and return how long it took to come back."""
    before_s = asyncio.get_running_loop().time()
    queue.retry("a")
    queue.done(await queue.get())
    return asyncio.get_running_loop().time() - before_s
