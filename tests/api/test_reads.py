"""Get, list and watch over HTTP."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest
from kubernel.testing import eventually

from tests.api.calls import Api, config_map, pod

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


async def lines(api: Api, path: str, **query: str) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the events of a watch."""
    rest = b""
    async with aclosing(api.client.stream("GET", path, query={"watch": "true", **query})) as chunks:
        async for chunk in chunks:
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield json.loads(line)


async def first(api: Api, count: int, path: str, **query: str) -> list[dict[str, Any]]:
    """Return the first events of a watch."""
    events = []
    async with asyncio.timeout(10), aclosing(lines(api, path, **query)) as stream:
        async for event in stream:
            events.append(event)
            if len(events) == count:
                break
    return events


async def test_get_refuses_what_is_not_there(api: Api) -> None:
    error = await api.refusal("GET", api.path("pods", "gone"))

    assert (error.code, error.reason, error.message) == (404, "NotFound", 'pods "gone" not found')


async def test_list_selects_by_labels_and_fields(api: Api) -> None:
    for name, tier in (("a", "front"), ("b", "back"), ("c", "front")):
        body = pod(name, nodeName="n1" if name == "a" else "n2")
        body["metadata"]["labels"] = {"tier": tier}
        await api.post(api.path("pods"), body)

    async def names(**query: str) -> list[str]:
        found = await api.get(api.path("pods"), query=query)
        return [item["metadata"]["name"] for item in found["items"]]

    assert await names(labelSelector="tier=front") == ["a", "c"]
    assert await names(labelSelector="tier in (back)") == ["b"]
    assert await names(fieldSelector="spec.nodeName=n2") == ["b", "c"]
    assert await names(labelSelector="tier=front", fieldSelector="spec.nodeName!=n1") == ["c"]
    assert await names(fieldSelector="metadata.name=b") == ["b"]


async def test_list_goes_on_where_it_stopped(api: Api) -> None:
    for i in range(7):
        await api.post(api.path("configmaps"), config_map(f"c{i}"))

    pages, token = [], ""
    while True:
        page = await api.get(api.path("configmaps"), query={"limit": "3", "continue": token})
        pages.append([item["metadata"]["name"] for item in page["items"]])
        token = page["metadata"].get("continue", "")
        if not token:
            break

    assert pages == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6"]]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"labelSelector": "a in b"}, 400, "unable to parse requirement"),
        ({"fieldSelector": "spec.colour=blue"}, 400, "field label not supported: spec.colour"),
        ({"limit": "many"}, 400, "query parameter limit"),
        ({"continue": "nonsense"}, 400, "continue key is not valid"),
        ({"resourceVersion": "999999"}, 504, "Too large resource version: 999999"),
        ({"watch": "maybe"}, 400, "query parameter watch"),
        ({"watch": "true", "sendInitialEvents": "true"}, 422, "resourceVersionMatch to NotOlderThan"),
    ],
)
async def test_list_names_the_parameter_that_is_wrong(api: Api, query: dict[str, str], code: int, words: str) -> None:
    error = await api.refusal("GET", api.path("pods"), query=query)

    assert error.code == code
    assert words in error.message


async def test_list_as_a_table(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))

    found = await api.get(api.path("pods"), accept=TABLE)

    assert found["kind"] == "Table"
    assert [c["name"] for c in found["columnDefinitions"]][:5] == ["Name", "Ready", "Status", "Restarts", "Age"]
    assert found["rows"][0]["cells"][:4] == ["web", "0/1", "Pending", "0"]
    assert found["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


async def test_accept_that_cannot_be_met_is_refused(api: Api) -> None:
    error = await api.refusal("GET", api.path("pods"), accept="text/html")

    assert error.code == 406


async def test_accept_of_protobuf_first_gets_json(api: Api) -> None:
    found = await api.get(api.path("pods"), accept="application/vnd.kubernetes.protobuf,application/json")

    assert found["kind"] == "PodList"


async def test_watch_tells_of_every_change(api: Api) -> None:
    made = await api.post(api.path("configmaps"), config_map("a"))
    await api.send("PUT", api.path("configmaps", "a"), config_map("a", k="v"))
    await api.send("DELETE", api.path("configmaps", "a"))

    events = await first(api, 2, api.path("configmaps"), resourceVersion=made["metadata"]["resourceVersion"])

    assert [event["type"] for event in events] == ["MODIFIED", "DELETED"]


async def test_watch_list_ends_its_beginning_with_a_bookmark(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    options = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    events = await first(api, 2, api.path("configmaps"), **options)

    assert [event["type"] for event in events] == ["ADDED", "BOOKMARK"]
    assert events[1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


async def test_watch_ends_when_its_time_is_over(api: Api) -> None:
    async with asyncio.timeout(10):
        assert [event async for event in lines(api, api.path("pods"), timeoutSeconds="1")] == []


async def test_watch_that_is_hung_up_is_forgotten(api: Api) -> None:
    async with aclosing(lines(api, api.path("secrets"), resourceVersion="0")) as stream:
        waiting = asyncio.ensure_future(anext(stream))
        await _until_watchers(api, 1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    await _until_watchers(api, 0)


async def _until_watchers(api: Api, count: int) -> None:
    wanted = f'apiserver_longrunning_requests{{resource="secrets",verb="WATCH"}} {count}.0'

    async def is_there() -> bool:
        return wanted in (await api.client.request("GET", "/metrics", accept="*/*")).body.decode()

    await eventually(is_there, f"{count} watchers")
