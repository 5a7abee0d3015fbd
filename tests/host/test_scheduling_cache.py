"""The scheduler's view of the cluster: what is counted where, and when a change matters."""

from hypothesis import given
from hypothesis import strategies as st
from kubernel.host.scheduling.cache import ClusterCache
from kubernel.objects.models import core, meta
from kubernel.plugin.conformance.sample_cluster import a_pod
from kubernel.plugin.contracts.scheduler import Resources


def node(name: str, *, cpu: str = "4", ready: str = "True", labels: dict[str, str] | None = None) -> core.Node:
    return core.Node(
        metadata=meta.ObjectMeta(name=name, labels=labels),
        status=core.NodeStatus(
            allocatable={"cpu": cpu, "memory": "8Gi", "pods": "110"},
            conditions=[core.NodeCondition(type="Ready", status=ready)],
        ),
    )


def test_counts_a_pod_once_however_often_it_is_seen() -> None:
    cache = ClusterCache()
    cache.set_node(node("n"))
    pod = a_pod("p", group="g")

    for _ in range(3):
        cache.count(pod, "n")

    info = cache.snapshot().nodes["n"]
    assert info.used == pod.requests
    assert info.groups == {"g": 1}


def test_moves_an_assumed_pod_that_was_bound_elsewhere() -> None:
    cache = ClusterCache()
    cache.set_node(node("a"))
    cache.set_node(node("b"))
    cache.count(a_pod("p"), "a")

    cache.count(a_pod("p"), "b")

    nodes = cache.snapshot().nodes
    assert nodes["a"].used == Resources()
    assert nodes["b"].used == a_pod("p").requests


def test_pods_may_be_seen_before_their_node_and_outlive_it() -> None:
    cache = ClusterCache()
    cache.count(a_pod("p"), "n")
    assert cache.snapshot().nodes == {}

    cache.set_node(node("n"))
    assert cache.snapshot().nodes["n"].used == a_pod("p").requests

    cache.remove_node("n")
    assert cache.snapshot().nodes == {}

    cache.set_node(node("n"))
    assert cache.snapshot().nodes["n"].used == a_pod("p").requests


def test_a_snapshot_does_not_change_later() -> None:
    cache = ClusterCache()
    cache.set_node(node("n"))
    before = cache.snapshot()

    cache.count(a_pod("p"), "n")
    cache.set_node(node("m"))

    assert set(before.nodes) == {"n"}
    assert before.nodes["n"].used == Resources()


def test_tells_only_changes_that_a_waiting_pod_could_care_about() -> None:
    cache = ClusterCache()

    assert cache.set_node(node("n"))
    assert not cache.set_node(node("n"))
    assert cache.set_node(node("n", cpu="8"))
    assert cache.set_node(node("n", cpu="8", labels={"zone": "a"}))
    assert cache.set_node(node("n", cpu="8", labels={"zone": "a"}, ready="False"))


def test_release_says_whether_there_was_something_to_release() -> None:
    cache = ClusterCache()
    cache.count(a_pod("p"), "n")

    assert cache.release("default/p")
    assert not cache.release("default/p")


@given(
    st.lists(
        st.tuples(st.sampled_from(["count", "release"]), st.integers(0, 3), st.sampled_from(["a", "b"])), max_size=30
    )
)
def test_the_sums_are_always_those_of_the_pods_that_are_there(steps: list[tuple[str, int, str]]) -> None:
    cache, expected = ClusterCache(), dict[str, str]()
    cache.set_node(node("a"))
    cache.set_node(node("b"))

    for step, number, name in steps:
        pod = a_pod(f"p{number}", cpu_millicores=10**number)
        if step == "count":
            cache.count(pod, name)
            expected[pod.key] = name
        else:
            cache.release(pod.key)
            expected.pop(pod.key, None)

        for at, info in cache.snapshot().nodes.items():
            there = [key for key, where in expected.items() if where == at]
            assert info.used.cpu_millicores == sum(10 ** int(key[-1]) for key in there)
            assert info.used.pods == sum(info.groups.values()) == len(there)
