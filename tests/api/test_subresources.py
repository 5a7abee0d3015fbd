"""Scale, binding, log, and what is no subresource."""

import pytest

from tests.api.calls import Api, controller, pod

MERGE = "application/merge-patch+json"


async def test_scale_reads_and_writes_the_wanted_number(api: Api) -> None:
    await api.post(api.path("replicationcontrollers"), controller("web", 2))
    path = api.path("replicationcontrollers", "web", "scale")

    scale = await api.get(path)
    patched = (await api.send("PATCH", path, {"spec": {"replicas": 5}}, content_type=MERGE)).body
    put = (await api.send("PUT", path, {**patched, "spec": {"replicas": 1}})).body

    assert (scale["kind"], scale["apiVersion"], scale["spec"]) == ("Scale", "autoscaling/v1", {"replicas": 2})
    assert scale["status"] == {"replicas": 0, "selector": "app=web"}
    assert (patched["spec"]["replicas"], put["spec"]["replicas"]) == (5, 1)
    assert (await api.get(path.removesuffix("/scale")))["metadata"]["generation"] == 3


async def test_scale_refuses_less_than_nothing_and_stale_revisions(api: Api) -> None:
    await api.post(api.path("replicationcontrollers"), controller("web", 2))
    path = api.path("replicationcontrollers", "web", "scale")
    stale = await api.get(path)
    await api.send("PATCH", path, {"spec": {"replicas": 3}}, content_type=MERGE)

    negative = await api.refusal("PATCH", path, {"spec": {"replicas": -1}}, content_type=MERGE)
    conflict = await api.refusal("PUT", path, stale)

    assert (negative.code, negative.causes[0].field) == (422, "spec.replicas")
    assert conflict.code == 409


async def test_binding_assigns_a_pod_once(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    path = api.path("pods", "web", "binding")

    said = await api.send("POST", path, {"target": {"kind": "Node", "name": "n1"}})
    error = await api.refusal("POST", path, {"target": {"kind": "Node", "name": "n2"}})

    bound = await api.get(api.path("pods", "web"))
    assert (said.code, said.body["status"]) == (201, "Success")
    assert bound["spec"]["nodeName"] == "n1"
    assert [c["type"] for c in bound["status"]["conditions"] if c["status"] == "True"] == ["PodScheduled"]
    assert (error.code, error.message) == (
        409,
        'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "n1"',
    )


async def test_binding_needs_a_node_and_the_right_pod(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    path = api.path("pods", "web", "binding")

    nowhere = await api.refusal("POST", path, {"target": {}})
    other = await api.refusal("POST", path, {"metadata": {"uid": "other"}, "target": {"name": "n1"}})

    assert (nowhere.code, nowhere.causes[0].field) == (422, "target.name")
    assert other.code == 409


async def test_binding_takes_over_what_the_binding_brings(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    brought = {"name": "web", "annotations": {"why": "room"}, "labels": {"zone": "a"}}

    await api.post(api.path("bindings"), {"metadata": brought, "target": {"kind": "Node", "name": "n1"}})

    bound = await api.get(api.path("pods", "web"))
    assert bound["spec"]["nodeName"] == "n1"
    assert bound["metadata"]["annotations"] == {"why": "room"}
    assert bound["metadata"]["labels"] == {"app": "web", "zone": "a"}


async def test_bindings_are_only_created(api: Api) -> None:
    path = api.path("bindings")

    listed = await api.refusal("GET", path)
    nameless = await api.refusal("POST", path, {"target": {"name": "n1"}})
    elsewhere = await api.refusal("POST", path, {"metadata": {"name": "web"}, "target": {"kind": "Pod", "name": "n1"}})

    assert listed.code == 405
    assert (nameless.code, nameless.causes[0].field) == (422, "metadata.name")
    assert elsewhere.message == (
        'Binding "web" is invalid: target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"'
    )


async def test_log_says_what_is_missing(api: Api) -> None:
    await api.post(api.path("pods"), pod("waiting"))
    await api.post(api.path("pods"), pod("lost", nodeName="nowhere"))

    waiting = await api.refusal("GET", api.path("pods", "waiting", "log"))
    unknown = await api.refusal("GET", api.path("pods", "lost", "log"), query={"container": "x"})
    lost = await api.refusal("GET", api.path("pods", "lost", "log"))
    lines = await api.refusal("GET", api.path("pods", "lost", "log"), query={"tailLines": "few"})

    assert (waiting.code, unknown.code, lost.code, lines.code) == (400, 400, 503, 400)
    assert unknown.message == "container x is not valid for pod lost"
    assert 'the agent of node "nowhere"' in lost.message


async def test_unknown_paths_and_methods_are_refused(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))

    codes = [
        (await api.refusal("GET", api.path("pods", "web", "nonsense"))).code,
        (await api.refusal("GET", "/api/v1/ponies")).code,
        (await api.refusal("GET", "/nowhere")).code,
        (await api.refusal("POST", api.path("pods", "web"), pod("web"))).code,
        (await api.refusal("POST", "/api/v1/pods", pod("web"))).code,
        (await api.refusal("PUT", "/version", {})).code,
    ]

    assert codes == [404, 404, 404, 405, 405, 405]


async def test_services_get_addresses_of_their_own(api: Api) -> None:
    def service(name: str, **spec: object) -> dict:
        return {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}

    first = (await api.post(api.path("services"), service("a")))["spec"]["clusterIP"]
    second = (await api.post(api.path("services"), service("b")))["spec"]["clusterIP"]
    headless = (await api.post(api.path("services"), service("c", clusterIP="None")))["spec"]["clusterIP"]
    taken = await api.refusal("POST", api.path("services"), service("d", clusterIP=first))
    outside = await api.refusal("POST", api.path("services"), service("e", clusterIP="10.0.0.1"))
    moved = await api.refusal("PUT", api.path("services", "a"), service("a", clusterIP=second))

    assert len({first, second}) == 2
    assert all(ip.startswith(("127.96.", "127.9", "127.10", "127.11")) for ip in (first, second))
    assert headless == "None"
    assert "provided IP is already allocated" in taken.message
    assert "The range of valid IPs is 127.96.0.0/12" in outside.message
    assert moved.code == 422


async def test_finalize_changes_the_finalizers_of_a_namespace_and_checks_them(api: Api) -> None:
    name = f"{api.namespace}-held"
    stored = await api.post("/api/v1/namespaces", {"metadata": {"name": name}})
    path = f"/api/v1/namespaces/{name}/finalize"

    held = (await api.send("PUT", path, {**stored, "spec": {"finalizers": ["example.com/hold"]}})).body
    bad = await api.refusal("PUT", path, {"metadata": {"name": name}, "spec": {"finalizers": ["own", "a b/c"]}})
    read = await api.refusal("GET", path)

    assert held["spec"]["finalizers"] == ["example.com/hold"]
    assert held["metadata"]["labels"] == stored["metadata"]["labels"]
    assert {cause.field for cause in bad.causes} == {"spec.finalizers[0]", "spec.finalizers[1]"}
    assert read.code == 405


@pytest.mark.parametrize("subresource", ["binding", "eviction"])
async def test_options_of_a_create_through_a_subresource_are_checked(api: Api, subresource: str) -> None:
    query = {"dryRun": "Some", "fieldManager": "\x01"}

    error = await api.refusal("POST", api.path("pods", "x", subresource), {}, query=query)

    assert (error.code, error.reason) == (422, "Invalid")
    assert {cause.field for cause in error.causes} == {"dryRun", "fieldManager"}
