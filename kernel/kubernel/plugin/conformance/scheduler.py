"""What the scheduler contract promises, as checks (see `check` for the frame)."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from kubernel.objects.models import core
from kubernel.plugin.conformance.check import Check
from kubernel.plugin.conformance.sample_cluster import GIB, a_node, a_pod, cluster_of
from kubernel.plugin.contracts.scheduler import Decision, NodeInfo, PodInfo, Resources, Scheduler, Snapshot

__all__ = ["CHECKS"]

TIME_LIMIT_S = 5.0
"""For a thousand pods on a hundred nodes: 5 ms a pod, some hundred times what the default scheduler takes."""


async def decides_once(driver: Scheduler, _workspace: Path) -> None:
    """Every pod of the batch gets one decision, whether it fits or not."""
    pods = [a_pod(f"p{i}", cpu_millicores=1000 if i % 3 else 9000) for i in range(20)]
    decisions = await _schedule(driver, pods, cluster_of(a_node(f"n{i}") for i in range(3)))
    counts = Counter(decision.pod for decision in decisions)
    expected = Counter(pod.key for pod in pods)
    for key in sorted(counts | expected):
        assert counts[key] == expected[key], f"made {counts[key]} decisions on {key}, expected {expected[key]}"


async def chooses_existing_nodes(driver: Scheduler, _workspace: Path) -> None:
    """A chosen node is one of the snapshot."""
    cluster = cluster_of(a_node(f"n{i}") for i in range(3))
    for decision in await _schedule(driver, [a_pod(f"p{i}") for i in range(10)], cluster):
        assert decision.node is None or decision.node in cluster.nodes, (
            f"chose {decision.node!r}, which is none of {sorted(cluster.nodes)}"
        )


async def uses_the_room(driver: Scheduler, _workspace: Path) -> None:
    """Pods that fit easily get nodes."""
    pods = [a_pod(f"p{i}") for i in range(10)]
    for decision in await _schedule(driver, pods, cluster_of([a_node("n0"), a_node("n1")])):
        assert decision.node is not None, f"refused {decision.pod} on an empty cluster: {dict(decision.reasons)}"


async def never_overcommits(driver: Scheduler, _workspace: Path) -> None:
    """Requests of one batch and of what ran before never exceed what a node offers, in any resource."""
    tight = Resources(2000, 4 * GIB, 5)
    cluster = cluster_of([a_node("a", tight, used=Resources(1500, GIB, 1)), a_node("b", tight), a_node("c", tight)])
    for cpu_millicores, memory_bytes in ((600, 0), (0, GIB + GIB // 2), (0, 0)):
        pods = [a_pod(f"p{i}", cpu_millicores=cpu_millicores, memory_bytes=memory_bytes) for i in range(30)]
        decisions = await _schedule(driver, pods, cluster)
        for name, total in _totals(pods, decisions, cluster).items():
            assert total.fits_in(tight), f"put {total} on node {name}, which has {tight}"


async def respects_node_selector(driver: Scheduler, _workspace: Path) -> None:
    """``spec.nodeSelector`` names the only nodes that are allowed."""
    spec = core.PodSpec(containers=[], nodeSelector={"disk": "ssd"})
    cluster = cluster_of(
        [a_node("slow"), a_node("fast", labels={"disk": "ssd"}), a_node("other", labels={"disk": "hdd"})]
    )
    await _lands_only_on(driver, [a_pod(f"p{i}", spec=spec) for i in range(5)], cluster, {"fast"})


async def respects_required_affinity(driver: Scheduler, _workspace: Path) -> None:
    """Required node affinity: terms are alternatives, the requirements of a term all hold."""
    zones = core.NodeSelectorRequirement(key="zone", operator="In", values=["a", "b"])
    many_cores = core.NodeSelectorRequirement(key="cores", operator="Gt", values=["8"])
    by_name = core.NodeSelectorRequirement(key="metadata.name", operator="In", values=["named"])
    terms = [core.NodeSelectorTerm(matchExpressions=[zones, many_cores]), core.NodeSelectorTerm(matchFields=[by_name])]
    affinity = core.Affinity(
        nodeAffinity=core.NodeAffinity(
            requiredDuringSchedulingIgnoredDuringExecution=core.NodeSelector(nodeSelectorTerms=terms)
        )
    )
    cluster = cluster_of(
        [
            a_node("big-a", labels={"zone": "a", "cores": "16"}),
            a_node("small-b", labels={"zone": "b", "cores": "8"}),
            a_node("big-c", labels={"zone": "c", "cores": "16"}),
            a_node("named"),
        ]
    )
    pods = [a_pod(f"p{i}", spec=core.PodSpec(containers=[], affinity=affinity)) for i in range(5)]
    await _lands_only_on(driver, pods, cluster, {"big-a", "named"})


async def respects_taints(driver: Scheduler, _workspace: Path) -> None:
    """NoSchedule and NoExecute keep pods off that do not tolerate them; PreferNoSchedule does not."""
    tainted = [
        a_node(effect.lower(), spec=core.NodeSpec(taints=[core.Taint(key="k", value="v", effect=effect)]))
        for effect in ("NoSchedule", "NoExecute")
    ]
    await _lands_only_on(driver, [a_pod("plain")], cluster_of([*tainted, a_node("free")]), {"free"})
    soft = a_node("soft", spec=core.NodeSpec(taints=[core.Taint(key="k", effect="PreferNoSchedule")]))
    await _lands_only_on(driver, [a_pod("plain")], cluster_of([*tainted, soft]), {"soft"})
    tolerant = core.PodSpec(containers=[], tolerations=[core.Toleration(key="k", operator="Equal", value="v")])
    await _lands_only_on(driver, [a_pod("tolerant", spec=tolerant)], cluster_of(tainted), {"noschedule", "noexecute"})


async def respects_unschedulable_nodes(driver: Scheduler, _workspace: Path) -> None:
    """Nodes that are cordoned or not ready get no pods."""
    closed = [a_node("cordoned", spec=core.NodeSpec(unschedulable=True), schedulable=False)]
    closed.append(a_node("not-ready", schedulable=False))
    await _lands_only_on(driver, [a_pod("p0"), a_pod("p1")], cluster_of([*closed, a_node("open")]), {"open"})


async def explains_refusals(driver: Scheduler, _workspace: Path) -> None:
    """A pod that fits nowhere gets no node, and reasons that count nodes."""
    cluster = cluster_of(a_node(f"n{i}") for i in range(3))
    (decision,) = await _schedule(driver, [a_pod("huge", cpu_millicores=100_000)], cluster)
    assert decision.node is None, f"put a pod of 100 cores on {decision.node}"
    assert decision.reasons, "gave no reason why the pod fits nowhere"
    for reason, count in decision.reasons.items():
        assert reason, "gave an empty reason"
        assert 1 <= count <= len(cluster.nodes), f"counted {count} of 3 nodes for the reason {reason!r}"


async def answers_on_an_empty_cluster(driver: Scheduler, _workspace: Path) -> None:
    """Without any node every pod is refused, and nothing is raised."""
    decisions = await _schedule(driver, [a_pod("p0"), a_pod("p1")], cluster_of([]))
    assert [decision.node for decision in decisions] == [None, None], "chose a node of a cluster that has none"


async def depends_on_the_snapshot_alone(driver: Scheduler, _workspace: Path) -> None:
    """What an earlier call decided is forgotten: it may never have been bound."""
    pods, cluster = [a_pod("p0", cpu_millicores=4000)], cluster_of([a_node("n0")])
    for attempt in "first", "second":
        (decision,) = await _schedule(driver, pods, cluster)
        assert decision.node == "n0", f"the {attempt} call on the same snapshot chose {decision.node!r}, not 'n0'"


async def leaves_its_input_alone(driver: Scheduler, _workspace: Path) -> None:
    """Pods, nodes and their objects are the host's."""
    pods, cluster = [a_pod(f"p{i}") for i in range(5)], cluster_of(a_node(f"n{i}") for i in range(2))
    before = _image(pods, cluster)
    await _schedule(driver, pods, cluster)
    assert _image(pods, cluster) == before, "changed the pods or nodes that it was given"


async def decides_in_time(driver: Scheduler, _workspace: Path) -> None:
    """A full batch on a hundred nodes takes some seconds at most."""
    pods = [a_pod(f"p{i}", group=f"g{i % 10}") for i in range(1000)]
    cluster = cluster_of(a_node(f"n{i}") for i in range(100))
    started_s = time.perf_counter()
    decisions = await _schedule(driver, pods, cluster)
    took_s = time.perf_counter() - started_s
    assert took_s < TIME_LIMIT_S, f"took {took_s:.1f} s for 1,000 pods on 100 nodes, the limit is {TIME_LIMIT_S:g} s"
    placed = sum(decision.node is not None for decision in decisions)
    assert placed == len(pods), f"placed {placed} of 1,000 pods that all fit"


async def _schedule(driver: Scheduler, pods: Sequence[PodInfo], cluster: Snapshot) -> Sequence[Decision]:
    """Call the driver in a thread, so that one that hangs runs into the kit's time limit."""
    return await asyncio.to_thread(driver.schedule, pods, cluster)


async def _lands_only_on(driver: Scheduler, pods: Sequence[PodInfo], cluster: Snapshot, allowed: set[str]) -> None:
    for decision in await _schedule(driver, pods, cluster):
        assert decision.node in allowed, (
            f"chose {decision.node!r} for {decision.pod}; allowed are {sorted(allowed)}, "
            f"reasons given: {dict(decision.reasons)}"
        )


def _totals(pods: Sequence[PodInfo], decisions: Sequence[Decision], cluster: Snapshot) -> Mapping[str, Resources]:
    requests = {pod.key: pod.requests for pod in pods}
    totals = {name: node.used for name, node in cluster.nodes.items()}
    for decision in decisions:
        if decision.node in totals:
            totals[decision.node] += requests[decision.pod]
    return totals


def _image(pods: Sequence[PodInfo], cluster: Snapshot) -> bytes:
    nodes: list[tuple[NodeInfo, Mapping[str, str]]] = [(node, node.labels) for node in cluster.nodes.values()]
    return msgspec.json.encode((pods, nodes))


CHECKS: tuple[Check[Scheduler], ...] = (
    Check("decides every pod of a batch exactly once", decides_once),
    Check("chooses nodes that exist", chooses_existing_nodes),
    Check("places pods where there is room", uses_the_room),
    Check("never puts more on a node than it has", never_overcommits),
    Check("respects nodeSelector", respects_node_selector),
    Check("respects required node affinity", respects_required_affinity),
    Check("respects taints and tolerations", respects_taints),
    Check("leaves cordoned and unready nodes alone", respects_unschedulable_nodes),
    Check("says why a pod fits nowhere", explains_refusals),
    Check("answers on an empty cluster", answers_on_an_empty_cluster),
    Check("decides by the snapshot alone", depends_on_the_snapshot_alone),
    Check("does not change what it is given", leaves_its_input_alone),
    Check("decides 1,000 pods on 100 nodes in time", decides_in_time, quick=False),
)
