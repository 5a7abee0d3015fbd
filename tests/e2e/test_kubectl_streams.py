"""What the real kubectl follows: watches, logs and events, as they happen."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.cluster import Cluster, lines_of, until
from tests.e2e.manifests import config_map, pod

COUNT = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.1; done"


@contextmanager
def started(cluster: Cluster, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run kubectl until the block ends."""
    process = cluster.start("kubectl", *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], is_it: Callable[[str], bool]) -> list[str]:
    """Read lines up to the one that is meant; the test's own time limit ends a wait in vain."""
    seen = []
    for line in lines_of(process):
        seen.append(line.rstrip("\n"))
        if is_it(line):
            return seen
    raise AssertionError(f"the stream ended without it: {seen}")


def test_get_watch_shows_each_change(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=config_map("first"))

    ours = "--field-selector=metadata.name!=kube-root-ca.crt"  # every namespace gets that one by itself

    with started(cluster, "get", "configmaps", "-n", namespace, ours, "-w", "-o", "name") as watch:
        read_until(watch, lambda line: "first" in line)
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=config_map("second"))
        cluster.kubectl("delete", "configmap", "first", "-n", namespace)
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=config_map("third"))
        seen = read_until(watch, lambda line: "third" in line)

    assert seen == ["configmap/second", "configmap/first", "configmap/third"]


def test_get_watch_of_a_pod_shows_its_phases(cluster: Cluster, namespace: str) -> None:
    with started(cluster, "get", "pods", "-n", namespace, "-w") as watch:
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("job", "echo done", restart="Never"))
        seen = read_until(watch, lambda line: "Completed" in line)

    states = [line.split()[2] for line in seen if line.startswith("job ")]
    assert states[0] == "Pending"
    assert states[-1] == "Completed"


def test_logs_print_what_was_written(cluster: Cluster, namespace: str) -> None:
    script = "echo to stdout; echo to stderr >&2"
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("job", script, restart="Never"))
    until("it ended", lambda: cluster.get("pod", "job", "-n", namespace)["status"]["phase"] == "Succeeded")

    text = cluster.kubectl("logs", "job", "-n", namespace)

    assert sorted(text.splitlines()) == ["to stderr", "to stdout"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [(("--tail=1",), ["three"]), (("--limit-bytes=4",), ["one"]), ((), ["one", "two", "three"])],
)
def test_logs_print_the_part_that_is_asked_for(
    cluster: Cluster, namespace: str, options: tuple[str, ...], expected: list[str]
) -> None:
    script = "echo one; echo two; echo three"
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("job", script, restart="Never"))
    until("it ended", lambda: cluster.get("pod", "job", "-n", namespace)["status"]["phase"] == "Succeeded")

    assert cluster.kubectl("logs", "job", "-n", namespace, *options).splitlines() == expected


def test_logs_follow_until_they_are_left(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("count", COUNT))
    until("it runs", lambda: cluster.get("pod", "count", "-n", namespace)["status"]["phase"] == "Running")

    with started(cluster, "logs", "-f", "count", "-n", namespace) as logs:
        seen = read_until(logs, lambda line: line == "line 5\n")

    assert seen == [f"line {number}" for number in range(1, 6)]


def test_logs_of_the_container_before_the_restart(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("crash", "echo last words; exit 1"))

    def restarts() -> int:
        statuses = cluster.get("pod", "crash", "-n", namespace)["status"].get("containerStatuses") or [{}]
        return int(statuses[0].get("restartCount", 0))

    until("it was restarted", lambda: restarts() >= 1, timeout_s=45)

    assert cluster.kubectl("logs", "crash", "-n", namespace, "--previous") == "last words\n"


def test_events_are_watched_as_they_happen(cluster: Cluster, namespace: str) -> None:
    with started(cluster, "get", "events", "--watch-only", "-n", namespace) as watch:
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("first"))
        until("it runs", lambda: cluster.get("pod", "first", "-n", namespace)["status"]["phase"] == "Running")
        cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("second"))
        seen = read_until(watch, lambda line: "pod/second" in line and "Started" in line)

    assert any("Scheduled" in line and "pod/second" in line for line in seen)


def test_wait_returns_when_the_pod_is_ready(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("web"))

    said = cluster.kubectl("wait", "--for=condition=Ready", "pod/web", "-n", namespace, "--timeout=30s")

    assert said == "pod/web condition met\n"
