"""Leader election: one leads, the next takes over, and a leader that cannot renew stops."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kubernel.client import Client, LeaderElector, LeadershipLost
from kubernel.objects.models import coordination, meta
from kubernel.testing import ApiServer, eventually


class _Work:
    """Work that goes on until told to end, and knows whether it was ever cancelled."""

    def __init__(self) -> None:
        self.started, self.end = asyncio.Event(), asyncio.Event()
        self.was_cancelled = False

    async def __call__(self) -> None:
        self.started.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


def _elector(client: Client, identity: str, lease_s: float = 15) -> LeaderElector:
    return LeaderElector(
        client, "controller", identity, namespace="default", lease_s=lease_s, renew_s=lease_s * 0.6, retry_s=0.05
    )


async def _lease(client: Client) -> coordination.LeaseSpec:
    lease = await client.get(coordination.Lease, "controller", "default")
    assert lease.spec is not None
    return lease.spec


async def test_one_leads_and_the_next_takes_over_at_once_when_it_ends(client: Client) -> None:
    first, second = _Work(), _Work()
    one = asyncio.create_task(_elector(client, "one").run(first))
    await asyncio.wait_for(first.started.wait(), 5)
    two = asyncio.create_task(_elector(client, "two").run(second))
    before = await _lease(client)

    async def renewed() -> bool:  # meanwhile the second one tries as often
        return (await _lease(client)).renewTime != before.renewTime

    await eventually(renewed, "a renewal")
    had_to_wait = not second.started.is_set()
    first.end.set()
    await asyncio.wait_for(one, 5)
    await asyncio.wait_for(second.started.wait(), 5)
    lease = await _lease(client)
    second.end.set()
    await asyncio.wait_for(two, 5)

    assert (before.holderIdentity, had_to_wait) == ("one", True)
    assert (lease.holderIdentity, lease.leaseTransitions) == ("two", 1)


async def test_leader_renews_its_lease(client: Client) -> None:
    work = _Work()
    running = asyncio.create_task(_elector(client, "one").run(work))
    await asyncio.wait_for(work.started.wait(), 5)
    before = await _lease(client)

    async def renewed() -> bool:
        return (await _lease(client)).renewTime != before.renewTime

    await eventually(renewed, "a renewal")
    after = await _lease(client)
    work.end.set()
    await running

    assert (after.acquireTime, after.leaseTransitions) == (before.acquireTime, before.leaseTransitions)


async def test_lease_that_nobody_renews_is_taken_over(client: Client) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)  # by the dead leader's clock
    spec = coordination.LeaseSpec(
        holderIdentity="dead", leaseDurationSeconds=1, acquireTime=ahead, renewTime=ahead, leaseTransitions=6
    )
    await client.create(coordination.Lease(metadata=meta.ObjectMeta(name="controller", namespace="default"), spec=spec))
    work = _Work()

    running = asyncio.create_task(_elector(client, "heir").run(work))
    await asyncio.wait_for(work.started.wait(), 5)
    taken = await _lease(client)
    work.end.set()
    await running

    assert (taken.holderIdentity, taken.leaseTransitions) == ("heir", 7)


async def test_leader_stops_when_it_cannot_renew(api_server: ApiServer) -> None:
    async with api_server.client() as client:
        work = _Work()
        running = asyncio.create_task(_elector(client, "one", lease_s=1).run(work))
        await asyncio.wait_for(work.started.wait(), 5)

        api_server.kill()

        with pytest.raises(LeadershipLost, match="one lost the lease default/controller"):
            await asyncio.wait_for(running, 5)
        assert work.was_cancelled


async def test_failure_of_the_work_ends_the_leadership(client: Client) -> None:
    async def fails() -> None:
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        await asyncio.wait_for(_elector(client, "one").run(fails), 5)

    assert not (await _lease(client)).holderIdentity


def test_durations_that_cannot_work_are_refused() -> None:
    client = Client.over_socket(Path("/nowhere"), user_agent="test/1")

    with pytest.raises(ValueError, match="retry_s < renew_s < lease_s must hold"):
        LeaderElector(client, "x", "y", lease_s=10, renew_s=10, retry_s=2)
