"""Which waiting pod comes when: order, back-off, parking, waking; on a clock of the test's own."""

import asyncio

import pytest
from kubernel.client.backoff import Backoff
from kubernel.host.scheduling.queue import WaitingPods
from kubernel.objects.models import core
from kubernel.plugin.conformance.sample_cluster import a_pod


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> WaitingPods:
    return WaitingPods(Backoff(1.0, 10.0), 60.0, clock)


def taken(queue: WaitingPods, limit: int = 100) -> list[str]:
    return [pod.key.removeprefix("default/") for pod in queue.take(limit)]


def test_pods_come_in_the_order_of_arrival(queue: WaitingPods) -> None:
    for name in "cab":
        queue.put(a_pod(name))

    assert taken(queue, 2) == ["c", "a"]
    assert taken(queue) == ["b"]
    assert taken(queue) == []


def test_a_taken_pod_does_not_wait_a_second_time(queue: WaitingPods) -> None:
    queue.put(a_pod("p"))
    queue.take(1)

    queue.put(a_pod("p"))

    assert taken(queue) == []
    assert queue.is_taken(a_pod("p"))


def test_a_failed_pod_backs_off_twice_as_long_each_time(queue: WaitingPods, clock: Clock) -> None:
    queue.put(a_pod("p"))
    for pause_s in (1.0, 2.0, 4.0, 8.0, 10.0, 10.0):
        queue.take(1)
        queue.retry("default/p")

        clock.now_s += pause_s - 0.01
        assert taken(queue) == []
        clock.now_s += 0.02
        assert len(queue) == 1

    assert taken(queue) == ["p"]


def test_a_parked_pod_comes_back_by_itself_after_a_minute(queue: WaitingPods, clock: Clock) -> None:
    queue.put(a_pod("p"))
    queue.take(1)
    queue.park("default/p")

    clock.now_s += 59.9
    assert taken(queue) == []
    clock.now_s += 0.2
    assert taken(queue) == ["p"]


def test_a_change_wakes_parked_pods_after_their_back_off(queue: WaitingPods, clock: Clock) -> None:
    queue.put(a_pod("p"))
    queue.take(1)
    queue.park("default/p")

    queue.wake()
    assert taken(queue) == []
    clock.now_s += 1.01
    assert taken(queue) == ["p"]


def test_a_change_while_a_pod_was_decided_is_not_missed(queue: WaitingPods, clock: Clock) -> None:
    queue.put(a_pod("p"))
    queue.take(1)
    queue.wake()
    queue.park("default/p")

    clock.now_s += 1.01

    assert taken(queue) == ["p"]


def test_a_changed_specification_is_tried_at_once(queue: WaitingPods) -> None:
    queue.put(a_pod("p"))
    queue.take(1)
    queue.park("default/p")

    queue.put(a_pod("p"))
    assert taken(queue) == []

    queue.put(a_pod("p", spec=core.PodSpec(containers=[], nodeSelector={"disk": "ssd"})))
    assert taken(queue) == ["p"]


def test_a_specification_changed_while_it_was_decided_is_tried_again(queue: WaitingPods, clock: Clock) -> None:
    queue.put(a_pod("p"))
    queue.take(1)
    queue.put(a_pod("p", spec=core.PodSpec(containers=[], nodeSelector={"disk": "ssd"})))
    queue.park("default/p")

    clock.now_s += 1.01

    assert taken(queue) == ["p"]


def test_a_removed_pod_is_forgotten_wherever_it_was(queue: WaitingPods, clock: Clock) -> None:
    for name in ("active", "taken", "parked", "failed"):
        queue.put(a_pod(name))
    queue.take(4)
    queue.park("default/parked")
    queue.retry("default/failed")
    queue.put(a_pod("another"))

    for name in ("active", "taken", "parked", "failed", "another"):
        queue.remove(f"default/{name}")
    queue.wake()
    clock.now_s += 100

    assert len(queue) == 0
    assert taken(queue) == []


def test_another_pod_of_the_same_name_is_not_the_one_taken(queue: WaitingPods) -> None:
    first, second = a_pod("p"), a_pod("p")
    assert second.pod.metadata is not None
    second.pod.metadata.uid = "another"
    queue.put(first)
    queue.take(1)

    queue.remove("default/p")
    queue.put(second)
    queue.take(1)

    assert not queue.is_taken(first)
    assert queue.is_taken(second)


async def test_wait_returns_when_there_is_something_to_take() -> None:
    queue = WaitingPods(Backoff(0.01, 0.02), 60.0)
    async with asyncio.timeout(5):
        waiting = asyncio.ensure_future(queue.wait())
        queue.put(a_pod("p"))
        await waiting
        queue.take(1)
        waiting = asyncio.ensure_future(queue.wait())
        queue.retry("default/p")
        await waiting

    assert taken(queue) == ["p"]
