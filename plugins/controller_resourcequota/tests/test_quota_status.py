"""The status of a quota follows what is stored."""

from typing import Any

import pytest
from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.testing import eventually

pytestmark = pytest.mark.usefixtures("controller")

ROOT = "/api/v1/namespaces/default"


async def quota(client: Client, **hard: str) -> None:
    await client.request("POST", f"{ROOT}/resourcequotas", body={"metadata": {"name": "q"}, "spec": {"hard": hard}})


async def pod(client: Client, name: str, cpu: str) -> None:
    container = {"name": "c", "image": "host", "resources": {"requests": {"cpu": cpu, "memory": "512Mi"}}}
    await client.request("POST", f"{ROOT}/pods", body={"metadata": {"name": name}, "spec": {"containers": [container]}})


async def shows(client: Client, **used: str) -> bool:
    found: Any = (await client.get(core.ResourceQuota, "q", "default")).status
    return found is not None and found.hard is not None and found.used == used


async def test_used_follows_pods_as_they_come_and_go(client: Client) -> None:
    await pod(client, "a", "600m")
    await quota(client, **{"pods": "9", "requests.cpu": "4", "requests.memory": "8Gi"})
    before = {"pods": "1", "requests.cpu": "600m", "requests.memory": "512Mi"}
    await eventually(lambda: shows(client, **before), "what was there before the quota is counted")

    await pod(client, "b", "400m")
    both = {"pods": "2", "requests.cpu": "1", "requests.memory": "1Gi"}
    await eventually(lambda: shows(client, **both), "a new pod is counted")

    await client.delete(core.Pod, "a", "default", grace_s=0)
    after = {"pods": "1", "requests.cpu": "400m", "requests.memory": "512Mi"}
    await eventually(lambda: shows(client, **after), "a deleted pod counts no more")


async def test_used_counts_objects_of_other_kinds(client: Client) -> None:
    await quota(client, **{"configmaps": "9", "count/leases.coordination.k8s.io": "9", "count/no.such": "9"})
    for name in ("a", "b"):
        await client.request("POST", f"{ROOT}/configmaps", body={"metadata": {"name": name}})
    leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
    await client.request("POST", leases, body={"metadata": {"name": "l"}})

    expected = {"configmaps": "2", "count/leases.coordination.k8s.io": "1", "count/no.such": "0"}
    await eventually(lambda: shows(client, **expected), "objects of every kind are counted")


async def test_hard_follows_the_spec(client: Client) -> None:
    await quota(client, pods="1")
    await eventually(lambda: shows(client, pods="0"), "the first status is there")

    await client.patch(core.ResourceQuota, "q", {"spec": {"hard": {"pods": "2", "services": "3"}}}, "default")

    await eventually(lambda: shows(client, pods="0", services="0"), "the status has the new resource")
