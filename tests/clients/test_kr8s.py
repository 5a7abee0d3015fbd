"""kr8s: objects that know their client, found by kubectl's names."""

from pathlib import Path

import kr8s
import pytest
from kr8s.asyncio.objects import ConfigMap, Pod

# kr8s 0.20 knows Kubernetes up to 1.35 and warns of anything newer.
pytestmark = pytest.mark.filterwarnings("ignore:Kubernetes version:UserWarning")


@pytest.fixture
async def api(kubeconfig: Path, namespace: str) -> kr8s.asyncio.Api:
    """Return an API of the test's namespace."""
    return await kr8s.asyncio.api(kubeconfig=str(kubeconfig), namespace=namespace)


async def test_kr8s_creates_patches_and_deletes(api: kr8s.asyncio.Api, namespace: str) -> None:
    resource = {"metadata": {"name": "c", "namespace": namespace}, "data": {"a": "1"}}
    config_map = await ConfigMap(resource, api=api)

    await config_map.create()
    await config_map.patch({"data": {"b": "2"}})
    await config_map.label({"tier": "gold"})
    found = [item.name async for item in api.get("cm", namespace=namespace, label_selector={"tier": "gold"})]

    assert dict(config_map.data) == {"a": "1", "b": "2"}
    assert found == ["c"]
    await config_map.delete()
    assert not await config_map.exists()


async def test_kr8s_waits_for_a_pod_to_be_ready(api: kr8s.asyncio.Api, namespace: str) -> None:
    resource = {
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"containers": [{"name": "main", "image": "none"}]},
    }
    pod = await Pod(resource, api=api)

    await pod.create()
    try:
        await pod.wait("condition=Ready", timeout=20)
    except TimeoutError:
        await pod.refresh()
        events = [event.raw.message async for event in api.get("events", namespace=namespace)]
        pytest.fail(f"the pod is not ready: {pod.spec.get('nodeName')}, {pod.status}, {events}")

    assert await pod.ready()
    assert pod.status.phase == "Running"


async def test_kr8s_watches(api: kr8s.asyncio.Api, namespace: str) -> None:
    await (await ConfigMap({"metadata": {"name": "w", "namespace": namespace}}, api=api)).create()

    async for event, obj in api.watch("configmaps", namespace=namespace, field_selector="metadata.name=w"):
        assert (event, obj.name) == ("ADDED", "w")
        break
