"""Draining nodes on which nothing runs: kubectl's part is the same, and there may be many."""

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import replication_controller


def test_drain_moves_the_pods_of_a_controller_to_the_other_nodes(hollow_cluster: Cluster) -> None:
    hollow_cluster.kubectl("create", "-f", "-", stdin=replication_controller("web", 6))

    def places() -> list[str]:
        pods = hollow_cluster.get("pods")["items"]
        return [p["spec"]["nodeName"] for p in pods if p["status"]["phase"] == "Running"]

    until("all run", lambda: len(places()) == 6)
    node = places()[0]

    said = hollow_cluster.kubectl("drain", node, "--timeout=50s")

    assert said.count("evicted") >= 1
    until("all run elsewhere", lambda: len(places()) == 6 and node not in places())
    assert "SchedulingDisabled" in hollow_cluster.kubectl("get", "node", node)
