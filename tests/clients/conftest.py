"""One cluster without containers for all clients that others wrote; each test has a namespace of its own."""

import gc
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster, running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Yield a cluster whose pods are hollow."""
    with running(tmp_path_factory.mktemp("clients"), "--runtime", "hollow") as cluster:
        yield cluster


@pytest.fixture
def kubeconfig(cluster: Cluster) -> Path:
    """Return the kubeconfig that every client reads."""
    return cluster.data / "kubeconfig"


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    """Yield an empty namespace; it is deleted afterwards, and nobody waits for it."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "-f", "-", stdin=f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}")
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture(autouse=True, scope="module")
def forgotten_sockets() -> Iterator[None]:
    """Collect the sockets that clients leave to the garbage collector here, and not during somebody else's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let clients leave their sockets to the garbage collector, which closes them during anybody's test."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
