"""``dryRun=All``: every write runs, answers as it would, and leaves nothing behind."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.calls import Api, Plain, config_map, controller, pod

MERGE = "application/merge-patch+json"
DRY = {"dryRun": "All", "fieldManager": "trier"}


async def _prepared(api: Api) -> dict[str, Any]:
    """Make one object of each sort; returns what is stored of all."""
    await api.post(api.path("configmaps"), config_map("x", a="1"))
    await api.post(api.path("replicationcontrollers"), controller("rc", 1))
    await api.post(api.path("pods"), pod("p"))
    return await _stored(api)


async def _stored(api: Api) -> dict[str, Any]:
    plurals = ("configmaps", "replicationcontrollers", "pods")
    return {plural: (await api.get(api.path(plural)))["items"] for plural in plurals}


WRITES: list[tuple[str, str, list[str], Any, str, int, Callable[[Plain], bool]]] = [
    ("POST", "configmaps", [], config_map("y", a="2"), "application/json", 201, lambda o: o["data"] == {"a": "2"}),
    ("POST", "configmaps", [], {"metadata": {"generateName": "g-"}}, "application/json", 201,
     lambda o: len(o["metadata"]["name"]) == 7 and bool(o["metadata"]["uid"])),
    ("PUT", "configmaps", ["x"], config_map("x", a="2"), "application/json", 200, lambda o: o["data"] == {"a": "2"}),
    ("PATCH", "configmaps", ["x"], {"data": {"a": "2"}}, MERGE, 200, lambda o: o["data"] == {"a": "2"}),
    ("PATCH", "configmaps", ["x"], {"data": {"a": "2"}}, "application/strategic-merge-patch+json", 200,
     lambda o: o["data"] == {"a": "2"}),
    ("PATCH", "configmaps", ["x"], [{"op": "remove", "path": "/data"}], "application/json-patch+json", 200,
     lambda o: "data" not in o),
    ("PATCH", "configmaps", ["new"], config_map("new", a="2"), "application/apply-patch+yaml", 201,
     lambda o: o["data"] == {"a": "2"}),
    ("PATCH", "configmaps", ["x"], config_map("x", b="2"), "application/apply-patch+yaml", 200,
     lambda o: o["data"] == {"a": "1", "b": "2"} and len(o["metadata"]["managedFields"]) == 2),
    ("PATCH", "replicationcontrollers", ["rc", "status"], {"status": {"replicas": 7}}, MERGE, 200,
     lambda o: o["status"]["replicas"] == 7),
    ("PATCH", "replicationcontrollers", ["rc", "scale"], {"spec": {"replicas": 7}}, MERGE, 200,
     lambda o: o["spec"]["replicas"] == 7),
    ("POST", "pods", ["p", "binding"], {"target": {"name": "n"}}, "application/json", 201,
     lambda o: o["status"] == "Success"),
    ("DELETE", "configmaps", ["x"], None, "application/json", 200, lambda o: o["status"] == "Success"),
    ("DELETE", "pods", ["p"], None, "application/json", 200, lambda o: o["metadata"]["name"] == "p"),
    ("DELETE", "configmaps", [], None, "application/json", 200, lambda o: o["kind"] == "ConfigMapList"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "plural", "rest", "body", "content_type", "code", "fits"),
    WRITES,
    ids=[" ".join([write[0], write[1], *write[2], write[4].partition("/")[2]]) for write in WRITES],
)
async def test_write_that_is_only_tried_answers_and_leaves_nothing(
    api: Api,
    method: str,
    plural: str,
    rest: list[str],
    body: Any,
    content_type: str,
    code: int,
    fits: Callable[[Plain], bool],
) -> None:
    before = await _prepared(api)

    sent = None if body is None else json.dumps(body).encode()
    said = await api.send(method, api.path(plural, *rest), sent, query=DRY, content_type=content_type)

    assert said.code == code
    assert fits(said.body), said.body
    assert await _stored(api) == before


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("POST", [], config_map("x")),
        ("POST", [], config_map("Not A Name")),
        ("PUT", ["x"], config_map("x", a="1") | {"metadata": {"name": "x", "resourceVersion": "1"}}),
        ("PUT", ["absent"], config_map("absent")),
        ("DELETE", ["absent"], None),
    ],
)
async def test_write_that_would_be_refused_is_refused(api: Api, method: str, rest: list[str], body: Any) -> None:
    await _prepared(api)
    path = api.path("configmaps", *rest)

    tried = await api.refusal(method, path, body, query=DRY)
    done = await api.refusal(method, path, body)

    assert tried.status() == done.status()
