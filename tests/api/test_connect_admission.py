"""Connections into the cluster: webhooks and policies are asked before one is opened (``CONNECT``)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from kubernel.testing import ApiServer, eventually

from tests.api.backend import agent_of, program_in_pod
from tests.api.calls import Api, Plain, pod
from tests.api.webhook_server import allow, patching, rule, webhook, webhook_server

BASE = "/apis/admissionregistration.k8s.io/v1"
INTO_PODS = rule("pods/exec", "pods/attach", "pods/portforward", "pods/proxy", operations=("CONNECT",))
UPGRADE = {"Connection": "Upgrade", "Upgrade": "SPDY/3.1"}


@pytest.fixture
async def http(shared_server: ApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a plain HTTP client of the API server."""
    connector = aiohttp.UnixConnector(str(shared_server.socket))
    async with aiohttp.ClientSession("http://kubernel", connector=connector) as session:
        yield session


@pytest.fixture
async def configure(api: Api) -> AsyncIterator[Any]:
    """Yield what configures one webhook that is asked about connections into pods; it is gone after the test."""
    made: list[str] = []

    async def put(kind: str, client: Plain, **fields: Any) -> None:
        plural = f"{kind.lower()}webhookconfigurations"
        asked = webhook("connect.example.com", client, INTO_PODS, namespace=api.namespace, **fields)
        await api.post(f"{BASE}/{plural}", {"metadata": {"name": api.namespace}, "webhooks": [asked]})
        made.append(f"{BASE}/{plural}/{api.namespace}")

    yield put
    for path in made:
        await api.send("DELETE", path)


OPTIONS: list[tuple[str, Plain]] = [
    (
        "exec?command=ls&command=-l&stdout=true&container=main",
        {"kind": "PodExecOptions", "stdout": True, "container": "main", "command": ["ls", "-l"]},
    ),
    ("attach?stdin=1&tty=1", {"kind": "PodAttachOptions", "stdin": True, "tty": True}),
    ("portforward?ports=80,443&ports=8080", {"kind": "PodPortForwardOptions", "ports": [80, 443, 8080]}),
    ("proxy/a%20b/c?x=1", {"kind": "PodProxyOptions", "path": "a b/c"}),
]


@pytest.mark.parametrize(("path", "options"), OPTIONS, ids=[path.partition("?")[0] for path, _ in OPTIONS])
async def test_webhook_is_asked_before_a_connection_and_may_refuse_it(
    api: Api, configure: Any, path: str, options: Plain
) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))
    async with webhook_server(lambda _: {"allowed": False, "status": {"message": "not here", "code": 403}}) as server:
        await configure("Validating", server.client())

        refusal = await api.refusal("GET", api.path("pods", "web", path), headers=UPGRADE)

    assert refusal.code == 403
    assert refusal.message == 'admission webhook "connect.example.com" denied the request: not here'
    (request,) = server.requests
    assert request["object"] == {"apiVersion": "v1", **options}
    assert (request["operation"], request["oldObject"], request["options"]) == ("CONNECT", None, None)
    assert request["kind"] == {"group": "", "version": "v1", "kind": options["kind"]}
    assert request["resource"] == {"group": "", "version": "v1", "resource": "pods"}
    assert request["subResource"] == path.partition("?")[0].partition("/")[0]
    assert (request["name"], request["namespace"]) == ("web", api.namespace)


async def test_connection_that_everybody_allows_is_opened(
    api: Api, http: aiohttp.ClientSession, configure: Any, tmp_path: Path
) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="connected"))
    async with webhook_server(allow) as server, agent_of(api, "connected", tmp_path):
        await configure("Validating", server.client())
        async with http.ws_connect(api.path("pods", "web", "exec?command=ls&stdout=true")) as socket:
            asked = await socket.receive_str(timeout=5)

    assert asked == f"/exec/{api.namespace}/web/main?output=1&command=ls"
    assert len(server.requests) == 1


async def test_mutating_webhook_changes_what_is_run(
    api: Api, http: aiohttp.ClientSession, configure: Any, tmp_path: Path
) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="mutated"))
    change = {"op": "replace", "path": "/command", "value": ["audited", "ls"]}
    async with webhook_server(patching(change)) as server, agent_of(api, "mutated", tmp_path):
        await configure("Mutating", server.client())
        async with http.ws_connect(api.path("pods", "web", "exec?command=ls&stdout=true")) as socket:
            asked = await socket.receive_str(timeout=5)

    assert asked == f"/exec/{api.namespace}/web/main?output=1&command=audited&command=ls"


async def test_mutating_webhook_changes_where_a_proxied_request_goes(
    api: Api, http: aiohttp.ClientSession, configure: Any
) -> None:
    change = {"op": "replace", "path": "/path", "value": "else where"}
    async with webhook_server(patching(change)) as server, program_in_pod(api):
        await configure("Mutating", server.client())
        answer = await http.get(api.path("pods", "web", "proxy", "there") + "?q=1")
        seen = await answer.json()

    assert seen["path"] == "/else%20where?q=1"


async def test_webhook_that_cannot_be_asked_keeps_the_connection_closed(api: Api, configure: Any) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))
    await configure("Validating", {"url": "https://127.0.0.1:1/judge"})

    refusal = await api.refusal("GET", api.path("pods", "web", "exec?command=ls&stdout=true"), headers=UPGRADE)

    assert refusal.code == 500
    assert 'failed calling webhook "connect.example.com"' in refusal.message


async def test_webhook_with_an_object_selector_is_not_asked(api: Api, configure: Any) -> None:
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))
    async with webhook_server(allow) as server:
        await configure("Validating", server.client(), objectSelector={"matchLabels": {"app": "web"}})

        await api.refusal("GET", api.path("pods", "web", "exec?command=ls&stdout=true"), headers=UPGRADE)

    assert server.requests == []


async def test_policy_refuses_commands(api: Api) -> None:
    name, path = f"shells-{api.namespace}", api.path("pods", "web", "exec?command=sh&stdout=true")
    await api.post(api.path("pods"), pod("web", nodeName="nowhere"))
    validation = {"expression": "object.command[0] != 'sh'", "message": "no shells"}
    constraints = {"resourceRules": [rule("pods/exec", operations=("CONNECT",))]}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": api.namespace}}
    spec = {"matchConstraints": {**constraints, "namespaceSelector": selector}, "validations": [validation]}
    await api.post(f"{BASE}/validatingadmissionpolicies", {"metadata": {"name": name}, "spec": spec})
    bound = {"policyName": name, "validationActions": ["Deny"]}
    await api.post(f"{BASE}/validatingadmissionpolicybindings", {"metadata": {"name": name}, "spec": bound})

    async def is_refused() -> bool:
        return "no shells" in (await api.refusal("GET", path, headers=UPGRADE)).message

    await eventually(is_refused, "the policy is in force")
    other = await api.refusal("GET", path.replace("=sh", "=ls"), headers=UPGRADE)

    assert "no shells" not in other.message
    for plural in ("validatingadmissionpolicybindings", "validatingadmissionpolicies"):
        await api.send("DELETE", f"{BASE}/{plural}/{name}")
