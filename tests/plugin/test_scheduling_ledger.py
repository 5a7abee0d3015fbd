"""Reasons in kube-scheduler's words, and the accounting inside a batch."""

from kubernel.objects.models import core
from kubernel.plugin.conformance.sample_cluster import GIB, a_node, a_pod, cluster_of
from kubernel.plugin.contracts.scheduler import Resources
from kubernel.plugin.scheduling import Ledger, refusals


def test_refusals_report_all_missing_resources_together() -> None:
    node = a_node("n", Resources(100, GIB, 0))

    assert refusals(a_pod("p", cpu_millicores=200, memory_bytes=2 * GIB), node) == (
        "Too many pods",
        "Insufficient cpu",
        "Insufficient memory",
    )


def test_refusals_report_only_the_first_rule_that_refuses() -> None:
    taints = [core.Taint(key="gpu", value="only", effect="NoSchedule")]
    node = a_node("n", Resources(), spec=core.NodeSpec(taints=taints))
    pod = a_pod("p", spec=core.PodSpec(containers=[], nodeSelector={"disk": "ssd"}))

    assert refusals(pod, node) == ("node(s) had untolerated taint {gpu: only}",)


def test_a_pod_that_requests_nothing_fits_on_an_overcommitted_node() -> None:
    node = a_node("n", Resources(100, GIB, 10), used=Resources(500, 2 * GIB, 1))

    assert refusals(a_pod("p", cpu_millicores=0, memory_bytes=0), node) == ()


def test_a_cordoned_node_takes_pods_that_tolerate_it() -> None:
    node = a_node("n", spec=core.NodeSpec(unschedulable=True), schedulable=False)
    tolerations = [core.Toleration(key="node.kubernetes.io/unschedulable", operator="Exists")]

    assert refusals(a_pod("p"), node) == ("node(s) were unschedulable",)
    assert refusals(a_pod("p", spec=core.PodSpec(containers=[], tolerations=tolerations)), node) == ()


def test_a_node_that_is_not_ready_takes_nobody() -> None:
    tolerations = [core.Toleration(operator="Exists")]

    node = a_node("n", schedulable=False)

    assert refusals(a_pod("p", spec=core.PodSpec(containers=[], tolerations=tolerations)), node) == (
        "node(s) were not ready",
    )


def test_a_pod_with_a_node_name_goes_there_only() -> None:
    pod = a_pod("p", spec=core.PodSpec(containers=[], nodeName="other"))

    assert refusals(pod, a_node("n")) == ("node(s) didn't match the requested node name",)
    assert refusals(pod, a_node("other")) == ()


def test_ledger_counts_what_it_placed() -> None:
    node = a_node("n", Resources(250, GIB, 10))
    ledger = Ledger(cluster_of([node]))
    pods = [a_pod(f"p{i}", cpu_millicores=100, memory_bytes=0, group="g") for i in range(3)]

    placed = [ledger.place(pod, node).node for pod in pods[:2]]

    assert placed == ["n", "n"]
    assert ledger.free(node) == Resources(50, GIB, 8)
    assert ledger.in_group(node, "g") == 2
    assert list(ledger.fitting(pods[2])) == []
    assert ledger.refuse(pods[2]).reasons == {"Insufficient cpu": 1}
