"""Create, update and patch over HTTP: what is stored, and what is refused in which words."""

import asyncio

from tests.api.calls import Api, config_map, controller, pod

MERGE, STRATEGIC, JSON_PATCH = (
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/json-patch+json",
)


async def test_create_answers_with_what_is_stored(api: Api) -> None:
    created = await api.post(api.path("pods"), pod("web"))

    assert created == await api.stored(api.path("pods", "web"))
    assert created["status"]["phase"] == "Pending"
    assert created["metadata"]["generation"] == 1


async def test_create_invents_a_name(api: Api) -> None:
    body = config_map("x")
    body["metadata"] = {"generateName": "job-"}

    names = {(await api.post(api.path("configmaps"), body))["metadata"]["name"] for _ in range(3)}

    assert len(names) == 3
    assert all(name.startswith("job-") and len(name) == 9 for name in names)


async def test_create_refuses_a_name_that_is_taken(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    error = await api.refusal("POST", api.path("configmaps"), config_map("a"))

    assert (error.code, error.reason, error.message) == (409, "AlreadyExists", 'configmaps "a" already exists')
    assert (error.name, error.kind) == ("a", "configmaps")


async def test_create_refuses_a_namespace_that_is_not_there(api: Api) -> None:
    error = await api.refusal("POST", "/api/v1/namespaces/nowhere/pods", pod("web"))

    assert (error.code, error.message) == (404, 'namespaces "nowhere" not found')


async def test_create_refuses_an_object_that_names_a_revision(api: Api) -> None:
    body = config_map("a")
    body["metadata"]["resourceVersion"] = "5"

    error = await api.refusal("POST", api.path("configmaps"), body)

    assert (error.code, error.message) == (400, "resourceVersion should not be set on objects to be created")


async def test_create_names_every_broken_field(api: Api) -> None:
    body = controller("web", -1)
    body["spec"]["selector"] = {"app": "other"}

    error = await api.refusal("POST", api.path("replicationcontrollers"), body)

    assert (error.code, error.reason, error.kind) == (422, "Invalid", "ReplicationController")
    assert {cause.field for cause in error.causes} == {"spec.replicas", "spec.template.metadata.labels"}
    assert "spec.replicas: Invalid value: -1: must be greater than or equal to 0" in error.message


async def test_create_refuses_an_object_that_is_too_large(api: Api) -> None:
    body = pod("web")
    body["spec"]["containers"][0]["args"] = ["x" * (1600 * 1024)]

    error = await api.refusal("POST", api.path("pods"), body)

    assert (error.code, error.reason) == (413, "RequestEntityTooLarge")


async def test_create_refuses_a_body_that_is_too_large(api: Api) -> None:
    error = await api.refusal("POST", api.path("configmaps"), b" " * (4 * 2**20))
    # The refusal came before the body was sent; the next answers give the closing connection time to let go of it.
    for _ in range(5):
        await api.get("/version")

    assert (error.code, error.message) == (413, "Request entity too large: limit is 3145728")


async def test_create_warns_of_unknown_fields_unless_told_otherwise(api: Api) -> None:
    body = pod("web", colour="blue")
    body["spec"]["containers"][0]["imagee"] = "x"

    warned = await api.send("POST", api.path("pods"), body)
    strict = await api.refusal("POST", api.path("pods"), pod("b", colour="blue"), query={"fieldValidation": "Strict"})
    ignored = await api.send("POST", api.path("pods"), pod("c", colour="blue"), query={"fieldValidation": "Ignore"})

    assert warned.code == 201
    assert 'unknown field \\"spec.colour\\"' in warned.headers["warning"]
    assert "colour" not in warned.body["spec"]
    assert (strict.code, "warning" in ignored.headers) == (400, False)
    assert strict.message.endswith('strict decoding error: unknown field "spec.colour"')


async def test_create_stores_nothing_in_a_dry_run(api: Api) -> None:
    said = await api.send("POST", api.path("configmaps"), config_map("a"), query={"dryRun": "All"})

    assert said.code == 201
    assert (await api.refusal("GET", api.path("configmaps", "a"))).code == 404


async def test_create_takes_yaml(api: Api) -> None:
    text = b"metadata: {name: a}\ndata:\n  when: 2026-01-01\n"

    created = await api.post(api.path("configmaps"), text, content_type="application/yaml")

    assert created["data"] == {"when": "2026-01-01"}


async def test_update_refuses_a_stale_revision(api: Api) -> None:
    first = await api.post(api.path("configmaps"), config_map("a", k="1"))
    await api.send("PUT", api.path("configmaps", "a"), {**first, "data": {"k": "2"}})

    error = await api.refusal("PUT", api.path("configmaps", "a"), {**first, "data": {"k": "3"}})

    assert (error.code, error.reason) == (409, "Conflict")
    assert error.message == (
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )


async def test_update_without_a_revision_always_works(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a", k="1"))

    said = await api.send("PUT", api.path("configmaps", "a"), config_map("a", k="2"))

    assert said.body["data"] == {"k": "2"}


async def test_update_refuses_another_name(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    error = await api.refusal("PUT", api.path("configmaps", "a"), config_map("b"))

    assert error.code == 400
    assert "does not match the name on the URL (a)" in error.message


async def test_update_that_changes_nothing_makes_no_revision(api: Api) -> None:
    first = await api.post(api.path("configmaps"), config_map("a", k="1"))

    said = await api.send("PUT", api.path("configmaps", "a"), config_map("a", k="1"))

    assert said.body == first


async def test_status_and_spec_are_written_apart(api: Api) -> None:
    made = await api.post(api.path("replicationcontrollers"), controller("web", 2))
    path = api.path("replicationcontrollers", "web")

    both = {**made, "spec": {**made["spec"], "replicas": 5}, "status": {"replicas": 4}}
    whole = (await api.send("PUT", path, both)).body
    status = (await api.send("PUT", f"{path}/status", {**whole, "status": {"replicas": 3}, "spec": made["spec"]})).body

    assert (whole["spec"]["replicas"], whole["status"].get("replicas", 0)) == (5, 0)
    assert (status["spec"]["replicas"], status["status"]["replicas"]) == (5, 3)
    assert (whole["metadata"]["generation"], status["metadata"]["generation"]) == (2, 2)


async def test_patch_in_its_three_forms(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    path = api.path("pods", "web")

    await api.send("PATCH", path, {"metadata": {"labels": {"a": "1", "app": None}}}, content_type=MERGE)
    operations = [{"op": "add", "path": "/metadata/labels/b", "value": "2"}]
    await api.send("PATCH", path, operations, content_type=JSON_PATCH)
    changed = {"spec": {"containers": [{"name": "main", "image": "other"}]}}
    patched = (await api.send("PATCH", path, changed, content_type=STRATEGIC)).body

    assert patched["metadata"]["labels"] == {"a": "1", "b": "2"}
    assert [(c["name"], c["image"]) for c in patched["spec"]["containers"]] == [("main", "other")]


async def test_concurrent_patches_all_count(api: Api) -> None:
    await api.post(api.path("configmaps"), config_map("a"))

    await asyncio.gather(
        *(
            api.send("PATCH", api.path("configmaps", "a"), {"data": {f"k{i}": "v"}}, content_type=MERGE)
            for i in range(15)
        )
    )

    assert len((await api.get(api.path("configmaps", "a")))["data"]) == 15


async def test_patch_with_a_stale_revision_is_refused(api: Api) -> None:
    first = await api.post(api.path("configmaps"), config_map("a", k="1"))
    stale = {"metadata": {"resourceVersion": first["metadata"]["resourceVersion"]}, "data": {"k": "2"}}
    await api.send("PATCH", api.path("configmaps", "a"), stale, content_type=MERGE)

    error = await api.refusal("PATCH", api.path("configmaps", "a"), stale, content_type=MERGE)

    assert error.code == 409
