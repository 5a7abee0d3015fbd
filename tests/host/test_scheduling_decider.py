"""No scheduler is trusted: wrong answers become sentences, and one that hangs is given up."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from kubernel.host.scheduling.decider import Decider, DriverHangs
from kubernel.plugin.conformance.sample_cluster import a_node, a_pod, cluster_of
from kubernel.plugin.contracts import PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot

CLUSTER = cluster_of([a_node("n")])


class Answering(Scheduler):
    """Answers as the test says."""

    info = PluginInfo("answering", "For tests.")

    def __init__(self, answer: Callable[[Sequence[PodInfo]], Sequence[Decision]]) -> None:
        self._answer = answer

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:  # noqa: ARG002
        return self._answer(pods)


async def test_sorts_valid_decisions() -> None:
    driver = Answering(lambda _pods: [Decision("default/b", None, {"Insufficient cpu": 1}), Decision("default/a", "n")])

    verdict = await Decider(driver, 5).decide([a_pod("a"), a_pod("b")], CLUSTER)

    assert [(pod.key, node) for pod, node in verdict.placed] == [("default/a", "n")]
    assert [(pod.key, reasons) for pod, reasons in verdict.refused] == [("default/b", {"Insufficient cpu": 1})]
    assert verdict.invalid == []


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ([], "the scheduler made no decision on this pod"),
        ([Decision("default/p", "moon")], 'the scheduler chose node "moon", which does not exist'),
        ([Decision("default/p", "n"), Decision("default/p", None)], "the scheduler made 2 decisions on this pod"),
        ([Decision("default/stranger", "n")], "the scheduler made no decision on this pod"),
    ],
)
async def test_names_what_is_wrong_with_a_decision(decisions: list[Decision], sentence: str) -> None:
    verdict = await Decider(Answering(lambda _pods: decisions), 5).decide([a_pod("p")], CLUSTER)

    assert [why for _, why in verdict.invalid] == [sentence]
    assert verdict.placed == []


async def test_a_driver_that_raises_costs_only_the_batch() -> None:
    def fail(_pods: Sequence[PodInfo]) -> Sequence[Decision]:
        raise ZeroDivisionError("by nothing")

    verdict = await Decider(Answering(fail), 5).decide([a_pod("p")], CLUSTER)

    assert [why for _, why in verdict.invalid] == ['scheduler "answering" failed: ZeroDivisionError: by nothing']


async def test_gives_up_a_driver_that_hangs() -> None:
    release = threading.Event()

    def hang(_pods: Sequence[PodInfo]) -> Sequence[Decision]:
        release.wait(30)
        return []

    try:
        with pytest.raises(DriverHangs, match=r"did not decide on 1 pods within 0\.05 s"):
            await Decider(Answering(hang), 0.05).decide([a_pod("p")], CLUSTER)
    finally:
        release.set()


async def test_a_slow_driver_gets_smaller_batches() -> None:
    def think(pods: Sequence[PodInfo]) -> Sequence[Decision]:
        time.sleep(0.05)  # the slowness that is being tested
        return [Decision(pod.key, "n") for pod in pods]

    decider = Decider(Answering(think), 5)
    assert decider.batch_max(1, 1000) == 1000

    await decider.decide([a_pod("p")], CLUSTER)

    assert 1 <= decider.batch_max(1, 1000) <= 20
    assert decider.batch_max(10_000, 1000) == 1


async def test_a_slow_driver_does_not_stop_the_event_loop() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    release = threading.Event()
    turning = asyncio.ensure_future(turn())

    def wait_for_turns(pods: Sequence[PodInfo]) -> Sequence[Decision]:
        before = turns
        while turns < before + 3 and not release.wait(0.001):
            continue
        return [Decision(pod.key, "n") for pod in pods]

    try:
        async with asyncio.timeout(5):
            verdict = await Decider(Answering(wait_for_turns), 5).decide([a_pod("p")], CLUSTER)
    finally:
        release.set()
        turning.cancel()

    assert len(verdict.placed) == 1
