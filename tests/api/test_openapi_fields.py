"""OpenAPI has every field of every built-in kind: with a type that leads somewhere, and a description."""

from collections.abc import Iterator
from typing import Any

import pytest
from kubernel.api.openapi import v2, v3
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN

from tests.api.calls import Api, Plain

_SCHEMAS = "#/components/schemas/"
_EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
UNDESCRIBED = {
    f"{_EXTENSIONS}.JSONSchemaProps",
    f"{_EXTENSIONS}.ExternalDocumentation",
    "io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource",
}
"""Types of which upstream describes only some of the fields."""


def named(value: Plain) -> str:
    """Return the name of the schema that a field refers to; empty when its type stands there itself."""
    reference = value.get("$ref") or next((part["$ref"] for part in value.get("allOf", [])), "")
    return str(reference).removeprefix(_SCHEMAS)


def leads_somewhere(value: Plain, schemas: Plain) -> bool:
    """Whether a field's type is known, down to its items."""
    if name := named(value):
        return name in schemas
    if value.get("type") == "array":
        return leads_somewhere(value["items"], schemas)
    return "type" in value or "oneOf" in value


def fields(name: str, schemas: Plain, seen: set[str]) -> Iterator[tuple[str, str, Plain]]:
    """Yield every field of a type and of all below it: the type's name, the field's, its schema."""
    if name in seen:
        return
    seen.add(name)
    for field, value in schemas[name].get("properties", {}).items():
        yield name, field, value
        inner = value
        while inner.get("items") or isinstance(inner.get("additionalProperties"), dict):
            inner = inner.get("items") or inner["additionalProperties"]
        if below := named(inner):
            yield from fields(below, schemas, seen)


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: f"{kind.api_version}-{kind.name}")
def test_every_field_of_a_kind_is_explained(kind: Kind[Any]) -> None:
    schemas = v3.document([kind])["components"]["schemas"]
    gvk = {"group": kind.group, "kind": kind.name, "version": kind.version}
    (name,) = [name for name, schema in schemas.items() if gvk in schema.get("x-kubernetes-group-version-kind", [])]

    found = list(fields(name, schemas, set()))

    assert {field for owner, field, _ in found if owner == name} >= {"apiVersion", "kind"}
    assert schemas[name]["description"]
    assert [(owner, field) for owner, field, value in found if not leads_somewhere(value, schemas)] == []
    silent = [(owner, field) for owner, field, value in found if not value.get("description")]
    assert [(owner, field) for owner, field in silent if owner not in UNDESCRIBED] == []


PARAMETERS = [
    ("pods/{name}/log", "get", {"container", "follow", "previous", "sinceSeconds", "sinceTime", "tailLines", "stream"}),
    ("pods/{name}/exec", "post", {"command", "container", "stderr", "stdin", "stdout", "tty"}),
    ("pods/{name}/attach", "get", {"container", "stderr", "stdin", "stdout", "tty"}),
    ("pods/{name}/portforward", "get", {"ports"}),
    ("pods/{name}/proxy", "get", set()),
    ("services/{name}/proxy/{path}", "delete", set()),
]


@pytest.mark.parametrize(("rest", "method", "parameters"), PARAMETERS)
async def test_connections_and_logs_say_what_they_take(api: Api, rest: str, method: str, parameters: set[str]) -> None:
    path = f"/api/v1/namespaces/{{namespace}}/{rest}"
    document = await api.get("/openapi/v3/api/v1")
    older = (await api.get("/openapi/v2"))["paths"][path]

    item = document["paths"][path]

    assert parameters <= {parameter["name"] for parameter in item[method]["parameters"]}
    assert parameters <= {parameter["name"] for parameter in older[method]["parameters"]}
    assert ("path" in {parameter["name"] for parameter in item["parameters"]}) == path.endswith("{path}")
    assert item[method]["x-kubernetes-action"] == ("get" if path.endswith("/log") else "connect")


async def test_proxy_takes_every_method_with_a_path_and_without(api: Api) -> None:
    paths = (await api.get("/openapi/v3/api/v1"))["paths"]

    for path in ("/api/v1/nodes/{name}/proxy", "/api/v1/nodes/{name}/proxy/{path}"):
        assert paths[path].keys() - {"parameters"} == {"delete", "get", "head", "options", "patch", "post", "put"}
    assert paths["/api/v1/nodes/{name}/proxy/{path}"]["get"]["operationId"] == "connectCoreV1GetNodeProxyWithPath"


def test_both_forms_have_the_same_operations() -> None:
    kinds = list(BUILTIN)

    newer, older = v3.document(kinds)["paths"], v2.document(kinds)["paths"]

    assert {path: item.keys() for path, item in newer.items()} == {path: item.keys() for path, item in older.items()}
