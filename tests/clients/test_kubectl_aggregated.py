"""kubectl and a group that somebody else serves: it lists it and explains it like any other."""

import asyncio
import json
from pathlib import Path
from tempfile import mkdtemp

from aiohttp import web

from tests.api.bar import Bar
from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster

EXPLAINED = ("KIND:       Drink", "Something to drink.", "litres", "How much there is of it.")


@every_kubectl("1.20")
async def test_kubectl_lists_and_explains_what_others_serve(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl, bar = Kubectl(cluster, namespace, version), Bar(f"bar.{namespace}.example.com")
    socket, name = Path(mkdtemp(prefix="kbl-")) / "bar.sock", f"v1.{bar.group}"
    manifest = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": name, "annotations": {"kubernel.dev/api-endpoint": f"unix://{socket}"}},
        "spec": {"group": bar.group, "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 10},
    }
    async with bar.run(lambda runner: web.UnixSite(runner, str(socket))):
        await asyncio.to_thread(kubectl, "create", "-f", "-", stdin=json.dumps(manifest))
        is_passed = "--for=jsonpath={.status.conditions[0].reason}=Passed"
        await asyncio.to_thread(kubectl, "wait", is_passed, f"apiservice/{name}", "--timeout=20s")

        listed = await asyncio.to_thread(kubectl, "get", f"drinks.v1.{bar.group}")
        explained = await asyncio.to_thread(kubectl, "explain", "drinks", f"--api-version={bar.group}/v1")

        await asyncio.to_thread(kubectl, "delete", "apiservice", name)
    assert "No resources found" in listed
    assert [words for words in EXPLAINED if words not in explained] == []
