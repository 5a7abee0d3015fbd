"""What a pod requests and a node offers, read from their objects."""

from datetime import UTC, datetime

import pytest
from kubernel.host.scheduling.view import allocatable_of, is_schedulable, pod_info, waits_for
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts.scheduler import Resources

NAMES = frozenset({"default-scheduler"})
MIB = 2**20


def container(cpu: str, memory: str, *, restart: str | None = None) -> core.Container:
    requests = core.ResourceRequirements(requests={"cpu": cpu, "memory": memory})
    return core.Container(name="c", resources=requests, restartPolicy=restart)


def requests_of(spec: core.PodSpec) -> Resources:
    return pod_info(core.Pod(metadata=meta.ObjectMeta(name="p", namespace="d"), spec=spec)).requests


def test_containers_add_up() -> None:
    spec = core.PodSpec(containers=[container("100m", "64Mi"), container("0.5", "64Mi")])

    assert requests_of(spec) == Resources(600, 128 * MIB, 1)


def test_limits_stand_in_for_missing_requests() -> None:
    resources = core.ResourceRequirements(requests={"cpu": "100m"}, limits={"cpu": "1", "memory": "1Mi"})

    spec = core.PodSpec(containers=[core.Container(name="c", resources=resources)])

    assert requests_of(spec) == Resources(100, MIB, 1)


def test_the_hungriest_init_container_counts_when_it_needs_more() -> None:
    spec = core.PodSpec(
        containers=[container("100m", "64Mi")], initContainers=[container("1", "1Mi"), container("200m", "32Mi")]
    )

    assert requests_of(spec) == Resources(1000, 64 * MIB, 1)


def test_sidecars_count_beside_the_containers_and_later_init_containers() -> None:
    spec = core.PodSpec(
        containers=[container("100m", "64Mi")],
        initContainers=[container("1", "1Mi"), container("200m", "8Mi", restart="Always"), container("900m", "1Mi")],
    )

    assert requests_of(spec) == Resources(1100, 72 * MIB, 1)


def test_overhead_is_added_and_pod_level_requests_replace() -> None:
    whole = core.ResourceRequirements(requests={"memory": "256Mi"})
    spec = core.PodSpec(containers=[container("100m", "64Mi")], overhead={"cpu": "10m"}, resources=whole)

    assert requests_of(spec) == Resources(110, 256 * MIB, 1)


def test_the_group_is_the_controller_else_the_pod() -> None:
    owner = meta.OwnerReference(apiVersion="v1", kind="ReplicationController", name="rc", uid="rc-uid", controller=True)
    other = meta.OwnerReference(apiVersion="v1", kind="ConfigMap", name="c", uid="c-uid")
    owned = core.Pod(metadata=meta.ObjectMeta(name="p", namespace="d", uid="u", ownerReferences=[other, owner]))

    assert pod_info(owned).group == "rc-uid"
    assert pod_info(core.Pod(metadata=meta.ObjectMeta(name="p", namespace="d", uid="u"))).group == "u"


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        (core.Pod(spec=core.PodSpec(containers=[])), True),
        (core.Pod(spec=core.PodSpec(containers=[], schedulerName="default-scheduler")), True),
        (core.Pod(spec=core.PodSpec(containers=[], schedulerName="mine")), False),
        (core.Pod(spec=core.PodSpec(containers=[], nodeName="n")), False),
        (core.Pod(spec=core.PodSpec(containers=[], schedulingGates=[core.PodSchedulingGate(name="g")])), False),
        (core.Pod(spec=core.PodSpec(containers=[]), status=core.PodStatus(phase="Failed")), False),
        (
            core.Pod(metadata=meta.ObjectMeta(deletionTimestamp=datetime.now(UTC)), spec=core.PodSpec(containers=[])),
            False,
        ),
    ],
)
def test_waits_for(pod: core.Pod, *, expected: bool) -> None:
    assert waits_for(pod, NAMES) is expected


def test_allocatable_goes_before_capacity() -> None:
    status = core.NodeStatus(capacity={"cpu": "4", "memory": "1Gi", "pods": "110"}, allocatable={"cpu": "3500m"})

    assert allocatable_of(core.Node(status=status)) == Resources(3500, 1024 * MIB, 110)
    assert allocatable_of(core.Node()) == Resources()


def test_only_ready_nodes_that_are_not_cordoned_take_pods() -> None:
    def node(status: str, *, unschedulable: bool | None = None) -> core.Node:
        ready = core.NodeCondition(type="Ready", status=status)
        return core.Node(spec=core.NodeSpec(unschedulable=unschedulable), status=core.NodeStatus(conditions=[ready]))

    assert is_schedulable(node("True"))
    assert not is_schedulable(node("False"))
    assert not is_schedulable(node("Unknown"))
    assert not is_schedulable(node("True", unschedulable=True))
    assert not is_schedulable(core.Node())
