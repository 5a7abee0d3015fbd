"""OpenAPI: what kubectl validates with, patches with and explains."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator

from tests.api.calls import Api, Plain

V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"


async def test_openapi_names_what_kubectl_needs(api: Api) -> None:
    index = await api.get("/openapi/v3")
    url, _, query = index["paths"]["api/v1"]["serverRelativeURL"].partition("?")

    document = await api.get(url, query=dict([query.split("=")]))

    patch = document["paths"]["/api/v1/namespaces/{namespace}/pods/{name}"]["patch"]
    container = document["components"]["schemas"]["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "", "version": "v1", "kind": "Pod"}
    assert "fieldValidation" in {parameter["name"] for parameter in patch["parameters"]}
    assert "application/strategic-merge-patch+json" in patch["requestBody"]["content"]
    assert container["x-kubernetes-patch-merge-key"] == "name"
    assert "List of containers belonging to the pod" in container["description"]


async def test_openapi_refers_only_to_what_it_holds(api: Api) -> None:
    for path in (await api.get("/openapi/v3"))["paths"]:
        document = await api.get(f"/openapi/v3/{path}")
        schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

        assert set(_references(document)) <= schemas


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for child in value.values() for ref in _references(child)]
    if isinstance(value, list):
        return [ref for child in value for ref in _references(child)]
    return []


async def test_openapi_document_of_every_group_is_valid(api: Api) -> None:
    for path in (await api.get("/openapi/v3"))["paths"]:
        document = await api.get(f"/openapi/v3/{path}")

        assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []
        assert _duplicates(document) == []


def _duplicates(document: Plain) -> list[str]:
    ids = [
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    return sorted({name for name in ids if ids.count(name) > 1})


async def test_openapi_v2_holds_every_group_and_is_valid(api: Api) -> None:
    document = await api.get("/openapi/v2")

    assert {"/api/v1/namespaces/{namespace}/pods", "/apis/coordination.k8s.io/v1/leases"} <= document["paths"].keys()
    assert "io.k8s.api.core.v1.PodList" in document["definitions"]
    assert list(OpenAPIV2SpecValidator(document).iter_errors()) == []


async def test_openapi_v2_in_protobuf_has_the_content_type_that_kubectl_can_parse(api: Api) -> None:
    answer = await api.client.request("GET", "/openapi/v2", accept=V2_PROTOBUF)

    assert answer.headers["Content-Type"] == V2_PROTOBUF.replace("@", ".")
    assert answer.body.startswith(b"\n\x032.0")


@pytest.mark.parametrize(
    ("schema", "field", "expected"),
    [
        ("core.v1.ContainerPort", "containerPort", {"type": "integer", "format": "int32"}),
        ("core.v1.ResourceRequirements", "limits", {"type": "object"}),
        ("core.v1.Secret", "data", {"additionalProperties": {"type": "string", "format": "byte"}}),
        ("core.v1.PodSpec", "containers", {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}),
        ("core.v1.ServiceSpec", "ports", {"x-kubernetes-list-map-keys": ["port", "protocol"]}),
        ("core.v1.ContainerPort", "protocol", {"default": "TCP", "enum": ["SCTP", "TCP", "UDP"]}),
        ("core.v1.Toleration", "effect", {"enum": ["NoExecute", "NoSchedule", "PreferNoSchedule"]}),
    ],
)
async def test_openapi_says_what_the_published_types_say(
    api: Api, schema: str, field: str, expected: dict[str, Any]
) -> None:
    document = await api.get("/openapi/v3/api/v1")

    found = document["components"]["schemas"][f"io.k8s.api.{schema}"]["properties"][field]

    assert {key: found.get(key) for key in expected} == expected


async def test_openapi_document_is_kept_for_ever_under_its_hash_and_found_from_an_old_one(api: Api) -> None:
    url = (await api.get("/openapi/v3"))["paths"]["api/v1"]["serverRelativeURL"]
    path, _, query = url.partition("?hash=")

    current = await api.client.request("GET", path, query={"hash": query})
    stale = await api.client.request("GET", path, query={"hash": "0" * 32})

    assert "immutable" in current.headers["Cache-Control"]
    assert current.headers["ETag"] == f'"{query}"'
    assert (stale.status, stale.headers["Location"]) == (301, url)
