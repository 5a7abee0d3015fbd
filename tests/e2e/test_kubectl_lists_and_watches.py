"""How the real kubectl lists and watches: in chunks, as a table that goes on, until a condition holds."""

import json

import pytest

from tests.e2e.cluster import Cluster, until
from tests.e2e.test_kubectl_streams import read_until, started


def _make(cluster: Cluster, namespace: str, *names: str) -> None:
    for name in names:
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}}
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(secret))


def _watches(cluster: Cluster) -> float:
    """Return how many watches of secrets are open."""
    metrics = cluster.kubectl("get", "--raw", "/metrics").splitlines()
    found = [line for line in metrics if line.startswith('apiserver_longrunning_requests{resource="secrets"')]
    return float(found[0].split()[-1])


def test_get_watch_prints_its_headings_once(cluster: Cluster, namespace: str) -> None:
    _make(cluster, namespace, "first")

    with started(cluster, "get", "secrets", "-n", namespace, "-w") as watch:
        seen = read_until(watch, lambda line: "first" in line)
        _make(cluster, namespace, "second", "third")
        seen += read_until(watch, lambda line: "third" in line)

    assert [line.split()[0] for line in seen] == ["NAME", "first", "second", "third"]


def test_watch_only_prints_headings_with_its_first_event(cluster: Cluster, namespace: str) -> None:
    _make(cluster, namespace, "first")
    before = _watches(cluster)

    with started(cluster, "get", "secrets", "-n", namespace, "--watch-only") as watch:
        until("kubectl watches", lambda: _watches(cluster) > before)
        _make(cluster, namespace, *(f"c{i}" for i in range(8)))
        seen = read_until(watch, lambda line: "c7" in line)

    assert seen[0].split() == ["NAME", "TYPE", "DATA", "AGE"]
    assert all(len(line.split()) == 4 for line in seen)
    assert sum("NAME" in line for line in seen) == 1


@pytest.mark.parametrize("output", ["name", "yaml", "wide", "jsonpath={.items[*].metadata.name}"])
def test_get_in_chunks_shows_everything(cluster: Cluster, namespace: str, output: str) -> None:
    names = [f"chunked-{i}" for i in range(7)]
    _make(cluster, namespace, *names)

    shown = cluster.kubectl("get", "secrets", "-n", namespace, "--chunk-size=2", "-o", output)

    assert all(name in shown for name in names)


@pytest.mark.parametrize(
    ("condition", "then"),
    [
        ("jsonpath={.metadata.labels.lit}=yes", ("label", "secret", "awaited", "lit=yes")),
        ("delete", ("delete", "secret", "awaited")),
    ],
)
def test_wait_ends_when_it_happens(cluster: Cluster, namespace: str, condition: str, then: tuple[str, ...]) -> None:
    _make(cluster, namespace, "awaited")
    before = _watches(cluster)

    with started(cluster, "wait", "-n", namespace, f"--for={condition}", "secret/awaited", "--timeout=30s") as waiting:
        until("kubectl watches", lambda: _watches(cluster) > before)
        cluster.kubectl(*then, "-n", namespace)
        seen = read_until(waiting, lambda line: "awaited" in line)
        code = waiting.wait(10)

    assert code == 0
    assert seen == ["secret/awaited condition met"]


def test_wait_ends_when_it_is_created(cluster: Cluster, namespace: str) -> None:
    with started(cluster, "wait", "-n", namespace, "--for=create", "secret/late", "--timeout=30s") as waiting:
        _make(cluster, namespace, "late")
        code = waiting.wait(30)

    assert code == 0
