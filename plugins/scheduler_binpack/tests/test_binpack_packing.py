"""What binpack is for: whole machines stay empty."""

from collections import Counter

from kubernel.plugin.conformance.sample_cluster import GIB, a_node, a_pod, cluster_of
from kubernel.plugin.contracts.scheduler import Resources
from kubernel_scheduler_binpack import BinpackScheduler, BinpackSettings

NODE = Resources(1000, 8 * GIB, 110)


def test_fills_the_node_that_is_fullest_already() -> None:
    cluster = cluster_of([a_node("a", NODE), a_node("b", NODE, used=Resources(500, GIB, 3)), a_node("c", NODE)])

    (decision,) = BinpackScheduler(BinpackSettings()).schedule([a_pod("p")], cluster)

    assert decision.node == "b"


def test_takes_a_second_node_only_when_the_first_is_full() -> None:
    cluster = cluster_of(a_node(f"n{i}", NODE) for i in range(10))
    pods = [a_pod(f"p{i}", cpu_millicores=100, memory_bytes=0) for i in range(15)]

    decisions = BinpackScheduler(BinpackSettings()).schedule(pods, cluster)

    assert Counter(decision.node for decision in decisions) == {"n0": 10, "n1": 5}


def test_packs_pods_that_request_nothing_by_number() -> None:
    cluster = cluster_of([a_node("a", NODE), a_node("b", NODE, used=Resources(0, 0, 1))])
    pods = [a_pod(f"p{i}", cpu_millicores=0, memory_bytes=0) for i in range(5)]

    decisions = BinpackScheduler(BinpackSettings()).schedule(pods, cluster)

    assert {decision.node for decision in decisions} == {"b"}


def test_weights_say_what_full_means() -> None:
    by_cpu = a_node("cpu", NODE, used=Resources(800, 0, 1))
    by_memory = a_node("memory", NODE, used=Resources(0, 6 * GIB, 1))
    settings = BinpackSettings(cpu_weight=0)

    (decision,) = BinpackScheduler(settings).schedule([a_pod("p")], cluster_of([by_cpu, by_memory]))

    assert decision.node == "memory"
