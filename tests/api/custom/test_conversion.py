"""Conversion by a webhook: who is asked what, what is stored, and answers that are no conversion."""

from collections.abc import Callable

import pytest

from tests.api.calls import Api, Plain
from tests.api.custom.definitions import Served, definition, serve, version
from tests.api.webhook_server import WebhookServer, webhook_server

MERGE = "application/merge-patch+json"
TEXT = {"type": "string"}


def _converted(request: Plain) -> Plain:
    """Answer as the example in Kubernetes' documentation: v1beta1 has one field ``hostPort``, v1 has two."""
    wanted = request["desiredAPIVersion"]
    return {"result": {"status": "Success"}, "convertedObjects": [_one(obj, wanted) for obj in request["objects"]]}


def _one(obj: Plain, wanted: str) -> Plain:
    spec = obj["spec"]
    if wanted.endswith("/v1"):
        host, _, port = spec["hostPort"].partition(":")
        return {**obj, "apiVersion": wanted, "spec": {"host": host, "port": port}}
    return {**obj, "apiVersion": wanted, "spec": {"hostPort": f"{spec['host']}:{spec['port']}"}}


async def _serve(api: Api, webhook: WebhookServer, stored: str) -> Served:
    older = version("v1beta1", {"hostPort": TEXT}, storage=stored == "v1beta1")
    newer = version("v1", {"host": TEXT, "port": TEXT}, storage=stored == "v1")
    review = {"clientConfig": webhook.client("/convert"), "conversionReviewVersions": ["v1"]}
    made = definition(older, newer, conversion={"strategy": "Webhook", "webhook": review})
    return await serve(api, made)


@pytest.mark.parametrize("stored", ["v1beta1", "v1"])
async def test_each_version_is_read_and_written_whatever_is_stored(api: Api, stored: str) -> None:
    async with webhook_server(_converted) as webhook:
        served = await _serve(api, webhook, stored)

        made = await served.create("a", {"hostPort": "web:80"})
        newer = await api.get(served.objects("a", version="v1"))
        patch = {"spec": {"port": "81"}}
        changed = await api.send("PATCH", served.objects("a", version="v1"), patch, content_type=MERGE)
        older = await api.get(served.objects("a"))

    assert made["spec"] == {"hostPort": "web:80"}
    assert newer["spec"] == {"host": "web", "port": "80"}
    assert changed.body["spec"] == {"host": "web", "port": "81"}
    assert older["spec"] == {"hostPort": "web:81"}
    assert older["metadata"]["uid"] == made["metadata"]["uid"]


async def test_list_and_watch_are_converted(api: Api) -> None:
    async with webhook_server(_converted) as webhook:
        served = await _serve(api, webhook, "v1")
        for name in ("a", "b", "c"):
            await served.create(name, {"hostPort": f"{name}:80"})
        webhook.requests.clear()

        listed = await api.get(served.objects())
        watch = await api.client.request("GET", served.objects() + "?watch=true&timeoutSeconds=1")

    assert [item["spec"]["hostPort"] for item in listed["items"]] == ["a:80", "b:80", "c:80"]
    assert len(webhook.requests[0]["objects"]) == 3
    assert watch.body.count(b'"hostPort"') == 3


async def test_objects_stay_readable_when_the_storage_version_moves(api: Api) -> None:
    async with webhook_server(_converted) as webhook:
        served = await _serve(api, webhook, "v1beta1")
        await served.create("a", {"hostPort": "web:80"})
        stored = await api.get(served.path)
        for each in stored["spec"]["versions"]:
            each["storage"] = each["name"] == "v1"
        await api.send("PUT", served.path, stored)
        await served.create("b", {"hostPort": "web:90"})

        newer = await api.get(served.objects(version="v1"))
        await api.send("DELETE", served.objects("a"))

    assert [item["spec"] for item in newer["items"]] == [
        {"host": "web", "port": "80"},
        {"host": "web", "port": "90"},
    ]


def _renamed(request: Plain) -> Plain:
    answer = _converted(request)
    for obj in answer["convertedObjects"]:
        obj["metadata"] = {**obj["metadata"], "name": "other"}
    return answer


def _fewer(request: Plain) -> Plain:
    return {**_converted(request), "convertedObjects": []}


def _unwilling(_request: Plain) -> Plain:
    return {"result": {"status": "Failure", "message": "not today"}}


def _unchanged(request: Plain) -> Plain:
    return {"result": {"status": "Success"}, "convertedObjects": request["objects"]}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_renamed, "returned invalid converted object at index 0: must have the same name: a != other"),
        (_fewer, "returned 0 objects, expected 1"),
        (_unwilling, "failed: not today"),
        (_unchanged, "returned invalid converted object at index 0: invalid groupVersion"),
    ],
)
async def test_answer_that_is_no_conversion_is_told(api: Api, answer: Callable[[Plain], Plain], words: str) -> None:
    async with webhook_server(_converted) as webhook:
        served = await _serve(api, webhook, "v1beta1")
        await served.create("a", {"hostPort": "web:80"})
        webhook.answer = answer

        refusal = await api.refusal("GET", served.objects("a", version="v1"))

    group = served.spec["group"]
    assert refusal.code == 500
    assert f"conversion webhook for {group}/v1beta1, Kind=Widget {words}" in refusal.message


async def test_webhook_that_is_away_leaves_the_stored_version_readable(api: Api) -> None:
    async with webhook_server(_converted) as webhook:
        served = await _serve(api, webhook, "v1beta1")
        await served.create("a", {"hostPort": "web:80"})

    refusal = await api.refusal("GET", served.objects("a", version="v1"))

    assert refusal.code == 500
    assert (await api.get(served.objects("a")))["spec"] == {"hostPort": "web:80"}
