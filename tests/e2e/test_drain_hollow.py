"""Draining nodes on which nothing runs: kubectl's part is the same, and there may be many."""

import json

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


def test_drain_waits_for_a_disruption_budget_and_says_so(hollow_cluster: Cluster) -> None:
    hollow_cluster.kubectl("create", "-f", "-", stdin=replication_controller("web", 1))
    until("it runs", lambda: hollow_cluster.get("pods")["items"][0]["status"]["phase"] == "Running")
    hollow_cluster.kubectl("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=1")
    node = hollow_cluster.get("pods")["items"][0]["spec"]["nodeName"]
    spent = {"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 0}

    def settle(**counts: int) -> None:
        """Write what the budget's controller would."""
        status = json.dumps({"status": {**spent, "expectedPods": 1, **counts}})
        hollow_cluster.kubectl("patch", "pdb", "web", "--subresource=status", "--type=merge", "-p", status)

    settle()
    refused = hollow_cluster.refusal("kubectl", "drain", node, "--timeout=7s")
    settle(disruptionsAllowed=1)
    drained = hollow_cluster.kubectl("drain", node, "--timeout=50s")

    assert "Cannot evict pod as it would violate the pod's disruption budget." in refused
    assert "evicted" in drained
    assert hollow_cluster.get("pdb", "web")["status"]["disruptionsAllowed"] == 0
