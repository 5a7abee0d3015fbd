"""``kubernel up``, ``down`` and ``status``: one line when it works, one sentence when it cannot."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster, lines_of, until
from tests.e2e.manifests import config_map, pod


@pytest.fixture
def absent(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster that is not started; whatever a test starts of it is killed."""
    cluster = Cluster(tmp_path / "data")
    yield cluster
    cluster.kill_everything()


def test_up_prints_one_line_with_the_kubeconfig(own_cluster: Cluster) -> None:
    own_cluster.down()

    said = own_cluster.up()

    assert len(said.splitlines()) == 1
    assert str(own_cluster.data / "kubeconfig") in said


def test_up_keeps_its_files_private(own_cluster: Cluster) -> None:
    # What a pod writes inside its plugin's directory is the pod's affair; nobody else gets in there.
    paths = [path for path in own_cluster.data.rglob("*") if len(path.relative_to(own_cluster.data).parts) <= 2]

    for path in (own_cluster.data, *paths):
        assert path.stat().st_mode & 0o077 == 0, f"{path} is open to others"


def test_second_up_says_that_one_is_running(own_cluster: Cluster) -> None:
    said = own_cluster.refusal("kubernel", "up", "--detach")

    assert re.search(r"running already on .* \(pid \d+\)", said)
    own_cluster.kubectl("get", "nodes")


def test_status_says_up_and_then_down(own_cluster: Cluster) -> None:
    up = own_cluster.kubernel("status")
    own_cluster.down()
    down = own_cluster.run("kubernel", "status")

    assert f"127.0.0.1:{own_cluster.port}" in up
    assert down.code != 0


def test_down_without_a_cluster_says_so(absent: Cluster) -> None:
    done = absent.run("kubernel", "down")

    assert "no cluster" in done.out + done.err


def test_interrupt_stops_everything(absent: Cluster) -> None:
    process = absent.start("kubernel", "up", "--port", str(absent.port))
    assert str(absent.data / "kubeconfig") in next(lines_of(process))

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
    process.communicate(timeout=30)

    assert process.returncode == 0
    until("every process has ended", lambda: not absent.processes(), timeout_s=5)


def test_up_continues_after_everything_was_killed(own_cluster: Cluster) -> None:
    own_cluster.kubectl("create", "-f", "-", stdin=config_map("kept", colour="blue"))
    own_cluster.kubectl("create", "-f", "-", stdin=pod("web"))
    until("it runs", lambda: own_cluster.get("pod", "web")["status"]["phase"] == "Running")
    uid = own_cluster.get("pod", "web")["metadata"]["uid"]

    own_cluster.kill_everything()
    own_cluster.up()

    assert own_cluster.get("configmap", "kept")["data"] == {"colour": "blue"}
    until("the pod serves again", lambda: _is_ready(own_cluster, "web"))
    assert own_cluster.get("pod", "web")["metadata"]["uid"] == uid


def test_port_in_use_is_named(absent: Cluster) -> None:
    with socket.create_server(("127.0.0.1", absent.port)):
        said = absent.refusal("kubernel", "up", "--detach", "--port", str(absent.port))

    assert re.search(rf"^error: .*{absent.port}.* in use", said)


def test_data_of_a_newer_version_is_left_alone(own_cluster: Cluster) -> None:
    own_cluster.down()
    (own_cluster.data / "version").write_text("99.0.0\n")

    said = own_cluster.refusal("kubernel", "up", "--detach")

    assert "99.0.0" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("--port", "0"), ("--port", "70000"), ("--nodes", "0"), ("--port", "http"), ("--unknown",)]
)
def test_wrong_options_are_refused_before_anything_is_made(absent: Cluster, arguments: tuple[str, ...]) -> None:
    said = absent.refusal("kubernel", "up", "--detach", *arguments)

    assert arguments[0] in said or arguments[-1] in said
    assert not (absent.data / "kubernel.db").exists()


def test_unknown_driver_names_the_installed_ones(absent: Cluster) -> None:
    said = absent.refusal("kubernel", "up", "--detach", "--port", str(absent.port), "--scheduler", "nonsense")

    assert "nonsense" in said
    assert "binpack" in said


def _is_ready(cluster: Cluster, name: str) -> bool:
    conditions = cluster.get("pod", name)["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
