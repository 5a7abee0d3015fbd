"""The sentences that people see are kube-scheduler's."""

from kubernel.host.scheduling.reports import unschedulable_message


def test_counts_the_reasons_in_kubernetes_order() -> None:
    reasons = {"node(s) didn't match Pod's node affinity/selector": 1, "Insufficient cpu": 2}

    assert unschedulable_message(reasons, 3) == (
        "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 2 Insufficient cpu."
    )


def test_says_that_there_are_no_nodes() -> None:
    assert unschedulable_message({}, 0) == "no nodes available to schedule pods"


def test_says_something_when_a_scheduler_gives_no_reason() -> None:
    assert unschedulable_message({}, 2) == "0/2 nodes are available."
