"""Groups that others serve: a server behind a Service (TLS), and one on a socket of this machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from aiohttp import web
from kubernel.testing import ApiServer, eventually

from tests.api.bar import RESOURCES, Bar
from tests.api.calls import Api
from tests.api.webhook_server import Authority, Plain

SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


def over_tls(authority: Authority) -> Any:
    return lambda runner: web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority.context())


async def put_service(api: Api, port: int) -> None:
    ports = [{"name": "https", "port": 443}]
    await api.post(api.path("services"), {"metadata": {"name": "bar"}, "spec": {"ports": ports}})
    subset = {"addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "https", "port": port}]}
    await api.post(api.path("endpoints"), {"metadata": {"name": "bar"}, "subsets": [subset]})


async def register(api: Api, group: str, annotations: dict[str, str] | None = None, **spec: Any) -> None:
    body = {"group": group, "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 10, **spec}
    await api.post(SERVICES, {"metadata": {"name": f"v1.{group}", "annotations": annotations or {}}, "spec": body})


async def condition(api: Api, group: str) -> tuple[str, str, str]:
    status = (await api.get(f"{SERVICES}/v1.{group}")).get("status", {})
    found: Plain = next(iter(status.get("conditions", [])), {})
    return found.get("status", ""), found.get("reason", ""), found.get("message", "")


async def is_available(api: Api, group: str) -> bool:
    return (await condition(api, group))[:2] == ("True", "Passed")


@pytest.fixture
async def bar(api: Api) -> AsyncIterator[Bar]:
    """Yield a server whose group is registered and available."""
    group = f"bar.{api.namespace}.example.com"
    bar, authority = Bar(group), Authority(f"bar.{api.namespace}.svc")
    async with bar.run(over_tls(authority)) as port:
        await put_service(api, port)
        service = {"namespace": api.namespace, "name": "bar", "port": 443}
        await register(api, group, service=service, caBundle=authority.bundle)
        await eventually(lambda: is_available(api, group), "the group is available")
        yield bar
        await api.send("DELETE", f"{SERVICES}/v1.{group}")


async def test_requests_go_on_with_the_name_of_who_asks(api: Api, bar: Bar) -> None:
    path = f"/apis/{bar.group}/v1/namespaces/{api.namespace}/drinks"

    answer = await api.get(f"{path}?limit=5", headers={"X-Remote-User": "somebody-else"})

    assert answer["kind"] == "DrinkList"
    seen = bar.seen[-1]
    assert seen["path"] == f"{path}?limit=5"
    assert seen["headers"].getall("X-Remote-User") != ["somebody-else"]
    assert len(seen["headers"].getall("X-Remote-User")) == 1
    assert "system:masters" in seen["headers"].getall("X-Remote-Group")
    assert "Authorization" not in seen["headers"]


async def test_bodies_and_refusals_pass_unchanged(api: Api, bar: Bar) -> None:
    drinks = f"/apis/{bar.group}/v1/namespaces/{api.namespace}/drinks"
    await api.post(f"{drinks}/water/taste", {"kind": "Taste", "much": "x" * 100_000})

    refusal = await api.refusal("GET", f"{drinks}/none")

    assert json.loads(bar.seen[-2]["body"])["much"] == "x" * 100_000
    assert (refusal.code, refusal.message) == (404, "no such drink")


async def test_watch_streams_as_events_come(bar: Bar, shared_server: ApiServer) -> None:
    reader, writer = await asyncio.open_unix_connection(shared_server.socket)
    head = f"GET /apis/{bar.group}/v1/drinks?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n"
    writer.write(head.encode())

    for number in (1, 2):
        await bar.events.put({"type": "ADDED", "object": {"number": number}})
        await asyncio.wait_for(reader.readuntil(f'"number": {number}}}}}\n'.encode()), 5)
    await bar.events.put(None)
    await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 5)

    writer.close()
    await writer.wait_closed()


async def test_discovery_shows_what_others_serve(api: Api, bar: Bar) -> None:
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
    aggregated = await api.get("/apis", accept=accept)
    groups = await api.get("/apis")
    group = await api.get(f"/apis/{bar.group}")
    resources = await api.get(f"/apis/{bar.group}/v1")

    (found,) = (item for item in aggregated["items"] if item["metadata"]["name"] == bar.group)
    (version,) = found["versions"]
    assert (version["version"], version["freshness"]) == ("v1", "Current")
    (drinks,) = version["resources"]
    assert (drinks["resource"], drinks["scope"], drinks["singularResource"]) == ("drinks", "Namespaced", "drink")
    assert drinks["responseKind"] == {"group": bar.group, "version": "v1", "kind": "Drink"}
    assert [part["subresource"] for part in drinks["subresources"]] == ["taste"]
    assert bar.group in [item["name"] for item in groups["groups"]]
    assert group["preferredVersion"]["version"] == "v1"
    assert resources["resources"] == RESOURCES


async def test_server_on_a_socket_serves_a_group(api: Api) -> None:
    group = f"local.{api.namespace}.example.com"
    socket = Path(mkdtemp(prefix="kbl-")) / "bar.sock"
    async with Bar(group).run(lambda runner: web.UnixSite(runner, str(socket))):
        await register(api, group, {"kubernel.dev/api-endpoint": f"unix://{socket}"})
        await eventually(lambda: is_available(api, group), "the group is available")

        answer = await api.get(f"/apis/{group}/v1/drinks")

    assert answer["kind"] == "DrinkList"


async def test_absent_server_is_unavailable_with_a_reason(api: Api) -> None:
    group = f"away.{api.namespace}.example.com"
    await register(api, group, service={"namespace": api.namespace, "name": "bar", "port": 443})

    async def says(reason: str) -> bool:
        return (await condition(api, group))[1] == reason

    await eventually(lambda: says("ServiceNotFound"), "the missing service is said")
    said = await condition(api, group)
    refusal = await api.refusal("GET", f"/apis/{group}/v1/drinks")
    await put_service(api, 1)
    await eventually(lambda: says("FailedDiscoveryCheck"), "the failing server is said")
    failed = await condition(api, group)

    assert said[2] == f'service/bar in "{api.namespace}" is not present'
    assert (refusal.code, refusal.message) == (503, "service unavailable")
    assert "failing or missing response from https://127.0.0.1:1/apis/" in failed[2]
    assert "connect: connection refused" in failed[2]


async def test_own_groups_are_shown_as_local(api: Api) -> None:
    async def are_there() -> bool:
        names = {item["metadata"]["name"] for item in (await api.get(SERVICES))["items"]}
        return {"v1.", "v1.apps", "v1.coordination.k8s.io"} <= names

    await eventually(are_there, "the groups of this server are shown")
    apps = await api.get(f"{SERVICES}/v1.apps")

    assert apps["metadata"]["labels"] == {"kube-aggregator.kubernetes.io/automanaged": "onstart"}
    assert apps["spec"] == {"group": "apps", "version": "v1", "groupPriorityMinimum": 17_800, "versionPriority": 15}
