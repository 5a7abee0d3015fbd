"""The clusters of the end-to-end tests. Whoever starts one proves at its end that nothing was left behind."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster, running, until


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster with two nodes for all tests that only use what a user may share with others."""
    with running(tmp_path_factory.mktemp("kubernel"), "--nodes", "2") as cluster:
        yield cluster


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster that a test may break."""
    with running(tmp_path / "data") as cluster:
        yield cluster


@pytest.fixture
def hollow_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of three nodes on which nothing runs."""
    with running(tmp_path / "data", "--runtime", "hollow", "--nodes", "3") as cluster:
        yield cluster


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    """An empty namespace of the test's own; its pods are ended afterwards."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "-f", "-", stdin=f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}")
    yield name
    for kind in ("replicationcontrollers", "pods"):
        cluster.kubectl("delete", kind, "--all", "-n", name, "--grace-period=0", "--force")
    until("the pods are gone", lambda: not cluster.get("pods", "-n", name)["items"])
