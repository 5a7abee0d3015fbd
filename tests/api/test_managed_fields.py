"""Who owns what after creates, updates and patches, as clients see it."""

import json
from typing import Any

import pytest

from tests.api.calls import Api, Plain, config_map, controller, pod

MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


async def patch(api: Api, path: str, change: Any, manager: str = "", content_type: str = MERGE) -> Plain:
    query = {"fieldManager": manager} if manager else {}
    return (await api.send("PATCH", path, change, query=query, content_type=content_type)).body


async def owners(api: Api, path: str) -> dict[str, Plain]:
    """Return the fields of each manager, named with its operation and subresource."""
    metadata = (await api.get(path))["metadata"]
    return {
        "/".join(filter(None, (entry["manager"], entry["operation"], entry.get("subresource")))): entry["fieldsV1"]
        for entry in metadata.get("managedFields", [])
    }


async def test_creator_owns_the_object_under_the_name_of_its_program(api: Api) -> None:
    await api.send("POST", api.path("configmaps"), config_map("x", a="1"), headers={"User-Agent": "tool/1.2 (linux)"})

    assert await owners(api, api.path("configmaps", "x")) == {"tool/Update": {"f:data": {".": {}, "f:a": {}}}}


async def test_field_manager_goes_before_the_program(api: Api) -> None:
    made = await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})

    assert [entry["manager"] for entry in made["metadata"]["managedFields"]] == ["me"]


async def test_lists_and_watches_leave_out_what_one_manager_owns(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})

    listed = (await api.get(api.path("configmaps")))["items"]

    assert "managedFields" not in listed[0]["metadata"]


async def test_second_manager_takes_what_it_changes(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1", b="2"), query={"fieldManager": "one"})

    await patch(api, path, {"data": {"a": "3"}}, "two")

    assert await owners(api, path) == {
        "one/Update": {"f:data": {".": {}, "f:b": {}}},
        "two/Update": {"f:data": {"f:a": {}}},
    }
    listed = (await api.get(api.path("configmaps")))["items"]
    assert len(listed[0]["metadata"]["managedFields"]) == 2


async def test_same_manager_goes_on_owning_all(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "one"})

    await patch(api, path, {"data": {"b": "3"}}, "one")

    assert await owners(api, path) == {"one/Update": {"f:data": {".": {}, "f:a": {}, "f:b": {}}}}


async def test_status_has_owners_of_its_own(api: Api) -> None:
    path = api.path("replicationcontrollers", "x")
    await api.post(api.path("replicationcontrollers"), controller("x", 1), query={"fieldManager": "me"})

    await patch(api, f"{path}/status", {"status": {"replicas": 1}}, "counter")

    found = await owners(api, path)
    assert found["counter/Update/status"] == {"f:status": {"f:replicas": {}}}
    assert "f:status" not in found["me/Update"]


async def test_two_who_report_a_status_own_their_parts(api: Api) -> None:
    path = api.path("pods", "x")
    await api.post(api.path("pods"), pod("x"), query={"fieldManager": "me"})
    await patch(api, f"{path}/status", {"status": {"message": "m"}}, "one")

    await patch(api, f"{path}/status", {"status": {"reason": "r"}}, "two")

    found = await owners(api, path)
    assert found["two/Update/status"] == {"f:status": {"f:reason": {}}}
    assert "f:message" in found["one/Update/status"]["f:status"]


async def test_scale_is_an_update_through_its_subresource(api: Api) -> None:
    path = api.path("replicationcontrollers", "x")
    await api.post(api.path("replicationcontrollers"), controller("x", 1), query={"fieldManager": "me"})

    await patch(api, f"{path}/scale", {"spec": {"replicas": 2}}, "scaler")

    found = await owners(api, path)
    assert found["scaler/Update/scale"] == {"f:spec": {"f:replicas": {}}}
    assert "f:replicas" not in found["me/Update"]["f:spec"]


async def test_binding_is_nobodys(api: Api) -> None:
    path = api.path("pods", "x")
    await api.post(api.path("pods"), pod("x"), query={"fieldManager": "me"})

    await api.post(f"{path}/binding", {"target": {"name": "n"}}, query={"fieldManager": "scheduler"})

    assert list(await owners(api, path)) == ["me/Update"]


async def test_object_that_is_sent_back_with_its_owners_is_no_change(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})
    seen = await api.get(path)

    stored = await api.send("PUT", path, seen, query={"fieldManager": "other"})

    assert stored.body == seen


async def test_changed_object_that_is_sent_back_with_its_owners_changes_hands_as_any_other(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})
    seen = await api.get(path)

    await api.send("PUT", path, {**seen, "data": {"a": "1", "b": "2"}}, query={"fieldManager": "me"})

    assert await owners(api, path) == {"me/Update": {"f:data": {".": {}, "f:a": {}, "f:b": {}}}}
    assert "managedFields" not in (await api.get(api.path("configmaps")))["items"][0]["metadata"]


@pytest.mark.parametrize("reset", [[], [{}]])
async def test_owners_are_forgotten_when_the_client_asks(api: Api, reset: list[Plain]) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})

    await patch(api, path, {"metadata": {"managedFields": reset}})

    assert await owners(api, path) == {}


async def test_object_without_owners_belongs_to_who_was_there_before_the_first_apply(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1", b="2"))
    await patch(api, path, {"metadata": {"managedFields": [{}]}})

    await patch(api, path, config_map("x", a="1"), "me", "application/apply-patch+yaml")

    assert await owners(api, path) == {
        "me/Apply": {"f:data": {"f:a": {}}},
        "before-first-apply/Update": {"f:data": {".": {}, "f:a": {}, "f:b": {}}},
    }


async def test_client_may_write_the_owners_itself(api: Api) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "old"})
    entry = (await api.get(path))["metadata"]["managedFields"][0]

    await patch(
        api,
        path,
        [{"op": "replace", "path": "/metadata/managedFields", "value": [{**entry, "manager": "new"}]}],
        content_type=JSON_PATCH,
    )

    assert await owners(api, path) == {"new/Update": entry["fieldsV1"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"manager": "x", "operation": "Seize", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {}},
        {"manager": "x", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV9", "fieldsV1": {}},
        {"manager": "x", "operation": "Update", "fieldsType": "FieldsV1", "fieldsV1": {"f:a": {}}},
        {"manager": "x", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"a": {}}},
        {"manager": "x", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:a": 1}},
    ],
)
async def test_owners_that_are_none_are_passed_over(api: Api, wrong: Plain) -> None:
    path = api.path("configmaps", "x")
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})

    await patch(api, path, {"metadata": {"managedFields": [wrong]}, "data": {"a": "2"}}, "me")

    assert list(await owners(api, path)) == ["me/Update"]


async def test_object_that_comes_with_owners_belongs_to_its_creator(api: Api) -> None:
    path = api.path("configmaps", "x")
    await patch(api, path, config_map("x", a="1"), "me", "application/apply-patch+yaml")
    saved = await api.get(path)
    await api.send("DELETE", path)
    del saved["metadata"]["resourceVersion"], saved["metadata"]["uid"]

    await api.post(api.path("configmaps"), saved, query={"fieldManager": "restorer"})

    assert list(await owners(api, path)) == ["restorer/Update"]


async def test_table_and_metadata_of_one_object_are_made_of_the_same(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("x", a="1"), query={"fieldManager": "me"})

    partial = await api.get(
        api.path("configmaps", "x"), accept="application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
    )

    assert [entry["manager"] for entry in partial["metadata"]["managedFields"]] == ["me"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_wrong_options_of_a_write_are_named_together(api: Api, method: str) -> None:
    await api.post(api.path("configmaps"), config_map("x"))
    path = api.path("configmaps") if method == "POST" else api.path("configmaps", "x")
    query = {"fieldManager": "\x01", "dryRun": "Some", "fieldValidation": "Never", "force": "true"}

    content_type = MERGE if method == "PATCH" else "application/json"
    body = json.dumps(config_map("x")).encode()
    error = await api.refusal(method, path, body, query=query, content_type=content_type)

    assert (error.code, error.group) == (422, "meta.k8s.io")
    assert error.kind == {"POST": "CreateOptions", "PUT": "UpdateOptions", "PATCH": "PatchOptions"}[method]
    named = [cause.field for cause in error.causes]
    assert named == [*(["force"] if method == "PATCH" else []), "fieldManager", "dryRun", "fieldValidation"]
