"""kubernetes-asyncio: the official client's generated calls over aiohttp."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kubernetes_asyncio import client, config, watch


@pytest.fixture
async def core(kubeconfig: Path) -> AsyncIterator[client.CoreV1Api]:
    """Yield the core group's calls."""
    await config.load_kube_config(config_file=str(kubeconfig))
    async with client.ApiClient() as api:
        yield client.CoreV1Api(api)


def _config_map(name: str, **data: str) -> client.V1ConfigMap:
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data=data)


async def test_asyncio_client_creates_patches_and_lists(core: client.CoreV1Api, namespace: str) -> None:
    await core.create_namespaced_config_map(namespace, _config_map("c", a="1"))

    await core.patch_namespaced_config_map("c", namespace, {"data": {"b": "2"}})

    listed = await core.list_namespaced_config_map(namespace, label_selector="!none", field_selector="metadata.name=c")
    assert [item.data for item in listed.items] == [{"a": "1", "b": "2"}]


async def test_asyncio_client_watches(core: client.CoreV1Api, namespace: str) -> None:
    revision = (await core.list_namespaced_config_map(namespace)).metadata.resource_version
    await core.create_namespaced_config_map(namespace, _config_map("w"))
    await core.delete_namespaced_config_map("w", namespace)

    async with watch.Watch() as watcher:
        events = watcher.stream(
            core.list_namespaced_config_map,
            namespace,
            resource_version=revision,
            field_selector="metadata.name=w",
            timeout_seconds=2,
        )
        seen = [event["type"] async for event in events]

    assert seen == ["ADDED", "DELETED"]


async def test_asyncio_client_pages_through_a_list(core: client.CoreV1Api, namespace: str) -> None:
    for number in range(5):
        await core.create_namespaced_config_map(namespace, _config_map(f"page-{number}"))

    names: list[str] = []
    token = ""
    while True:
        page = await core.list_namespaced_config_map(namespace, limit=2, _continue=token)
        names += [item.metadata.name for item in page.items if item.metadata.name.startswith("page-")]
        token = page.metadata._continue or ""
        if not token:
            break

    assert names == [f"page-{number}" for number in range(5)]
