"""Several versions of a definition, and schemas that change while objects exist."""

from typing import Any

from kubernel.testing import ApiServer, eventually

from tests.api.calls import Api, Plain
from tests.api.custom.definitions import definition, schema_of, serve, version

MERGE = "application/merge-patch+json"
TEXT = {"type": "string"}


def _two(stored: str) -> Plain:
    older = version("v1alpha1", {"color": TEXT}, storage=stored == "v1alpha1")
    newer = version("v1", {"color": TEXT, "size": {"type": "integer", "default": 5}}, storage=stored == "v1")
    return definition(older, newer)


async def _change(api: Api, path: str, patch: Plain) -> Plain:
    return (await api.send("PATCH", path, patch, content_type=MERGE)).body


async def _with_schema(api: Api, path: str, spec: Plain) -> None:
    """Give the first version of a definition another schema for its spec."""
    changed = await api.get(path)
    schema_of(changed)["properties"]["spec"] = {"type": "object", **spec}
    await api.send("PUT", path, changed)


async def test_every_served_version_shows_the_same_objects(api: Api) -> None:
    served = await serve(api, _two("v1alpha1"))
    made = await served.create("a", {"color": "red"})

    older, newer = await api.stored(served.objects("a")), await api.stored(served.objects("a", version="v1"))

    group = served.spec["group"]
    assert older == made
    assert newer == {**made, "apiVersion": f"{group}/v1", "spec": {"color": "red", "size": 5}}
    listed = await api.get(served.objects(version="v1"))
    assert listed["apiVersion"] == f"{group}/v1"
    assert listed["items"] == [newer]


async def test_object_is_stored_in_the_storage_version_whoever_writes(api: Api) -> None:
    served = await serve(api, _two("v1"))

    made = await served.create("a", {"color": "red"})
    newer = await api.get(served.objects("a", version="v1"))
    changed = await _change(api, served.objects("a"), {"spec": {"color": "blue"}})

    assert made["apiVersion"].endswith("/v1alpha1")
    assert newer["spec"] == {"color": "red", "size": 5}
    assert changed["spec"] == {"color": "blue"}
    assert changed["metadata"]["generation"] == 2


async def test_version_that_is_not_served_any_more_is_not_found(api: Api) -> None:
    served = await serve(api, _two("v1"))
    await served.create("a", {"color": "red"})
    stored = await api.get(served.path)
    stored["spec"]["versions"][0]["served"] = False
    await api.send("PUT", served.path, stored)

    assert (await api.refusal("GET", served.objects("a"))).code == 404
    assert (await api.get(served.objects("a", version="v1")))["spec"]["color"] == "red"


async def test_storage_version_moves_and_is_remembered(api: Api) -> None:
    served = await serve(api, _two("v1alpha1"))
    await served.create("a", {"color": "red"})
    stored = await api.get(served.path)
    for each in stored["spec"]["versions"]:
        each["storage"] = each["name"] == "v1"
    moved = (await api.send("PUT", served.path, stored)).body

    assert moved["status"]["storedVersions"] == ["v1alpha1", "v1"]
    assert (await api.get(served.objects("a")))["spec"] == {"color": "red"}
    changed = await _change(api, served.objects("a", version="v1"), {"spec": {"size": 7}})
    assert changed["spec"] == {"color": "red", "size": 7}
    stored["spec"]["versions"] = stored["spec"]["versions"][1:]
    stored["metadata"].pop("resourceVersion")
    refusal = await api.refusal("PUT", served.path, stored)
    assert refusal.causes[0].field == "status.storedVersions[0]"


async def test_deprecated_version_warns(api: Api) -> None:
    older = version("v1beta1", storage=False, deprecated=True)
    served = await serve(api, definition(older, version("v1")))

    warning = (await api.send("GET", served.objects())).headers["warning"]

    group = served.spec["group"]
    assert warning == f'299 - "{group}/v1beta1 Widget is deprecated; use {group}/v1 Widget"'
    assert "warning" not in (await api.send("GET", served.objects(version="v1"))).headers


async def test_changed_schema_holds_for_the_next_request(api: Api) -> None:
    served = await serve(api, definition(version(properties={"color": TEXT})))
    await served.create("a", {"color": "red", "size": 3})

    await _with_schema(api, served.path, {"properties": {"size": {"type": "integer", "default": 1}}})

    assert (await api.get(served.objects("a")))["spec"] == {"size": 1}
    assert (await api.get(served.objects()))["items"][0]["spec"] == {"size": 1}
    assert (await served.create("b", {"color": "red", "size": 3}))["spec"] == {"size": 3}


async def test_new_defaults_are_read_from_old_objects_after_a_restart(tmp_path_factory: Any) -> None:
    with ApiServer(tmp_path_factory.mktemp("restart")) as server:
        async with server.client() as client:
            api = Api(client, "default")
            served = await serve(api, definition(version(properties={})))
            await served.create("a", {})
            await _with_schema(api, served.path, {"properties": {"size": {"type": "integer", "default": 1}}})
        server.kill()
        server.start()
        async with server.client() as client:
            assert (await Api(client, "default").get(served.objects("a")))["spec"] == {"size": 1}


async def test_watch_of_a_changed_kind_can_be_resumed(api: Api) -> None:
    served = await serve(api, definition(version(properties={"color": TEXT})))
    before = await served.create("a", {"color": "red"})
    await _with_schema(api, served.path, {"properties": {"color": TEXT, "size": {"type": "integer"}}})
    await served.create("b", {"size": 2})

    query = f"?watch=true&timeoutSeconds=1&resourceVersion={before['metadata']['resourceVersion']}"
    answer = await api.client.request("GET", served.objects() + query)

    assert answer.body.count(b'"type":"ADDED"') == 1
    assert b'"name":"b"' in answer.body


async def test_what_was_wrong_before_may_stay_but_not_change(api: Api) -> None:
    served = await serve(api, definition(version(properties={"color": TEXT, "size": {"type": "integer"}})))
    await served.create("a", {"color": "red", "size": 1})
    narrow = {"color": {**TEXT, "enum": ["blue"]}, "size": {"type": "integer"}}
    await _with_schema(api, served.path, {"properties": narrow})

    kept = await _change(api, served.objects("a"), {"spec": {"size": 2}})
    refusal = await api.refusal("PATCH", served.objects("a"), {"spec": {"color": "green"}}, content_type=MERGE)

    assert kept["spec"] == {"color": "red", "size": 2}
    assert str(refusal).endswith('spec.color: Unsupported value: "green": supported values: "blue"')


async def test_selectable_fields_select(api: Api) -> None:
    made = version(properties={"color": TEXT}, selectableFields=[{"jsonPath": ".spec.color"}])
    served = await serve(api, definition(made))
    await served.create("a", {"color": "red"})
    await served.create("b", {"color": "blue"})

    found = await api.get(served.objects() + "?fieldSelector=spec.color%3Dblue")
    refusal = await api.refusal("GET", served.objects() + "?fieldSelector=spec.size%3D1")

    assert [item["metadata"]["name"] for item in found["items"]] == ["b"]
    assert refusal.code == 400


async def test_twenty_definitions_of_ten_versions_are_served_soon(api: Api) -> None:
    group = "many.example.com"
    for number in range(20):
        versions = [version(f"v{i}", {"color": TEXT}, storage=i == 1) for i in range(1, 11)]
        made = definition(*versions, plural=f"things{number}", kind=f"Thing{number}", group=group)
        await api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", made)

    async def all_served() -> bool:
        resources = (await api.get(f"/apis/{group}/v10"))["resources"]
        return len([r for r in resources if "/" not in r["name"]]) == 20

    await eventually(all_served, "all are served", timeout_s=5)
