"""Admission webhooks over HTTPS: what they are asked, what they may change and refuse."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.calls import Api, config_map, pod
from tests.api.webhook_server import Plain, allow, patching, rule, webhook, webhook_server

BASE = "/apis/admissionregistration.k8s.io/v1"
CREATE_MAPS = rule("configmaps")


@pytest.fixture
async def configure(api: Api) -> AsyncIterator[Any]:
    """Yield what configures webhooks; they are gone after the test."""
    made: list[str] = []

    async def put(kind: str, *webhooks: Plain, name: str = "") -> None:
        name = name or f"{api.namespace}-{len(made)}"
        plural = f"{kind.lower()}webhookconfigurations"
        body = {"kind": f"{kind}WebhookConfiguration", "apiVersion": "admissionregistration.k8s.io/v1"}
        await api.post(f"{BASE}/{plural}", {**body, "metadata": {"name": name}, "webhooks": list(webhooks)})
        made.append(f"{BASE}/{plural}/{name}")

    yield put
    for path in made:
        await api.send("DELETE", path)


async def test_review_has_everything_that_a_webhook_may_ask(api: Api, configure: Any) -> None:
    every = rule("configmaps", operations=("CREATE", "UPDATE", "DELETE"))
    async with webhook_server(allow) as server:
        await configure("Validating", webhook("v.example.com", server.client(), every, namespace=api.namespace))
        path = api.path("configmaps")
        created = await api.post(f"{path}?fieldManager=me", config_map("a", x="1"))
        await api.send("PUT", f"{path}/a", {**created, "data": {"x": "2"}})
        await api.send("DELETE", f"{path}/a")

    created_request, updated, deleted = server.requests
    assert server.paths[0] == "/judge?timeout=10s"
    assert created_request["operation"] == "CREATE"
    assert created_request["kind"] == {"group": "", "version": "v1", "kind": "ConfigMap"}
    assert created_request["resource"] == {"group": "", "version": "v1", "resource": "configmaps"}
    assert (created_request["name"], created_request["namespace"]) == ("a", api.namespace)
    assert created_request["object"]["data"] == {"x": "1"}
    assert created_request["object"]["kind"] == "ConfigMap"
    assert created_request["oldObject"] is None
    assert created_request["dryRun"] is False
    assert created_request["options"]["kind"] == "CreateOptions"
    assert created_request["options"]["fieldManager"] == "me"
    assert created_request["userInfo"]["username"]
    assert "system:masters" in created_request["userInfo"]["groups"]
    assert (updated["operation"], updated["oldObject"]["data"]) == ("UPDATE", {"x": "1"})
    assert (deleted["operation"], deleted["object"]) == ("DELETE", None)
    assert deleted["oldObject"]["data"] == {"x": "2"}


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        ({"message": "too short", "code": 403, "reason": "Forbidden"}, 403, "too short"),
        ({"message": "no"}, 400, "no"),
        ({"reason": "NotToday", "code": 200}, 400, "NotToday"),
        (None, 400, None),
    ],
)
async def test_denial_reaches_the_client_in_the_webhooks_words(
    api: Api, configure: Any, status: Plain | None, code: int, message: str | None
) -> None:
    async with webhook_server(lambda _: {"allowed": False, **({"status": status} if status else {})}) as server:
        await configure("Validating", webhook("v.example.com", server.client(), CREATE_MAPS, namespace=api.namespace))

        refusal = await api.refusal("POST", api.path("configmaps"), config_map("a"))

    denied = 'admission webhook "v.example.com" denied the request'
    assert refusal.message == (f"{denied}: {message}" if message else f"{denied} without explanation")
    assert refusal.code == code


async def test_patch_changes_the_object_and_defaults_are_filled_in_again(api: Api, configure: Any) -> None:
    container = {"op": "add", "path": "/spec/containers/-", "value": {"name": "side", "image": "host"}}
    async with webhook_server(patching(container)) as server:
        await configure("Mutating", webhook("m.example.com", server.client(), rule("pods"), namespace=api.namespace))

        made = await api.post(api.path("pods"), pod("a"))

    side = made["spec"]["containers"][1]
    assert side["name"] == "side"
    assert side["terminationMessagePath"] == "/dev/termination-log"
    assert (await api.get(api.path("pods", "a")))["spec"] == made["spec"]


async def test_patched_object_still_has_to_keep_the_rules_of_its_kind(api: Api, configure: Any) -> None:
    async with webhook_server(patching({"op": "replace", "path": "/spec/containers", "value": []})) as server:
        await configure("Mutating", webhook("m.example.com", server.client(), rule("pods"), namespace=api.namespace))

        refusal = await api.refusal("POST", api.path("pods"), pod("a"))

    assert (refusal.code, refusal.causes[0].field) == (422, "spec.containers")


async def test_webhook_is_asked_again_when_a_later_one_changed_the_object(api: Api, configure: Any) -> None:
    def note(request: Plain) -> Plain:
        seen = sorted(request["object"].get("data", {}))
        if "late" not in seen or "noted" in seen:
            return {"allowed": True}
        return patching({"op": "add", "path": "/data/noted", "value": ",".join(seen)})(request)  # type: ignore[return-value]

    late = patching({"op": "add", "path": "/data/late", "value": "yes"})
    async with webhook_server(note) as first, webhook_server(late) as second:
        again = {"namespace": api.namespace, "reinvocationPolicy": "IfNeeded"}
        await configure("Mutating", webhook("first.example.com", first.client(), CREATE_MAPS, **again), name="a-first")
        once = webhook("second.example.com", second.client(), CREATE_MAPS, namespace=api.namespace)
        await configure("Mutating", once, name="b-second")

        made = await api.post(api.path("configmaps"), config_map("a", x="1"))

    assert made["data"] == {"x": "1", "late": "yes", "noted": "late,x"}
    assert (len(first.requests), len(second.requests)) == (2, 1)


async def test_warnings_of_webhooks_reach_the_client(api: Api, configure: Any) -> None:
    async with webhook_server(lambda _: {"allowed": True, "warnings": ["old habits"]}) as server:
        await configure("Validating", webhook("v.example.com", server.client(), CREATE_MAPS, namespace=api.namespace))

        said = await api.send("POST", api.path("configmaps"), config_map("a"))

    assert said.headers["warning"] == '299 - "old habits"'


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"rules": [rule("*")]}, True),
        ({"rules": [rule("*/*")]}, True),
        ({"rules": [rule("configmaps/*")]}, True),
        ({"rules": [rule("configmaps/status")]}, False),
        ({"rules": [rule("secrets")]}, False),
        ({"rules": [rule("configmaps", operations=("UPDATE",))]}, False),
        ({"rules": [rule("configmaps", groups=("apps",))]}, False),
        ({"rules": [rule("*", groups=("*",), operations=("*",))]}, True),
        ({"rules": [{**CREATE_MAPS, "scope": "Cluster"}]}, False),
        ({"rules": [{**CREATE_MAPS, "scope": "Namespaced"}]}, True),
        ({"rules": [{**CREATE_MAPS, "apiVersions": ["v2"]}]}, False),
        ({"objectSelector": {"matchLabels": {"a": "b"}}}, False),
        ({"objectSelector": {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}}, True),
        ({"namespaceSelector": {"matchLabels": {"no": "such"}}}, False),
        ({"matchConditions": [{"name": "x", "expression": "object.data.x == '1'"}]}, True),
        ({"matchConditions": [{"name": "x", "expression": "request.userInfo.username == 'nobody'"}]}, False),
        (
            {
                "matchConditions": [
                    {"name": "x", "expression": "!authorizer.group('').resource('pods').check('get').allowed()"}
                ]
            },
            False,
        ),
        (
            {"matchConditions": [{"name": "x", "expression": "authorizer.requestResource.check('create').allowed()"}]},
            True,
        ),
    ],
)
async def test_webhook_is_asked_only_about_what_it_matches(
    api: Api, configure: Any, fields: Plain, asked: bool
) -> None:
    async with webhook_server(allow) as server:
        one = webhook("v.example.com", server.client(), CREATE_MAPS, namespace=api.namespace)
        await configure("Validating", {**one, **fields})

        await api.post(api.path("configmaps"), config_map("a", x="1"))

    assert len(server.requests) == int(asked)


async def test_webhook_is_told_of_a_dry_run(api: Api, configure: Any) -> None:
    async with webhook_server(allow) as server:
        await configure("Validating", webhook("v.example.com", server.client(), CREATE_MAPS, namespace=api.namespace))

        await api.post(f"{api.path('configmaps')}?dryRun=All", config_map("a"))

    (request,) = server.requests
    assert request["dryRun"] is True
    assert request["options"]["dryRun"] == ["All"]


async def test_webhook_is_told_that_a_deletion_is_a_dry_run(api: Api, configure: Any) -> None:
    await api.post(api.path("configmaps"), config_map("a"))
    deletes = rule("configmaps", operations=("DELETE",))
    async with webhook_server(allow) as server:
        await configure("Validating", webhook("v.example.com", server.client(), deletes, namespace=api.namespace))

        await api.send("DELETE", api.path("configmaps", "a"), {"dryRun": ["All"]})
        await api.send("DELETE", api.path("configmaps", "a"))

    assert [request["dryRun"] for request in server.requests] == [True, False]


async def test_configurations_themselves_are_nobodys_business(api: Api, configure: Any) -> None:
    everything = rule("*/*", groups=("*",), operations=("*",))
    async with webhook_server(lambda _: {"allowed": False}) as server:
        closed = webhook("v.example.com", server.client(), everything, namespace=api.namespace)
        await configure("Validating", {**closed, "namespaceSelector": {}}, name="closed")
        refusal = await api.refusal("POST", "/api/v1/namespaces", {"metadata": {"name": "never"}})
        await api.send("DELETE", f"{BASE}/validatingwebhookconfigurations/closed")
        await api.post(f"{BASE}/validatingwebhookconfigurations", {"metadata": {"name": "closed"}, "webhooks": []})

    assert refusal.code == 400
    assert len(server.requests) == 1


async def test_service_is_reached_at_a_ready_endpoint_under_its_own_name(api: Api, configure: Any) -> None:
    name = f"hook.{api.namespace}.svc"
    async with webhook_server(allow, name) as server:
        ports = [{"name": "https", "port": 8443}]
        service = {"metadata": {"name": "hook"}, "spec": {"ports": ports}}
        await api.post(api.path("services"), service)
        subset = {"addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "https", "port": server.port}]}
        await api.post(api.path("endpoints"), {"metadata": {"name": "hook"}, "subsets": [subset]})
        reference = {"name": "hook", "namespace": api.namespace, "port": 8443, "path": "/here"}
        client = {"service": reference, "caBundle": server.bundle}
        await configure("Validating", webhook("v.example.com", client, CREATE_MAPS, namespace=api.namespace))

        await api.post(api.path("configmaps"), config_map("a"))

    assert server.paths == ["/here?timeout=10s"]


def test_patches_are_base64() -> None:
    assert json.loads(base64.b64decode(patching({"op": "x"})({})["patch"])) == [{"op": "x"}]  # type: ignore[index]
