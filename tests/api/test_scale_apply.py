"""Server-side apply of a Scale: it owns the wanted number of the object behind it, and nothing else."""

import json
from typing import Any

import pytest

from tests.api.calls import Api, Plain, Said, controller
from tests.api.custom.definitions import definition, serve, version

APPLY = "application/apply-patch+yaml"


def scale(replicas: int | None = None, **metadata: str) -> Plain:
    spec = {} if replicas is None else {"replicas": replicas}
    return {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web", **metadata}, "spec": spec}


async def apply(api: Api, body: Plain, manager: str = "scaler", path: str = "", **query: str) -> Said:
    path = path or api.path("replicationcontrollers", "web", "scale")
    options = {"fieldManager": manager, **query}
    return await api.send("PATCH", path, json.dumps(body).encode(), query=options, content_type=APPLY)


async def made(api: Api, replicas: int = 2) -> str:
    await api.post(api.path("replicationcontrollers"), controller("web", replicas), query={"fieldManager": "maker"})
    return api.path("replicationcontrollers", "web")


async def owned(api: Api, path: str) -> list[tuple[str, str, str, Any]]:
    entries = (await api.get(path))["metadata"]["managedFields"]
    return [
        (e["manager"], e["operation"], e["apiVersion"], e["fieldsV1"])
        for e in entries
        if e.get("subresource") == "scale"
    ]


async def test_apply_of_a_scale_takes_the_number_by_force_and_owns_it(api: Api) -> None:
    path = await made(api)

    said = await apply(api, scale(5), force="true")

    assert (said.code, said.body["kind"], said.body["spec"]) == (200, "Scale", {"replicas": 5})
    assert await owned(api, path) == [("scaler", "Apply", "v1", {"f:spec": {"f:replicas": {}}})]
    found = await api.get(path)
    assert (found["spec"]["replicas"], found["spec"]["selector"]) == (5, {"app": "web"})
    others = [e["fieldsV1"]["f:spec"] for e in found["metadata"]["managedFields"] if e["manager"] == "maker"]
    assert "f:replicas" not in others[0]


async def test_apply_of_a_scale_conflicts_with_who_owns_the_number(api: Api) -> None:
    path = await made(api)

    body = json.dumps(scale(5)).encode()
    error = await api.refusal("PATCH", f"{path}/scale", body, query={"fieldManager": "me"}, content_type=APPLY)

    assert (error.code, error.reason) == (409, "Conflict")
    assert 'conflict with "maker"' in error.message
    assert [cause.field for cause in error.causes] == [".spec.replicas"]


async def test_apply_of_the_number_that_is_there_owns_it_together(api: Api) -> None:
    path = await made(api)

    await apply(api, scale(2))

    assert [entry[0] for entry in await owned(api, path)] == ["scaler"]
    found = (await api.get(path))["metadata"]["managedFields"]
    assert "f:replicas" in next(e["fieldsV1"]["f:spec"] for e in found if e["manager"] == "maker")


async def test_apply_of_a_scale_without_a_number_gives_it_up(api: Api) -> None:
    path = await made(api)
    await apply(api, scale(2))

    await apply(api, scale())

    assert await owned(api, path) == []
    assert (await api.get(path))["spec"]["replicas"] == 2


async def test_apply_of_a_scale_as_a_dry_run_stores_nothing(api: Api) -> None:
    path = await made(api)

    said = await apply(api, scale(7), force="true", dryRun="All")

    assert said.body["spec"] == {"replicas": 7}
    assert (await api.get(path))["spec"]["replicas"] == 2


REFUSED: list[tuple[Plain, Plain, str]] = [
    ({"kind": "Pod", "apiVersion": "v1"}, {"fieldManager": "m"}, "400 BadRequest: invalid object type: /v1, Kind=Pod"),
    (scale(-1), {"fieldManager": "m"}, '422 Invalid: Scale.autoscaling "web" is invalid: spec.replicas: Invalid value'),
    (scale(1, uid="other"), {"fieldManager": "m"}, "409 Conflict: Operation cannot be fulfilled"),
    (scale(1, resourceVersion="1"), {"fieldManager": "m"}, "409 Conflict: Operation cannot be fulfilled"),
    (scale(1) | {"spec": {"size": 1}}, {"fieldManager": "m"}, "400 BadRequest: failed to create typed patch object"),
    (scale(1), {}, '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value'),
    (scale(1), {"fieldManager": "m", "dryRun": "Some"}, "422 Invalid: PatchOptions.meta.k8s.io"),
]


@pytest.mark.parametrize(("body", "query", "said"), REFUSED)
async def test_apply_of_a_scale_is_refused(api: Api, body: Plain, query: Plain, said: str) -> None:
    path = await made(api)

    error = await api.refusal("PATCH", f"{path}/scale", json.dumps(body).encode(), query=query, content_type=APPLY)

    assert f"{error.code} {error.reason}: {error.message}".startswith(said)


async def test_apply_of_a_scale_of_nothing_makes_nothing(api: Api) -> None:
    path = api.path("replicationcontrollers", "web", "scale")

    error = await api.refusal("PATCH", path, b"{}", query={"fieldManager": "m"}, content_type=APPLY)
    missing = await api.refusal(
        "PATCH", path, json.dumps(scale(1)).encode(), query={"fieldManager": "m"}, content_type=APPLY
    )

    assert (error.code, missing.code) == (400, 404)


async def test_apply_of_a_scale_owns_the_field_that_a_definition_names(api: Api) -> None:
    paths = {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}
    kind = version(properties={"size": {"type": "integer"}}, subresources={"status": {}, "scale": paths})
    served = await serve(api, definition(kind))
    await served.create("web", {"size": 2})

    await apply(api, scale(4), path=served.objects("web", "scale"), force="true")

    assert (await api.get(served.objects("web")))["spec"] == {"size": 4}
    assert [entry[3] for entry in await owned(api, served.objects("web"))] == [{"f:spec": {"f:size": {}}}]
