"""A third party's scheduler: built as a wheel, installed beside a running cluster, used, and removed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster

SOURCE = Path(__file__).parents[2] / "examples/plugin_scheduler_random"


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments, "--quiet"], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, built."""
    place = tmp_path_factory.mktemp("wheels")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(place), str(SOURCE))
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture
def cluster(tmp_path: Path, changed_environment: None) -> Iterator[Cluster]:  # noqa: ARG001 - held while pip works
    cluster = Cluster(tmp_path / "data")
    cluster.up()
    yield cluster
    cluster.down()
    subprocess.run([sys.executable, "-m", "pip", "uninstall", "-y", "-q", "random-scheduler"], check=True)
    cluster.kill_everything()


def test_it_is_installed_used_and_removed_while_the_cluster_runs(cluster: Cluster, wheel: Path) -> None:
    refused = cluster.refusal("kubernel", "plugin", "use", "scheduler", "random")
    _pip("install", "--no-deps", "--no-index", str(wheel))
    listed = cluster.kubernel("plugin", "list")
    cluster.kubernel("plugin", "use", "scheduler", "default")
    used = cluster.kubernel("plugin", "use", "scheduler", "random")
    cluster.kubernel("plugin", "use", "scheduler", "default")
    _pip("uninstall", "-y", "random-scheduler")

    assert "no installed distribution offers scheduler 'random'" in refused
    assert "random-scheduler" in listed
    assert "served by random (random-scheduler 1.0.0)" in used
    assert "random-scheduler" not in cluster.kubernel("plugin", "list")
    assert cluster.get("plugin", "scheduler")["status"]["driver"] == "default"


def test_the_cluster_installs_a_package_that_the_object_names(cluster: Cluster, wheel: Path) -> None:
    used = cluster.kubernel("plugin", "use", "scheduler", "random", "--package", str(wheel))

    assert "served by random (random-scheduler 1.0.0)" in used


def test_a_package_that_cannot_be_installed_leaves_the_old_one(cluster: Cluster) -> None:
    said = cluster.refusal("kubernel", "plugin", "use", "scheduler", "random", "--package", "/nowhere/at/all.whl")

    assert "pip could not install it" in said
    assert cluster.get("plugin", "scheduler")["status"]["driver"] == "default"
