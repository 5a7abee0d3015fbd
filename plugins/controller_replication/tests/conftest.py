"""What the replication controller's tests share: a real API server, and the talk's example."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.objects.models import core, meta
from kubernel.testing import eventually
from kubernel.testing.actors import running
from kubernel.testing.shared import api_server, client, shared_api_server
from kubernel_controller_replication import ReplicationController, ReplicationSettings

__all__ = ["api_server", "client", "controller", "create_nifty", "pods_are", "shared_api_server"]

PodsAre = Callable[[int], Awaitable[list[core.Pod]]]
CreateNifty = Callable[[int], Awaitable[core.ReplicationController]]


@pytest.fixture
async def controller(client: Client, tmp_path: Path) -> AsyncIterator[None]:
    """Run the controller during the test."""
    async with running(ReplicationController(ReplicationSettings()), client, tmp_path):
        yield


@pytest.fixture
def create_nifty(client: Client) -> CreateNifty:
    """Create ``nifty-rc`` with so many replicas."""

    async def create(replicas: int) -> core.ReplicationController:
        pod = core.PodSpec(containers=[core.Container(name="web", image="host")])
        template = core.PodTemplateSpec(metadata=meta.ObjectMeta(labels={"App": "Nifty"}), spec=pod)
        spec = core.ReplicationControllerSpec(replicas=replicas, selector={"App": "Nifty"}, template=template)
        about = meta.ObjectMeta(name="nifty-rc", namespace="default")
        return await client.create(core.ReplicationController(metadata=about, spec=spec))

    return create


@pytest.fixture
def pods_are(client: Client) -> PodsAre:
    """Wait until exactly so many pods with the label live, and return them."""

    async def wait(count: int) -> list[core.Pod]:
        pods: list[core.Pod] = []

        async def are_as_many() -> bool:
            listed = (await client.list(core.Pod, "default", label_selector="App=Nifty")).items
            pods[:] = [pod for pod in listed if pod.metadata and pod.metadata.deletionTimestamp is None]
            return len(pods) == count

        await eventually(are_as_many, f"{count} pods")
        return pods

    return wait
