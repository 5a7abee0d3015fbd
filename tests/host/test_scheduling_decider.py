"""No scheduler is trusted: wrong answers become sentences, and one that hangs is given up."""

import threading
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
