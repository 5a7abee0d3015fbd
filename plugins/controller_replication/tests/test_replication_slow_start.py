"""Starting in rounds that double, and stopping early when the server refuses."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from kubernel.client import Unreachable
from kubernel_controller_replication.replicas import Failure, slow_start


@given(st.integers(0, 300))
def test_slow_start_acts_as_often_as_wanted(count: int) -> None:
    calls = 0

    async def act() -> Failure | None:
        nonlocal calls
        calls += 1
        return None

    assert asyncio.run(slow_start(count, act)) is None
    assert calls == count


@given(st.integers(1, 300), st.integers(0, 300))
def test_slow_start_stops_with_the_round_that_failed(count: int, good: int) -> None:
    calls = 0

    async def act() -> Failure | None:
        nonlocal calls
        calls += 1
        return Unreachable("away") if calls > good else None

    failure = asyncio.run(slow_start(count, act))

    assert (failure is None) == (good >= count)
    assert calls <= min(count, 2 * good + 1)


async def test_slow_start_asks_once_when_everything_is_refused() -> None:
    calls = 0

    async def act() -> Failure | None:
        nonlocal calls
        calls += 1
        return Unreachable("away")

    await slow_start(1000, act)

    assert calls == 1
