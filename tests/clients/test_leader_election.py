"""Leader election of the official Python client: one leads, and when it dies the other does."""

from pathlib import Path
from subprocess import Popen

from tests.e2e.cluster import Cluster, lines_of

CANDIDATE = Path(__file__).with_name("candidate.py")


def _start(cluster: Cluster, namespace: str, name: str) -> Popen[str]:
    return cluster.start("python", str(CANDIDATE), str(cluster.data / "kubeconfig"), namespace, name)


def _wait_until_it_leads(candidate: Popen[str], name: str) -> None:
    assert any(line == f"{name} leads\n" for line in lines_of(candidate)), f"{name} ended without leading"


def test_second_candidate_leads_when_the_first_is_killed(cluster: Cluster, namespace: str) -> None:
    first = _start(cluster, namespace, "one")
    _wait_until_it_leads(first, "one")
    second = _start(cluster, namespace, "two")

    try:
        first.kill()
        _wait_until_it_leads(second, "two")

        assert cluster.get("lease", "election", "-n", namespace)["spec"]["holderIdentity"] == "two"
    finally:
        for candidate in (first, second):
            candidate.kill()
            candidate.communicate()
