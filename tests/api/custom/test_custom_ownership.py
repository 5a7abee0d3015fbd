"""Ownership of custom resources' fields: their schemas say what is owned one by one."""

import json
from typing import Any

from tests.api.calls import Api, Plain, Said
from tests.api.custom.definitions import Served, definition, serve, version

PROPERTIES: Plain = {
    "size": {"type": "integer"},
    "color": {"type": "string"},
    "doors": {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["side"],
        "items": {
            "type": "object",
            "required": ["side"],
            "properties": {"side": {"type": "string"}, "width": {"type": "integer"}},
        },
    },
    "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
}


async def apply(api: Api, served: Served, obj: Plain, manager: str, *rest: str, **query: str) -> Said:
    name, group_version = obj["metadata"]["name"], obj["apiVersion"].rpartition("/")[2]
    path = served.objects(name, *rest, version=group_version)
    content_type = "application/apply-patch+yaml"
    options = {"fieldManager": manager, **query}
    return await api.send("PATCH", path, json.dumps(obj).encode(), query=options, content_type=content_type)


async def refusal(api: Api, served: Served, obj: Any, content_type: str) -> str:
    error = await api.refusal(
        "PATCH",
        served.objects("a"),
        json.dumps(obj).encode(),
        query={"fieldManager": "b"},
        content_type=content_type,
    )
    return f"{error.code}: {error.message}"


def owned(obj: Plain, manager: str) -> list[Plain]:
    return [entry["fieldsV1"] for entry in obj["metadata"]["managedFields"] if entry["manager"] == manager]


async def test_fields_are_owned_as_the_schema_says(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))
    spec = {"size": 1, "doors": [{"side": "left", "width": 2}], "whole": {"a": "b"}, "free": {"x": {"y": [1]}}}

    said = await apply(api, served, served.make("a", spec), "a")

    assert said.code == 201
    assert owned(said.body, "a") == [
        {
            "f:spec": {
                "f:size": {},
                "f:doors": {'k:{"side":"left"}': {".": {}, "f:side": {}, "f:width": {}}},
                "f:whole": {},
                "f:free": {"f:x": {".": {}, "f:y": {}}},
            }
        }
    ]


async def test_two_appliers_share_a_list_and_conflict_in_an_element(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))
    await apply(api, served, served.make("a", {"doors": [{"side": "left", "width": 2}]}), "a")

    both = await apply(api, served, served.make("a", {"doors": [{"side": "right", "width": 3}]}), "b")
    said = await refusal(
        api, served, served.make("a", {"doors": [{"side": "left", "width": 3}]}), "application/apply-patch+yaml"
    )

    assert [door["side"] for door in both.body["spec"]["doors"]] == ["left", "right"]
    assert said == '409: Apply failed with 1 conflict: conflict with "a": .spec.doors[side="left"].width'


async def test_apply_removes_what_it_says_no_longer(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))
    doors = [{"side": "left"}, {"side": "right"}]
    await apply(api, served, served.make("a", {"size": 1, "doors": doors, "free": {"x": 1, "y": 2}}), "a")

    said = await apply(api, served, served.make("a", {"doors": doors[1:], "free": {"y": 2}}), "a")

    assert said.body["spec"] == {"doors": doors[1:], "free": {"y": 2}}


async def test_unknown_field_of_an_apply_is_refused(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))

    said = await refusal(api, served, served.make("a", {"shape": "round"}), "application/apply-patch+yaml")

    assert said.startswith("400: failed to create typed patch object (")
    assert said.endswith(", Kind=Widget): .spec.shape: field not declared in schema")


async def test_creator_owns_the_whole_object_with_its_spec(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))

    await served.create("a", {"size": 1})

    fields = owned(await api.get(served.objects("a")), "kubernel-test")
    assert fields == [{"f:spec": {".": {}, "f:size": {}}}]


async def test_owner_in_another_served_version_is_known_by_the_names_of_its_fields(api: Api) -> None:
    older = version("v1alpha1", properties=PROPERTIES)
    newer = version("v1", properties=PROPERTIES, storage=False)
    served = await serve(api, definition(older, newer))
    await apply(api, served, served.make("a", {"size": 1, "color": "red"}), "a")

    changed = served.make("a", {"size": 2, "color": "red"}, version="v1")
    moved = await apply(api, served, changed, "a")
    other = await refusal(api, served, served.make("a", {"size": 3}), "application/apply-patch+yaml")

    assert moved.body["spec"] == {"size": 2, "color": "red"}
    assert [entry["apiVersion"].rpartition("/")[2] for entry in moved.body["metadata"]["managedFields"]] == ["v1"]
    assert other == '409: Apply failed with 1 conflict: conflict with "a": .spec.size'


async def test_strategic_patch_of_a_custom_resource_is_no_media_type(api: Api) -> None:
    served = await serve(api, definition(version(properties=PROPERTIES)))
    await served.create("a", {"size": 1})

    said = await refusal(api, served, {"spec": {"size": 2}}, "application/strategic-merge-patch+json")

    assert said == (
        "415: the body of the request was in an unknown format - accepted media types include: "
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
    )
