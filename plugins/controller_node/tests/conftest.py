"""What the node controller's tests share: a real API server, nodes and pods by hand, an impatient controller."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from kubernel.client import Client, PatchType
from kubernel.objects.models import Plain, coordination, core, meta
from kubernel.testing.shared import api_server, client, shared_api_server

__all__ = ["api_server", "beat", "client", "create_node", "create_pod", "report_ready", "shared_api_server"]

CreateNode = Callable[[str], Awaitable[core.Node]]
CreatePod = Callable[..., Awaitable[core.Pod]]
Beat = Callable[[str], Awaitable[None]]

LEASES = "kube-node-lease"


@pytest.fixture
def report_ready(client: Client) -> Beat:
    """Report a node as ready, as its agent would."""

    async def report(name: str) -> None:
        condition: Plain = {
            "type": "Ready",
            "status": "True",
            "reason": "KubeletReady",
            "lastHeartbeatTime": datetime.now(UTC).replace(microsecond=0),
        }
        patch: Plain = {"status": {"conditions": [condition]}}
        await client.patch(core.Node, name, patch, patch_type=PatchType.STRATEGIC, subresource="status")

    return report


@pytest.fixture
def create_node(client: Client, report_ready: Beat) -> CreateNode:
    """Register a node with its Lease, as its agent would."""

    async def create(name: str) -> core.Node:
        node = await client.create(core.Node(metadata=meta.ObjectMeta(name=name)))
        spec = coordination.LeaseSpec(holderIdentity=name, leaseDurationSeconds=40, renewTime=datetime.now(UTC))
        await client.create(coordination.Lease(metadata=meta.ObjectMeta(name=name, namespace=LEASES), spec=spec))
        await report_ready(name)
        return node

    return create


@pytest.fixture
def beat(client: Client) -> Beat:
    """Renew a node's Lease."""

    async def renew(name: str) -> None:
        await client.patch(coordination.Lease, name, {"spec": {"renewTime": datetime.now(UTC)}}, LEASES)

    return renew


@pytest.fixture
def create_pod(client: Client) -> CreatePod:
    """Create a pod on a node, ready; with tolerations if given."""

    async def create(name: str, node: str, *tolerations: core.Toleration, grace_s: int = 1) -> core.Pod:
        container = core.Container(name="c", image="host")
        spec = core.PodSpec(
            containers=[container],
            nodeName=node,
            tolerations=list(tolerations) or None,
            terminationGracePeriodSeconds=grace_s,
        )
        await client.create(core.Pod(metadata=meta.ObjectMeta(name=name, namespace="default"), spec=spec))
        status: Plain = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
        patch: Plain = {"status": status}
        return await client.patch(
            core.Pod, name, patch, "default", patch_type=PatchType.STRATEGIC, subresource="status"
        )

    return create
