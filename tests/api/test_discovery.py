"""Discovery: what clients look for before they do anything."""

from tests.api.calls import Api

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


async def test_discovery_in_its_aggregated_form(api: Api) -> None:
    said = await api.send("GET", "/api", accept=AGGREGATED)

    pods = next(r for r in said.body["items"][0]["versions"][0]["resources"] if r["resource"] == "pods")
    assert said.headers["content-type"] == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    assert (pods["shortNames"], pods["categories"], pods["singularResource"]) == (["po"], ["all"], "pod")
    assert {"status", "binding", "log"} <= {s["subresource"] for s in pods["subresources"]}


async def test_discovery_in_the_beta_of_its_aggregated_form_for_older_clients(api: Api) -> None:
    accept = AGGREGATED.replace("v=v2", "v=v2beta1")

    said = await api.send("GET", "/apis", accept=accept)

    assert said.body["apiVersion"] == "apidiscovery.k8s.io/v2beta1"
    assert "v=v2beta1" in said.headers["content-type"]


async def test_discovery_is_not_sent_again_to_who_has_it(api: Api) -> None:
    tag = (await api.send("GET", "/apis", accept=AGGREGATED)).headers["etag"]

    again = await api.send("GET", "/apis", accept=AGGREGATED, headers={"If-None-Match": tag})

    assert (again.code, again.body) == (304, {})


async def test_discovery_in_its_older_form(api: Api) -> None:
    core = await api.get("/api/v1")
    groups = await api.get("/apis")

    names = {resource["name"] for resource in core["resources"]}
    assert {"pods", "pods/log", "replicationcontrollers/scale", "services"} <= names
    served = [group["name"] for group in groups["groups"]]
    assert served.index("coordination.k8s.io") < served.index("kubernel.dev")
    assert all(group["preferredVersion"] == group["versions"][0] for group in groups["groups"])
    assert (await api.get("/apis/kubernel.dev/v1"))["resources"][0]["kind"] == "Plugin"
    assert (await api.refusal("GET", "/apis/nowhere")).code == 404


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
