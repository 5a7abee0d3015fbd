"""Evictions of pods that a budget guards: what it allows, what it refuses, and in which words."""

import asyncio
from typing import Any

import pytest

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


def budget_path(api: Api, *rest: str) -> str:
    return "/".join([f"/apis/policy/v1/namespaces/{api.namespace}/poddisruptionbudgets", *rest])


async def budget(api: Api, name: str = "web", *, spec: Plain | None = None, **status: Any) -> None:
    """Create a budget for the tests' pods, in the state in which its controller would have put it."""
    wanted = {"selector": {"matchLabels": {"app": "web"}}, "minAvailable": 1, **(spec or {})}
    created = await api.post(budget_path(api), {"metadata": {"name": name}, "spec": wanted})
    generation = created["metadata"].get("generation", 1)
    counts = {"currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 0, "expectedPods": 1}
    body = {"status": {**counts, "observedGeneration": generation, **status}}
    await api.send("PATCH", budget_path(api, name, "status"), body, content_type=MERGE)


async def is_there(api: Api, name: str) -> bool:
    listed = await api.get(api.path("pods"))
    return any(item["metadata"]["name"] == name for item in listed["items"])


async def test_eviction_is_refused_when_the_budget_is_spent(api: Api) -> None:
    await running_pod(api, "web")
    await budget(api, currentHealthy=1, desiredHealthy=1)

    error = await api.refusal("POST", api.path("pods", "web", "eviction"), eviction("web"))

    assert (error.code, error.reason) == (429, "TooManyRequests")
    assert error.message == "Cannot evict pod as it would violate the pod's disruption budget."
    assert [(cause.reason, cause.message) for cause in error.causes] == [
        ("DisruptionBudget", "The disruption budget web needs 1 healthy pods and has 1 currently")
    ]
    assert await is_there(api, "web")


async def test_eviction_comes_again_while_the_budget_is_behind(api: Api) -> None:
    await running_pod(api, "web")
    await budget(api, disruptionsAllowed=1, observedGeneration=0)

    error = await api.refusal("POST", api.path("pods", "web", "eviction"), eviction("web"))

    assert (error.code, error.retry_after_s) == (429, 10)
    assert error.causes[0].message == "The disruption budget web is still being processed by the server."


async def test_eviction_spends_the_budget_and_says_which_pod_went(api: Api) -> None:
    await running_pod(api, "web")
    await budget(api, disruptionsAllowed=1)

    await api.post(api.path("pods", "web", "eviction"), eviction("web"))

    status = (await api.get(budget_path(api, "web")))["status"]
    assert (status["disruptionsAllowed"], list(status["disruptedPods"])) == (0, ["web"])
    condition = next(c for c in status["conditions"] if c["type"] == "DisruptionAllowed")
    assert (condition["status"], condition["reason"]) == ("False", "InsufficientPods")
    assert not await is_there(api, "web")


async def test_evictions_at_the_same_time_spend_no_more_than_there_is(api: Api) -> None:
    names = [f"web-{number}" for number in range(6)]
    for name in names:
        await running_pod(api, name)
    await budget(api, disruptionsAllowed=2)

    async def evict(name: str) -> int:
        answer = await api.client.request("POST", api.path("pods", name, "eviction"), body=eviction(name))
        return answer.status

    codes = await asyncio.gather(*(evict(name) for name in names), return_exceptions=True)

    left = [name for name in names if await is_there(api, name)]
    assert (codes.count(201), len(left)) == (2, 4)
    assert (await api.get(budget_path(api, "web")))["status"]["disruptionsAllowed"] == 0


@pytest.mark.parametrize(
    ("spec", "healthy", "goes"),
    [({}, 1, True), ({}, 0, False), ({"unhealthyPodEvictionPolicy": "AlwaysAllow"}, 0, True)],
    ids=["enough-others", "too-few-others", "always-allow"],
)
async def test_eviction_of_an_unready_pod(api: Api, spec: Plain, healthy: int, *, goes: bool) -> None:
    await running_pod(api, "web", ready=False)
    await budget(api, spec=spec, currentHealthy=healthy, desiredHealthy=1)

    try:
        await api.post(api.path("pods", "web", "eviction"), eviction("web"))
    except Exception:
        if goes:
            raise

    assert await is_there(api, "web") is not goes


async def test_eviction_of_a_pending_or_finished_pod_asks_no_budget(api: Api) -> None:
    await budget(api)
    await api.post(api.path("pods"), pod("waiting"))
    await running_pod(api, "done")
    path = api.path("pods", "done", "status")
    await api.send("PATCH", path, {"status": {"phase": "Succeeded"}}, content_type=MERGE)

    for name in ("waiting", "done"):
        await api.post(api.path("pods", name, "eviction"), eviction(name))

    assert not await is_there(api, "waiting")
    assert not await is_there(api, "done")


async def test_eviction_under_two_budgets_is_refused(api: Api) -> None:
    await running_pod(api, "web")
    await budget(api, "one", disruptionsAllowed=1)
    await budget(api, "two", disruptionsAllowed=1)

    error = await api.refusal("POST", api.path("pods", "web", "eviction"), eviction("web"))

    assert error.code == 500
    assert "more than one PodDisruptionBudget" in error.message
