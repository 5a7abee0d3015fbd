"""What a cluster survives: the death of each of its parts, one by one and all together."""

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import config_map, pod


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A running cluster; whatever a test leaves of it is killed."""
    cluster = Cluster(tmp_path / "data")
    cluster.up()
    yield cluster
    cluster.run("kubernel", "down")
    cluster.kill_everything()


def _component(cluster: Cluster, name: str) -> dict[str, Any]:
    board = json.loads((cluster.data / "run/components.json").read_text())
    found: dict[str, Any] = next(part for part in board["components"] if part["name"] == name)
    return found


def _kill(cluster: Cluster, name: str) -> int:
    pid: int = _component(cluster, name)["pid"]
    psutil.Process(pid).send_signal(signal.SIGKILL)
    return pid


@pytest.mark.parametrize("name", ["scheduler", "agent", "proxy"])
def test_a_killed_host_is_replaced(cluster: Cluster, name: str) -> None:
    before = _kill(cluster, name)

    def is_back() -> bool:
        part = _component(cluster, name)
        return bool(part["is_ready"]) and part["pid"] not in (None, before) and part["restarts"] == 1

    until(f"the {name} is back", is_back)


def test_a_killed_api_server_is_replaced_and_the_hosts_go_on(cluster: Cluster) -> None:
    hosts = {name: _component(cluster, name)["pid"] for name in ("scheduler", "agent", "proxy")}

    before = _kill(cluster, "api")

    until("another process serves", lambda: _component(cluster, "api")["pid"] not in (None, before))
    until("it answers", lambda: cluster.run("kubectl", "get", "nodes").code == 0)
    assert {name: _component(cluster, name)["pid"] for name in hosts} == hosts


@pytest.mark.parametrize("name", ["supervisor", "zygote"])
def test_when_the_top_is_killed_everything_ends_and_the_next_start_continues(cluster: Cluster, name: str) -> None:
    cluster.kubectl("create", "-f", "-", stdin=config_map("kept", a="b"))

    _kill(cluster, name)

    until("everything has ended", lambda: not cluster.processes(), timeout_s=20)
    cluster.up()
    assert cluster.get("configmap", "kept")["data"] == {"a": "b"}


def test_leftovers_of_a_power_cut_are_no_obstacle(cluster: Cluster) -> None:
    cluster.kill_everything()
    with socket.socket(socket.AF_UNIX) as stale:
        (cluster.data / "run/api.sock").unlink(missing_ok=True)
        stale.bind(str(cluster.data / "run/api.sock"))
    for name in ("supervisor.pid", "components.json", "shutting-down"):
        (cluster.data / "run" / name).write_text("1\n")

    said = cluster.up()

    assert "Ready" in said


def test_the_number_of_nodes_and_the_drivers_are_remembered(cluster: Cluster) -> None:
    cluster.down()
    cluster.up("--nodes", "3", "--scheduler", "binpack")
    cluster.down()

    cluster.up()

    assert len(cluster.get("nodes")["items"]) == 3
    assert cluster.get("plugin", "scheduler")["status"]["driver"] == "binpack"


def test_an_api_server_that_cannot_start_ends_the_command_with_its_reason(cluster: Cluster) -> None:
    cluster.down()
    (cluster.data / "kubernel.db").write_bytes(b"this is no database, it only looks so" * 100)
    for name in ("kubernel.db-wal", "kubernel.db-shm"):
        (cluster.data / name).unlink(missing_ok=True)

    said = cluster.refusal("kubernel", "up", "--detach")

    assert "the API server ended with exit code" in said
    assert "not a database" in said
    until("nothing is left", lambda: not cluster.processes(), timeout_s=10)


def test_swapping_the_runtime_swaps_the_agent_and_writes_both_statuses(cluster: Cluster) -> None:
    before = _component(cluster, "agent")["pid"]

    cluster.kubernel("plugin", "use", "runtime", "hollow")

    assert _component(cluster, "agent")["pid"] != before
    statuses = {name: cluster.get("plugin", name)["status"] for name in ("agent", "runtime", "network")}
    assert [(status["driver"], status["phase"]) for status in statuses.values()] == [
        ("node", "Running"),
        ("hollow", "Running"),
        ("loopback", "Running"),
    ]


def test_a_stopped_cluster_leaves_no_run_files(cluster: Cluster) -> None:
    cluster.down()

    assert {path.name for path in (cluster.data / "run").iterdir()} <= {"supervisor.pid"}


def test_down_ends_what_a_killed_cluster_left_behind(cluster: Cluster) -> None:
    cluster.kubectl("create", "-f", "-", stdin=pod("survivor"))
    until("the pod runs", lambda: cluster.get("pod", "survivor")["status"]["phase"] == "Running", timeout_s=20)
    _kill(cluster, "zygote")
    until("only the pod is left", lambda: 0 < len(cluster.processes()) <= 3, timeout_s=20)

    said = cluster.run("kubernel", "down")

    assert said.code == 0
    until("nothing is left", lambda: not cluster.processes())
