"""What must hold for every first-party scheduler on any cluster: properties over generated ones.

The toolkit's plain functions are the oracle: the default scheduler's columns have to agree with them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import core
from kubernel.plugin.conformance.sample_cluster import a_node, a_pod, cluster_of
from kubernel.plugin.contracts import Scheduler
from kubernel.plugin.contracts.scheduler import NodeInfo, PodInfo, Resources
from kubernel.plugin.scheduling import Ledger, refusals
from kubernel_scheduler_binpack import BinpackScheduler, BinpackSettings
from kubernel_scheduler_default import DefaultScheduler, DefaultSettings

ALL: list[Scheduler] = [DefaultScheduler(DefaultSettings()), BinpackScheduler(BinpackSettings())]
every_scheduler = pytest.mark.parametrize("scheduler", ALL, ids=lambda scheduler: str(scheduler.info.name))

values = st.sampled_from(["1", "2", "3"])
labels = st.dictionaries(st.sampled_from(["zone", "disk"]), values)
effects = st.sampled_from(["NoSchedule", "NoExecute", "PreferNoSchedule"])
taints = st.builds(core.Taint, key=st.sampled_from(["a", "b"]), value=values, effect=effects)
tolerations = st.builds(
    core.Toleration,
    key=st.sampled_from(["a", "b"]),
    operator=st.sampled_from(["Equal", "Exists"]),
    value=values,
    effect=st.none() | effects,
)
requirements = st.builds(
    core.NodeSelectorRequirement,
    key=st.sampled_from(["zone", "disk"]),
    operator=st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    values=st.lists(values, min_size=1, max_size=2),
)
terms = st.builds(core.NodeSelectorTerm, matchExpressions=st.lists(requirements, max_size=2))
amounts = st.builds(Resources, st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 5))


@st.composite
def nodes(draw: st.DrawFn) -> list[NodeInfo]:
    return [
        a_node(
            f"n{i}",
            draw(amounts),
            used=draw(amounts),
            labels=draw(labels),
            spec=core.NodeSpec(taints=draw(st.lists(taints, max_size=2)), unschedulable=draw(st.booleans())),
            schedulable=draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 6)))
    ]


@st.composite
def pods(draw: st.DrawFn) -> list[PodInfo]:
    return [
        a_pod(
            f"p{i}",
            cpu_millicores=draw(st.integers(0, 1000)),
            memory_bytes=draw(st.integers(0, 1000)),
            group=draw(st.sampled_from(["g", "h", ""])),
            spec=draw(specs()),
        )
        for i in range(draw(st.integers(1, 12)))
    ]


@st.composite
def specs(draw: st.DrawFn) -> core.PodSpec:
    required = core.NodeSelector(nodeSelectorTerms=draw(st.lists(terms, max_size=2)))
    wishes = st.builds(core.PreferredSchedulingTerm, weight=st.integers(1, 100), preference=terms)
    affinity = core.NodeAffinity(
        requiredDuringSchedulingIgnoredDuringExecution=draw(st.none() | st.just(required)),
        preferredDuringSchedulingIgnoredDuringExecution=draw(st.lists(wishes, max_size=2)),
    )
    return core.PodSpec(
        containers=[],
        nodeName=draw(st.sampled_from([None, None, None, "n0"])),
        nodeSelector=draw(st.none() | labels),
        affinity=draw(st.none() | st.just(core.Affinity(nodeAffinity=affinity))),
        tolerations=draw(st.lists(tolerations, max_size=2)),
    )


@every_scheduler
@given(nodes=nodes(), pods=pods())
def test_decisions_agree_with_the_toolkit_at_every_step(
    scheduler: Scheduler, nodes: list[NodeInfo], pods: list[PodInfo]
) -> None:
    cluster = cluster_of(nodes)
    ledger = Ledger(cluster)

    decisions = scheduler.schedule(pods, cluster)

    assert [decision.pod for decision in decisions] == [pod.key for pod in pods]
    for pod, decision in zip(pods, decisions, strict=True):
        if decision.node is None:
            assert list(ledger.fitting(pod)) == []
            assert dict(decision.reasons) == dict(ledger.refuse(pod).reasons)
        else:
            node = cluster.nodes[decision.node]
            assert refusals(pod, node, ledger.free(node)) == ()
            ledger.place(pod, node)


@every_scheduler
@given(nodes=nodes(), pods=pods())
def test_no_node_gets_more_than_it_has(scheduler: Scheduler, nodes: list[NodeInfo], pods: list[PodInfo]) -> None:
    cluster = cluster_of(nodes)
    requests = {pod.key: pod.requests for pod in pods}

    placed = [(requests[d.pod], d.node) for d in scheduler.schedule(pods, cluster) if d.node is not None]

    for name, node in cluster.nodes.items():
        added = [request for request, chosen in placed if chosen == name]
        cpu, memory = sum(r.cpu_millicores for r in added), sum(r.memory_bytes for r in added)
        assert cpu <= max(0, node.free.cpu_millicores)
        assert memory <= max(0, node.free.memory_bytes)
        assert len(added) <= max(0, node.free.pods)
