"""Evictions of pods that no budget guards: options, preconditions, refusals."""

from typing import Any

from tests.api.calls import Api, Plain, pod

MERGE = "application/merge-patch+json"
READY = [{"type": "Ready", "status": "True"}]


def eviction(name: str, **options: Any) -> Plain:
    """Return an eviction as kubectl drain sends it."""
    body: Plain = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
    return {**body, "deleteOptions": options} if options else body


async def running_pod(api: Api, name: str, *, ready: bool = True) -> Plain:
    """Create a pod that a node runs."""
    await api.post(api.path("pods"), pod(name, nodeName="nowhere", terminationGracePeriodSeconds=0))
    status = {"phase": "Running", "conditions": READY if ready else []}
    path = api.path("pods", name, "status")
    return (await api.send("PATCH", path, {"status": status}, content_type=MERGE)).body


async def is_there(api: Api, name: str) -> bool:
    listed = await api.get(api.path("pods"))
    return any(item["metadata"]["name"] == name for item in listed["items"])


async def test_eviction_deletes_a_pod_that_no_budget_guards(api: Api) -> None:
    await running_pod(api, "web")

    said = await api.send("POST", api.path("pods", "web", "eviction"), eviction("web"))

    assert (said.code, said.body["kind"], said.body["status"]) == (201, "Status", "Success")
    assert not await is_there(api, "web")


async def test_eviction_keeps_the_pod_when_it_is_a_dry_run(api: Api) -> None:
    await running_pod(api, "web")
    path = api.path("pods", "web", "eviction")

    await api.post(path, eviction("web", dryRun=["All"]))
    await api.post(path, eviction("web"), query={"dryRun": "All"})

    assert await is_there(api, "web")


async def test_eviction_honours_its_preconditions(api: Api) -> None:
    await running_pod(api, "web")

    error = await api.refusal(
        "POST", api.path("pods", "web", "eviction"), eviction("web", preconditions={"uid": "other"})
    )

    assert error.code == 409
    assert await is_there(api, "web")


async def test_eviction_refuses_what_it_cannot_mean(api: Api) -> None:
    await running_pod(api, "web")

    renamed = await api.refusal("POST", api.path("pods", "web", "eviction"), eviction("other"))
    absent = await api.refusal("POST", api.path("pods", "none", "eviction"), eviction("none"))

    assert (renamed.code, renamed.message) == (400, "name in URL does not match name in Eviction object")
    assert (absent.code, absent.message) == (404, 'pods "none" not found')


async def test_discovery_says_how_drain_evicts(api: Api) -> None:
    resources = (await api.get("/api/v1"))["resources"]

    found = next(each for each in resources if each["name"] == "pods/eviction")

    assert (found["group"], found["version"], found["kind"], found["verbs"]) == ("policy", "v1", "Eviction", ["create"])
