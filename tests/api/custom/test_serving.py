"""A definition becomes kinds, and its end is theirs."""

from typing import Any

from kubernel.testing import ApiServer, eventually

from tests.api.calls import Api, Plain
from tests.api.custom.definitions import DEFINITIONS, definition, serve, status_of, version

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
MERGE = "application/merge-patch+json"


async def test_objects_are_served_once_their_definition_is_established(api: Api) -> None:
    served = await serve(api, definition(version(properties={"size": {"type": "integer"}})))

    made = await served.create("a", {"size": 3})

    assert made["spec"] == {"size": 3}
    assert made["metadata"]["generation"] == 1
    assert await api.stored(served.objects("a")) == made
    assert (await api.get(served.objects()))["kind"] == "WidgetList"


async def test_definition_names_what_it_got(api: Api) -> None:
    names = {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]}
    served = await serve(api, definition(names=names))

    stored = await api.get(served.path)

    assert stored["status"]["acceptedNames"] == {**names, "singular": "widget", "listKind": "WidgetList"}
    assert stored["status"]["storedVersions"] == ["v1"]
    assert status_of(stored) == {
        "NamesAccepted": ("True", "NoConflicts"),
        "Established": ("True", "InitialNamesAccepted"),
    }


async def test_list_is_called_as_the_definition_says(api: Api) -> None:
    names = {"plural": "widgets", "kind": "Widget", "listKind": "BoxOfWidgets"}
    served = await serve(api, definition(names=names))

    assert (await api.get(served.objects()))["kind"] == "BoxOfWidgets"


async def test_discovery_and_openapi_follow_at_once(api: Api) -> None:
    names = {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]}
    served = await serve(api, definition(version(properties={"size": {"type": "integer"}}), names=names))
    group = served.spec["group"]

    resources = (await api.get(f"/apis/{group}/v1"))["resources"]
    document = await api.get(f"/openapi/v3/apis/{group}/v1")

    assert [r["name"] for r in resources] == ["widgets", "widgets/status"]
    assert resources[0]["shortNames"] == ["wd"]
    schemas: dict[str, Any] = document["components"]["schemas"]
    [widget] = [s for s in schemas.values() if _is(s, "Widget")]
    assert widget["properties"]["spec"]["properties"]["size"] == {"type": "integer"}


def _is(schema: Plain, kind: str) -> bool:
    return any(gvk["kind"] == kind for gvk in schema.get("x-kubernetes-group-version-kind", ()))


async def test_status_is_written_through_its_subresource_alone(api: Api) -> None:
    made = version(properties={"size": {"type": "integer"}})
    made["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"] = {"ready": {"type": "boolean"}}
    served = await serve(api, definition(made))
    created = await served.create("a", {"size": 1}, status={"ready": True})

    body = {"spec": {"size": 9}, "status": {"ready": True}}
    patched = (await api.send("PATCH", served.objects("a", "status"), body, content_type=MERGE)).body
    again = (await api.send("PATCH", served.objects("a"), {"spec": {"size": 2}}, content_type=MERGE)).body

    assert "status" not in created
    assert (patched["spec"], patched["status"]) == ({"size": 1}, {"ready": True})
    assert patched["metadata"]["generation"] == 1
    assert (again["spec"], again["status"], again["metadata"]["generation"]) == ({"size": 2}, {"ready": True}, 2)


async def test_scale_reads_and_writes_the_named_fields(api: Api) -> None:
    scale = {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size", "labelSelectorPath": ".status.l"}
    made = version(properties={"size": {"type": "integer"}}, subresources={"status": {}, "scale": scale})
    served = await serve(api, definition(made))
    await served.create("a", {"size": 2})

    body = {"spec": {"replicas": 5}}
    answer = (await api.send("PATCH", served.objects("a", "scale"), body, content_type=MERGE)).body

    assert answer["spec"] == {"replicas": 5}
    assert (await api.get(served.objects("a")))["spec"] == {"size": 5}


async def test_table_has_the_columns_of_the_definition(api: Api) -> None:
    columns = [
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Ready", "type": "string", "jsonPath": '.spec.conditions[?(@.type=="Ready")].status', "priority": 1},
        {"name": "Since", "type": "date", "jsonPath": ".spec.since"},
    ]
    made = version(properties={}, additionalPrinterColumns=columns)
    made["schema"]["openAPIV3Schema"]["properties"]["spec"] = {
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": True,
    }
    served = await serve(api, definition(made))
    conditions = [{"type": "Ready", "status": "True"}]
    await served.create("a", {"size": 3, "conditions": conditions, "since": "never"})

    table = await api.get(served.objects(), accept=TABLE)

    assert [c["name"] for c in table["columnDefinitions"]] == ["Name", "Size", "Ready", "Since"]
    assert [c["priority"] for c in table["columnDefinitions"]] == [0, 0, 1, 0]
    assert table["rows"][0]["cells"] == ["a", 3, "True", "<invalid>"]


async def test_second_definition_of_a_name_waits_until_the_first_goes(api: Api) -> None:
    first = await serve(api, definition())
    second = definition(plural="gadgets", group=first.spec["group"])
    await api.post(DEFINITIONS, second)
    path = f"{DEFINITIONS}/{second['metadata']['name']}"

    async def refused() -> bool:
        return status_of(await api.get(path)) == {
            "NamesAccepted": ("False", "ListKindConflict"),
            "Established": ("False", "NotAccepted"),
        }

    async def established() -> bool:
        return status_of(await api.get(path)).get("Established") == ("True", "InitialNamesAccepted")

    await eventually(refused, "the second definition is refused its names")
    await api.send("DELETE", first.path)

    await eventually(established, "the second definition gets its names")


async def test_deletion_of_a_definition_removes_its_objects_first(api: Api) -> None:
    served = await serve(api, definition())
    await served.create("plain")
    held = await served.create("held", metadata={"name": "held", "finalizers": ["example.com/hold"]})

    await api.send("DELETE", served.path)

    async def only_held() -> bool:
        names = [item["metadata"]["name"] for item in (await api.get(served.objects()))["items"]]
        return names == ["held"]

    async def in_progress() -> bool:
        return status_of(await api.get(served.path))["Terminating"] == ("True", "InstanceDeletionInProgress")

    await eventually(only_held, "the object without finalizers is gone")
    await eventually(in_progress, "the definition says what it waits for")
    refusal = await api.refusal("POST", served.objects(), served.make("late"))
    assert refusal.code == 405
    patch = {"metadata": {"finalizers": None, "uid": held["metadata"]["uid"]}}
    await api.send("PATCH", served.objects("held"), patch, content_type=MERGE)

    async def gone() -> bool:
        return (await api.refusal("GET", served.path)).code == 404

    await eventually(gone, "the definition is gone")
    assert (await api.refusal("GET", served.objects())).code == 404


async def test_definition_and_objects_survive_a_restart(tmp_path_factory: Any) -> None:
    with ApiServer(tmp_path_factory.mktemp("restart")) as server:
        async with server.client() as client:
            api = Api(client, "default")
            served = await serve(api, definition())
            made = await served.create("a", {})
        server.kill()
        server.start()
        async with server.client() as client:
            assert await Api(client, "default").stored(served.objects("a")) == made
