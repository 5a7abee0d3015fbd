"""Server-side apply over HTTP: what it makes, what it takes away, and what it is refused for."""

import json
from typing import Any

import pytest

from tests.api.calls import Api, Plain, Said, config_map, controller, pod

APPLY = "application/apply-patch+yaml"


async def apply(api: Api, plural: str, obj: Plain, manager: str, *rest: str, **query: str) -> Said:
    """Apply an object; rest is its subresource."""
    path = api.path(plural, obj["metadata"]["name"], *rest)
    options = {"fieldManager": manager, **query}
    return await api.send("PATCH", path, json.dumps(obj).encode(), query=options, content_type=APPLY)


async def refused(api: Api, plural: str, obj: Any, query: Plain, *rest: str) -> str:
    """Apply what must be refused; returns code, reason and message."""
    path = api.path(plural, "x", *rest)
    body = obj if isinstance(obj, bytes) else json.dumps(obj).encode()
    error = await api.refusal("PATCH", path, body, query=query, content_type=APPLY)
    return f"{error.code} {error.reason}: {error.message}"


def managers(obj: Plain) -> list[tuple[str, str, str]]:
    return [(m["manager"], m["operation"], m.get("subresource", "")) for m in obj["metadata"].get("managedFields", [])]


async def test_apply_makes_what_is_not_there(api: Api) -> None:
    said = await apply(api, "configmaps", config_map("x", a="1"), "me")

    assert said.code == 201
    assert said.body["data"] == {"a": "1"}
    assert managers(said.body) == [("me", "Apply", "")]
    assert said.body["metadata"]["managedFields"][0]["fieldsV1"] == {"f:data": {"f:a": {}}}


async def test_apply_changes_what_is_there_and_removes_what_it_says_no_longer(api: Api) -> None:
    await apply(api, "configmaps", config_map("x", a="1", b="2"), "me")

    said = await apply(api, "configmaps", config_map("x", a="3"), "me")

    assert (said.code, said.body["data"]) == (200, {"a": "3"})
    assert (await api.get(api.path("configmaps", "x")))["data"] == {"a": "3"}


async def test_apply_of_what_is_there_is_no_write(api: Api) -> None:
    first = await apply(api, "pods", pod("x"), "me")

    again = await apply(api, "pods", pod("x"), "me")

    assert (again.code, again.body) == (200, first.body)


async def test_apply_over_an_update_is_a_conflict_that_names_it(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "kubectl-create"})

    error = await api.refusal(
        "PATCH",
        api.path("configmaps", "x"),
        json.dumps(config_map("x", a="2")).encode(),
        query={"fieldManager": "me"},
        content_type=APPLY,
    )

    assert error.status() == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": 'Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.a',
        "reason": "Conflict",
        "code": 409,
        "details": {
            "causes": [
                {
                    "reason": "FieldManagerConflict",
                    "message": 'conflict with "kubectl-create" using v1',
                    "field": ".data.a",
                }
            ]
        },
    }


async def test_forced_apply_takes_the_field(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "kubectl-create"})

    said = await apply(api, "configmaps", config_map("x", a="2"), "me", force="true")

    assert said.body["data"] == {"a": "2"}
    fields = {m["manager"]: m["fieldsV1"] for m in said.body["metadata"]["managedFields"]}
    assert fields == {"me": {"f:data": {"f:a": {}}}, "kubectl-create": {"f:data": {}}}


async def test_apply_takes_yaml(api: Api) -> None:
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: '1'}\n"

    said = await api.send(
        "PATCH", api.path("configmaps", "x"), body, query={"fieldManager": "me"}, content_type=f"{APPLY}; charset=utf-8"
    )

    assert said.body["data"] == {"a": "1"}


async def test_defaults_belong_to_nobody(api: Api) -> None:
    said = await apply(api, "pods", pod("x"), "me")

    fields = said.body["metadata"]["managedFields"][0]["fieldsV1"]
    assert fields["f:spec"] == {
        "f:containers": {'k:{"name":"main"}': {".": {}, "f:name": {}, "f:image": {}}},
    }
    assert said.body["spec"]["restartPolicy"] == "Always"


async def test_element_goes_by_its_key_though_its_defaults_were_filled_in(api: Api) -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}}
    ports = [{"name": "web", "port": 80}, {"name": "tls", "port": 443}]
    await apply(api, "services", {**service, "spec": {"ports": ports}}, "me")

    said = await apply(api, "services", {**service, "spec": {"ports": ports[1:]}}, "me")

    assert [(port["port"], port["protocol"]) for port in said.body["spec"]["ports"]] == [(443, "TCP")]


async def test_status_is_applied_apart_from_the_rest(api: Api) -> None:
    await apply(api, "replicationcontrollers", controller("x", 1), "me")
    status = {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "x"}}

    said = await apply(
        api, "replicationcontrollers", {**status, "spec": {"replicas": 9}, "status": {"replicas": 3}}, "me", "status"
    )

    assert (said.body["spec"]["replicas"], said.body["status"]["replicas"]) == (1, 3)
    assert managers(said.body) == [("me", "Apply", ""), ("me", "Apply", "status")]
    assert said.body["metadata"]["managedFields"][1]["fieldsV1"] == {"f:status": {"f:replicas": {}}}


async def test_dry_run_says_what_would_be_and_stores_nothing(api: Api) -> None:
    made = await apply(api, "configmaps", config_map("x", a="1"), "me", dryRun="All")
    await api.refusal("GET", api.path("configmaps", "x"))
    await apply(api, "configmaps", config_map("x", a="1"), "me")

    changed = await apply(api, "configmaps", config_map("x", a="2"), "me", dryRun="All")

    assert (made.code, made.body["data"]) == (201, {"a": "1"})
    assert changed.body["data"] == {"a": "2"}
    assert (await api.get(api.path("configmaps", "x")))["data"] == {"a": "1"}


async def test_revision_makes_an_apply_conditional(api: Api) -> None:
    made = await apply(api, "configmaps", config_map("x", a="1"), "me")
    old = config_map("x", a="2")
    old["metadata"]["resourceVersion"] = made.body["metadata"]["resourceVersion"]
    await apply(api, "configmaps", config_map("x", a="3"), "me")

    said = await refused(api, "configmaps", old, {"fieldManager": "me"})

    assert said.startswith("409 Conflict: Operation cannot be fulfilled on configmaps")


@pytest.mark.parametrize(
    ("change", "query", "why"),
    [
        ({}, {}, '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for'),
        (
            {},
            {"fieldManager": "m" * 129},
            '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128',
        ),
        (
            {},
            {"fieldManager": "a\tb"},
            '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\tb": inv',
        ),
        ({"kind": "Pod"}, {"fieldManager": "m"}, "400 BadRequest: invalid object type: /v1, Kind=Pod"),
        ({"apiVersion": "apps/v1"}, {"fieldManager": "m"}, "400 BadRequest: invalid object type: apps/v1, Kind=Conf"),
        (
            {"metadata": {"name": "x", "managedFields": []}},
            {"fieldManager": "m"},
            "400 BadRequest: metadata.managedFields must be nil",
        ),
        (
            {"metadata": {"name": "y"}},
            {"fieldManager": "m"},
            "400 BadRequest: the name of the object (y) does not match the name on the URL (x)",
        ),
        (
            {"metadata": {}},
            {"fieldManager": "m"},
            "400 BadRequest: the name of the object (x based on URL) was undeterminable: name must be provided",
        ),
        (
            {"metadata": {"name": "x", "uid": "u"}},
            {"fieldManager": "m"},
            '409 Conflict: Operation cannot be fulfilled on configmaps "x": uid mismatch: the provided object',
        ),
        ({"colour": "red"}, {"fieldManager": "m"}, "400 BadRequest: failed to create typed patch object ("),
        ({"data": {"a": 1}}, {"fieldManager": "m"}, "400 BadRequest: ConfigMap in version "),
        ({"data": [1]}, {"fieldManager": "m"}, "400 BadRequest: ConfigMap in version "),
        ({"metadata": []}, {"fieldManager": "m"}, "400 BadRequest: "),
        (
            {"metadata": {"name": "x", "namespace": "elsewhere"}},
            {"fieldManager": "m"},
            "400 BadRequest: the namespace of the provided object does not match the namespace sent on the request",
        ),
    ],
)
async def test_apply_that_is_wrong_is_refused(api: Api, change: Plain, query: Plain, why: str) -> None:
    said = await refused(api, "configmaps", {**config_map("x"), **change}, query)

    assert said.startswith(why)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"a: &x 1\nb: *x", b"{", b"\xff", b"? [a]\n: 1", b"{" * 3000, b'{"a":' * 3000]
)
async def test_body_that_is_no_configuration_is_refused(api: Api, body: bytes) -> None:
    said = await refused(api, "configmaps", body, {"fieldManager": "m"})

    assert said.startswith("400 BadRequest: ")


async def test_unknown_field_is_named_with_its_place(api: Api) -> None:
    bad = pod("x")
    bad["spec"]["containers"][0]["imagee"] = "y"

    said = await refused(api, "pods", bad, {"fieldManager": "m"})

    assert said == (
        f"400 BadRequest: failed to create typed patch object ({api.namespace}/x; /v1, Kind=Pod): "
        '.spec.containers[name="main"].imagee: field not declared in schema'
    )


async def test_status_of_what_is_not_there_is_not_made(api: Api) -> None:
    said = await refused(api, "pods", pod("x"), {"fieldManager": "m"}, "status")

    assert said == '404 NotFound: pods "x" not found'


async def test_cbor_is_no_media_type_of_ours(api: Api) -> None:
    error = await api.refusal(
        "PATCH",
        api.path("pods", "x"),
        b"\xa0",
        query={"fieldManager": "m"},
        content_type="application/apply-patch+cbor",
    )

    assert error.code == 415
    assert error.message == (
        "the body of the request was in an unknown format - accepted media types include: "
        "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, "
        "application/apply-patch+yaml"
    )
