"""Discovery and OpenAPI: what clients look for before they do anything."""

from tests.api.calls import Api

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


async def test_discovery_in_its_aggregated_form(api: Api) -> None:
    said = await api.send("GET", "/api", accept=AGGREGATED)

    pods = next(r for r in said.body["items"][0]["versions"][0]["resources"] if r["resource"] == "pods")
    assert said.headers["content-type"] == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    assert (pods["shortNames"], pods["categories"], pods["singularResource"]) == (["po"], ["all"], "pod")
    assert {s["subresource"] for s in pods["subresources"]} == {"status", "binding", "log"}


async def test_discovery_in_its_older_form(api: Api) -> None:
    core = await api.get("/api/v1")
    groups = await api.get("/apis")

    names = {resource["name"] for resource in core["resources"]}
    assert {"pods", "pods/log", "replicationcontrollers/scale", "services"} <= names
    assert [group["name"] for group in groups["groups"]] == ["coordination.k8s.io", "kubernel.dev"]
    assert (await api.get("/apis/kubernel.dev/v1"))["resources"][0]["kind"] == "Plugin"
    assert (await api.refusal("GET", "/apis/nowhere")).code == 404


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


async def test_version_is_the_kubernetes_release_whose_api_this_is(api: Api) -> None:
    version = await api.get("/version")

    assert (version["major"], version["minor"]) == ("1", "37")
    assert version["gitVersion"].startswith("v1.37.")


async def test_health_and_metrics(api: Api) -> None:
    for path in ("/healthz", "/livez", "/readyz"):
        assert (await api.client.request("GET", path, accept="*/*")).body == b"ok"
    metrics = (await api.client.request("GET", "/metrics", accept="*/*")).body.decode()

    assert 'apiserver_request_total{code="201",resource="namespaces",subresource="",verb="create"}' in metrics
    assert "apiserver_request_duration_seconds_bucket" in metrics
