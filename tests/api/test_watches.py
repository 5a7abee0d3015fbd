"""Watches over HTTP: what they tell, how they begin and how they end."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from kubernel.testing import eventually

from tests.api.calls import Api, config_map, pod
from tests.api.streams import WATCH_LIST, all_of, first, lines


async def _two(api: Api) -> list[dict[str, Any]]:
    """Make two config maps and return them."""
    return [await api.post(api.path("configmaps"), config_map(name)) for name in "ab"]


def _kinds(events: list[dict[str, Any]]) -> list[str]:
    return [f"{event['type']} {event['object']['metadata'].get('name', '')}".strip() for event in events]


async def test_watch_tells_of_every_change(api: Api) -> None:
    made = await api.post(api.path("configmaps"), config_map("a"))
    await api.send("PUT", api.path("configmaps", "a"), config_map("a", k="v"))
    await api.send("DELETE", api.path("configmaps", "a"))

    events = await first(api, 2, api.path("configmaps"), resourceVersion=made["metadata"]["resourceVersion"])

    assert [event["type"] for event in events] == ["MODIFIED", "DELETED"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({}, ["ADDED a", "ADDED b"]),
        ({"resourceVersion": "0"}, ["ADDED a", "ADDED b"]),
        ({"resourceVersion": "first"}, ["ADDED b"]),
        ({"resourceVersion": "last"}, []),
        ({"resourceVersionMatch": "NotOlderThan", "sendInitialEvents": "false"}, []),
        (
            {"resourceVersionMatch": "NotOlderThan", "sendInitialEvents": "false", "resourceVersion": "first"},
            ["ADDED b"],
        ),
        (WATCH_LIST, ["ADDED a", "ADDED b", "BOOKMARK"]),
        ({**WATCH_LIST, "resourceVersion": "0"}, ["ADDED a", "ADDED b", "BOOKMARK"]),
        ({**WATCH_LIST, "resourceVersion": "first"}, ["ADDED a", "ADDED b", "BOOKMARK"]),
        ({**WATCH_LIST, "allowWatchBookmarks": "false"}, ["ADDED a", "ADDED b"]),
        ({**WATCH_LIST, "labelSelector": "no=such"}, ["BOOKMARK"]),
        ({**WATCH_LIST, "fieldSelector": "metadata.name=b"}, ["ADDED b", "BOOKMARK"]),
    ],
)
async def test_watch_begins_where_it_is_told(api: Api, query: dict[str, str], told: list[str]) -> None:
    one, two = await _two(api)
    revisions = {"first": one["metadata"]["resourceVersion"], "last": two["metadata"]["resourceVersion"]}
    query = {key: revisions.get(value, value) for key, value in query.items()}

    events = await all_of(api, api.path("configmaps"), timeoutSeconds="1", **query)

    assert _kinds(events) == told


async def test_watch_list_ends_its_beginning_with_a_bookmark(api: Api) -> None:
    _, two = await _two(api)

    *_, bookmark = await first(api, 3, api.path("configmaps"), **WATCH_LIST)

    assert bookmark["object"]["kind"] == "ConfigMap"
    assert bookmark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert int(bookmark["object"]["metadata"]["resourceVersion"]) >= int(two["metadata"]["resourceVersion"])


async def test_watch_goes_on_after_its_beginning(api: Api) -> None:
    async with asyncio.timeout(10), aclosing(lines(api, api.path("configmaps"), **WATCH_LIST)) as stream:
        beginning = await anext(stream)
        await _two(api)
        events = [await anext(stream), await anext(stream)]

    assert beginning["type"] == "BOOKMARK"
    assert _kinds(events) == ["ADDED a", "ADDED b"]


async def test_watch_gets_a_bookmark_before_its_end(api: Api) -> None:
    events = await all_of(
        api, api.path("pods"), allowWatchBookmarks="true", timeoutSeconds="3", labelSelector="no=such"
    )

    assert [event["type"] for event in events] == ["BOOKMARK"]
    assert "annotations" not in events[0]["object"]["metadata"]


_MATCH = "resourceVersionMatch: Forbidden: "
_REQUIRES = f"{_MATCH}sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ({"sendInitialEvents": "true"}, [_REQUIRES]),
        ({"sendInitialEvents": "false"}, [_REQUIRES]),
        (
            {"sendInitialEvents": "true", "resourceVersionMatch": "Exact"},
            [
                _REQUIRES,
                'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"',
            ],
        ),
        (
            {"resourceVersionMatch": "NotOlderThan"},
            [f"{_MATCH}resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"],
        ),
        (
            {**WATCH_LIST, "continue": "x"},
            [f"{_MATCH}resourceVersionMatch is forbidden when continue is provided"],
        ),
    ],
)
async def test_watch_refuses_options_that_do_not_go_together(
    api: Api, query: dict[str, str], problems: list[str]
) -> None:
    error = await api.refusal("GET", api.path("pods"), query={"watch": "true", **query})

    words = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    assert (error.code, error.reason) == (422, "Invalid")
    assert error.message == f'ListOptions.meta.k8s.io "" is invalid: {words}'
    assert (error.kind, error.group) == ("ListOptions", "meta.k8s.io")


@pytest.mark.parametrize("query", [{}, WATCH_LIST])
async def test_watch_from_the_future_is_told_to_come_back(api: Api, query: dict[str, str]) -> None:
    error = await api.refusal("GET", api.path("pods"), query={"watch": "true", "resourceVersion": "99999999", **query})

    assert (error.code, error.reason, error.retry_after_s) == (504, "Timeout", 1)
    assert error.message.startswith("Timeout: Too large resource version: 99999999, current: ")
    assert [(cause.reason, cause.message) for cause in error.causes] == [
        ("ResourceVersionTooLarge", "Too large resource version")
    ]


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/api/v1/namespaces/{ns}/configmaps/a", {}, ["ADDED a"]),
        ("/api/v1/watch/namespaces/{ns}/configmaps", {}, ["ADDED a", "ADDED b"]),
        ("/api/v1/watch/namespaces/{ns}/configmaps/b", {}, ["ADDED b"]),
        ("/api/v1/watch/configmaps", {"fieldSelector": "metadata.namespace={ns}"}, ["ADDED a", "ADDED b"]),
        ("/api/v1/watch/namespaces/{ns}", {}, ["ADDED {ns}"]),
    ],
)
async def test_watch_has_older_spellings(api: Api, path: str, query: dict[str, str], told: list[str]) -> None:
    await _two(api)
    names = {"{ns}": api.namespace}
    query = {key: value.replace("{ns}", api.namespace) for key, value in query.items()}

    events = await all_of(api, path.replace("{ns}", api.namespace), timeoutSeconds="1", **query)

    assert _kinds(events) == [word.replace("{ns}", names["{ns}"]) for word in told]


async def test_watch_of_one_object_refuses_another_name(api: Api) -> None:
    query = {"watch": "true", "fieldSelector": "metadata.name=b"}

    error = await api.refusal("GET", api.path("configmaps", "a"), query=query)

    assert (error.code, error.message) == (400, "fieldSelector metadata.name doesn't match requested name")


async def test_watch_shows_what_enters_and_leaves_its_selection(api: Api) -> None:
    made = await api.post(api.path("pods"), pod("a"))
    for tier in ("front", "back", "front"):
        await api.send("PATCH", api.path("pods", "a"), {"metadata": {"labels": {"tier": tier}}},
                       content_type="application/merge-patch+json")  # fmt: skip

    events = await first(
        api, 3, api.path("pods"), labelSelector="tier=front", resourceVersion=made["metadata"]["resourceVersion"]
    )

    assert [event["type"] for event in events] == ["ADDED", "DELETED", "ADDED"]


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
