"""Which of several possible nodes the default scheduler prefers."""

from collections import Counter

from kubernel.objects.models import core
from kubernel.plugin.conformance.sample_cluster import GIB, a_node, a_pod, cluster_of
from kubernel.plugin.contracts.scheduler import Resources
from kubernel_scheduler_default import DefaultScheduler, DefaultSettings

NODE = Resources(4000, 8 * GIB, 110)
SCHEDULER = DefaultScheduler(DefaultSettings())


def test_spreads_the_pods_of_one_group_evenly() -> None:
    cluster = cluster_of(a_node(f"n{i}", NODE) for i in range(4))
    pods = [a_pod(f"p{i}", group="rc") for i in range(40)]

    decisions = SCHEDULER.schedule(pods, cluster)

    assert set(Counter(decision.node for decision in decisions).values()) == {10}


def test_spreads_a_group_even_against_free_resources() -> None:
    crowded = a_node("crowded", NODE)
    crowded = type(crowded)("crowded", crowded.node, crowded.labels, NODE, Resources(100, 0, 1), {"rc": 1})
    busy = a_node("busy", NODE, used=Resources(2000, 2 * GIB, 20))

    (decision,) = SCHEDULER.schedule([a_pod("p", group="rc")], cluster_of([crowded, busy]))

    assert decision.node == "busy"


def test_prefers_the_node_with_most_left() -> None:
    nodes = [a_node("full", NODE, used=Resources(3000, 6 * GIB, 9)), a_node("empty", NODE)]

    (decision,) = SCHEDULER.schedule([a_pod("p")], cluster_of(nodes))

    assert decision.node == "empty"


def test_follows_preferred_affinity() -> None:
    ssd = core.NodeSelectorRequirement(key="disk", operator="In", values=["ssd"])
    wish = core.PreferredSchedulingTerm(weight=50, preference=core.NodeSelectorTerm(matchExpressions=[ssd]))
    affinity = core.NodeAffinity(preferredDuringSchedulingIgnoredDuringExecution=[wish])
    spec = core.PodSpec(containers=[], affinity=core.Affinity(nodeAffinity=affinity))
    nodes = [a_node("hdd", NODE), a_node("ssd", NODE, used=Resources(1000, 0, 1), labels={"disk": "ssd"})]

    (decision,) = SCHEDULER.schedule([a_pod("p", spec=spec)], cluster_of(nodes))

    assert decision.node == "ssd"


def test_avoids_nodes_that_ask_to_be_avoided() -> None:
    taint = core.Taint(key="k", effect="PreferNoSchedule")
    nodes = [
        a_node("avoid", NODE, spec=core.NodeSpec(taints=[taint])),
        a_node("busy", NODE, used=Resources(2000, 0, 9)),
    ]

    (decision,) = SCHEDULER.schedule([a_pod("p")], cluster_of(nodes))

    assert decision.node == "busy"


def test_a_weight_of_zero_leaves_a_step_out() -> None:
    nodes = [a_node("a", NODE), a_node("b", NODE, used=Resources(100, 0, 1))]
    nodes[0] = type(nodes[0])("a", nodes[0].node, nodes[0].labels, NODE, Resources(), {"rc": 9})
    scheduler = DefaultScheduler(DefaultSettings(spread_weight=0))

    (decision,) = scheduler.schedule([a_pod("p", group="rc")], cluster_of(nodes))

    assert decision.node == "a"


def test_tells_the_scores_of_the_best_nodes() -> None:
    cluster = cluster_of(a_node(f"n{i}", NODE, used=Resources(1000 * i, 0, i)) for i in range(4))

    (decision,) = SCHEDULER.schedule([a_pod("p")], cluster)

    assert list(decision.scores) == ["n0", "n1", "n2"]
    assert list(decision.scores.values()) == sorted(decision.scores.values(), reverse=True)
