"""What the endpoints controller's tests share: a real API server, the controller, and pods by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from kubernel.client import Client, PatchType
from kubernel.objects.models import Plain, core, meta
from kubernel.testing.actors import running
from kubernel.testing.shared import api_server, client, shared_api_server
from kubernel_controller_endpoints import EndpointsController, EndpointsSettings

__all__ = ["api_server", "client", "controller", "create_pod", "create_service", "set_status", "shared_api_server"]

CreatePod = Callable[[str], Awaitable[core.Pod]]
CreateService = Callable[[], Awaitable[core.Service]]
SetStatus = Callable[..., Awaitable[None]]


@pytest.fixture
async def controller(client: Client, tmp_path: Path) -> AsyncIterator[None]:
    """Run the controller during the test."""
    async with running(EndpointsController(EndpointsSettings()), client, tmp_path):
        yield


@pytest.fixture
def create_service(client: Client) -> CreateService:
    """Create ``nifty-svc``: port 80 to port 8080 of the pods with the label."""

    async def create() -> core.Service:
        spec = core.ServiceSpec(selector={"App": "Nifty"}, ports=[core.ServicePort(port=80, targetPort=8080)])
        about = meta.ObjectMeta(name="nifty-svc", namespace="default", labels={"team": "shop"})
        return await client.create(core.Service(metadata=about, spec=spec))

    return create


@pytest.fixture
def create_pod(client: Client) -> CreatePod:
    """Create a pod with the label."""

    async def create(name: str) -> core.Pod:
        about = meta.ObjectMeta(name=name, namespace="default", labels={"App": "Nifty"})
        spec = core.PodSpec(containers=[core.Container(name="web", image="host")])
        return await client.create(core.Pod(metadata=about, spec=spec))

    return create


@pytest.fixture
def set_status(client: Client) -> SetStatus:
    """Write a pod's status as an agent would."""

    async def write(name: str, ip: str, *, ready: bool = True) -> None:
        condition: Plain = {"type": "Ready", "status": "True" if ready else "False"}
        status: Plain = {"phase": "Running", "podIP": ip, "conditions": [condition]}
        await client.patch(
            core.Pod, name, {"status": status}, "default", patch_type=PatchType.STRATEGIC, subresource="status"
        )

    return write
