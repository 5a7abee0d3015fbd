"""Helm 4: a release is installed, listed, upgraded, rolled back and uninstalled; its secrets go over in protobuf."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.chart import write_chart
from tests.e2e.cluster import Cluster, Done
from tests.install_components import UNPACKED

pytestmark = [pytest.mark.component("npm"), pytest.mark.component("helm")]
HELM = UNPACKED / "helm" / "helm" / "helm"
OBJECTS = "deployment,service,ingress,configmap,secret,serviceaccount,role,rolebinding"


class Helm:
    """Runs Helm in one namespace, with its own files beside the cluster's."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster = cluster
        self._namespace = namespace
        for what in ("CACHE", "CONFIG", "DATA"):
            cluster.environment[f"HELM_{what}_HOME"] = str(cluster.data / f"helm-{what.lower()}")

    def __call__(self, *arguments: str) -> str:
        """Run a command that must succeed."""
        done = self.run(*arguments)
        assert done.code == 0, f"helm {' '.join(arguments)}: {done.err}{done.out}"
        return done.out

    def run(self, *arguments: str) -> Done:
        """Run a command to its end."""
        return self._cluster.run(str(HELM), *arguments, "--namespace", self._namespace)

    def releases(self) -> list[dict[str, Any]]:
        """Return what ``helm list`` knows."""
        listed: list[dict[str, Any]] = json.loads(self("list", "--output", "json"))
        return listed


@pytest.fixture
def helm(cluster: Cluster, namespace: str) -> Helm:
    """Return Helm in the test's namespace."""
    return Helm(cluster, namespace)


def _greeting(cluster: Cluster, namespace: str) -> str:
    greeting: str = cluster.get("configmap", "web-config", "-n", namespace)["data"]["greeting"]
    return greeting


def test_helm_installs_upgrades_rolls_back_and_uninstalls(
    helm: Helm, cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    first, second = write_chart(tmp_path, "1.0.0"), write_chart(tmp_path, "1.1.0")

    notes = helm("install", "web", str(first))
    assert "hello from web" in notes
    assert [(r["name"], r["revision"], r["status"]) for r in helm.releases()] == [("web", "1", "deployed")]
    assert _greeting(cluster, namespace) == "hello"

    helm("upgrade", "web", str(second), "--set", "greeting=servus,replicas=3")
    assert (_greeting(cluster, namespace), helm.releases()[0]["chart"]) == ("servus", "nifty-1.1.0")
    assert cluster.get("deployment", "web", "-n", namespace)["spec"]["replicas"] == 3

    helm("rollback", "web", "1")
    assert (_greeting(cluster, namespace), helm.releases()[0]["revision"]) == ("hello", "3")
    history = json.loads(helm("history", "web", "--output", "json"))
    assert [entry["status"] for entry in history] == ["superseded", "superseded", "deployed"]

    helm("uninstall", "web")
    assert helm.releases() == []
    names = cluster.kubectl("get", OBJECTS, "-n", namespace, "-o", "name").split()
    assert [name for name in names if name.rpartition("/")[2].startswith("web")] == []


def test_helm_says_what_the_server_refuses(helm: Helm, tmp_path: Path) -> None:
    chart = write_chart(tmp_path, "1.0.0")

    done = helm.run("install", "web", str(chart), "--set", "replicas=-1")

    assert done.code != 0
    assert "spec.replicas: Invalid value: -1: must be greater than or equal to 0" in done.err


def test_helm_dry_run_on_the_server_stores_nothing(
    helm: Helm, cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    chart = write_chart(tmp_path, "1.0.0")

    helm("install", "web", str(chart), "--dry-run=server")

    assert helm.releases() == []
    assert "web" not in cluster.kubectl("get", "deployment", "-n", namespace, "-o", "name")


def test_helm_refuses_to_take_what_others_made(helm: Helm, cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    chart = write_chart(tmp_path, "1.0.0")
    cluster.kubectl("create", "serviceaccount", "web", "-n", namespace)

    done = helm.run("install", "web", str(chart))

    assert done.code != 0
    assert 'ServiceAccount "web" in namespace' in done.err
