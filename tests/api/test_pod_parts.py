"""The parts of a pod that are written by themselves: its ephemeral containers, and its containers' resources."""

from typing import Any

import pytest

from tests.api.calls import Api, Plain, pod

STRATEGIC = "application/strategic-merge-patch+json"
GUEST = {"name": "debug", "image": "busybox", "command": ["sh"], "stdin": True}


async def add(api: Api, *guests: Plain) -> Plain:
    """Add ephemeral containers as ``kubectl debug`` does."""
    path = api.path("pods", "web", "ephemeralcontainers")
    body = {"spec": {"ephemeralContainers": list(guests)}}
    return (await api.send("PATCH", path, body, content_type=STRATEGIC)).body


async def test_ephemeral_container_is_added_and_nothing_else_changes(api: Api) -> None:
    before = await api.post(api.path("pods"), pod("web"))
    path = api.path("pods", "web", "ephemeralcontainers")
    body = {
        "metadata": {"labels": {"new": "label"}},
        "spec": {"ephemeralContainers": [GUEST], "activeDeadlineSeconds": 5},
        "status": {"phase": "Failed"},
    }

    after = (await api.send("PATCH", path, body, content_type=STRATEGIC)).body

    (guest,) = after["spec"].pop("ephemeralContainers")
    assert (guest["name"], guest["terminationMessagePolicy"], guest["imagePullPolicy"]) == ("debug", "File", "Always")
    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"]
    assert after["status"] == before["status"]
    assert (await api.get(path))["spec"]["ephemeralContainers"] == [guest]


async def test_pod_with_an_ephemeral_container_goes_on_as_before(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    await add(api, GUEST)

    status = await api.send(
        "PATCH", api.path("pods", "web", "status"), {"status": {"phase": "Running"}}, content_type=STRATEGIC
    )
    labelled = await api.send(
        "PATCH", api.path("pods", "web"), {"metadata": {"labels": {"a": "b"}}}, content_type=STRATEGIC
    )

    assert status.body["status"]["phase"] == "Running"
    assert labelled.body["metadata"]["labels"]["a"] == "b"


async def test_ephemeral_containers_stay_as_they_are(api: Api) -> None:
    await api.post(api.path("pods"), pod("web"))
    stored = await add(api, GUEST)
    path = api.path("pods", "web", "ephemeralcontainers")

    removed = await api.refusal("PUT", path, {**stored, "spec": {**stored["spec"], "ephemeralContainers": []}})
    changed = await api.refusal(
        "PATCH", path, {"spec": {"ephemeralContainers": [{**GUEST, "image": "x"}]}}, content_type=STRATEGIC
    )

    assert (removed.code, removed.causes[0].field) == (422, "spec.ephemeralContainers")
    assert 'existing ephemeral containers "debug" may not be removed' in removed.message
    assert 'existing ephemeral containers "debug" may not be changed' in changed.message


@pytest.mark.parametrize(
    ("guest", "field", "why"),
    [
        ({"name": "main"}, "spec.ephemeralContainers[0].name", 'Duplicate value: "main"'),
        ({"targetContainerName": "x"}, "spec.ephemeralContainers[0].targetContainerName", 'Not found: "x"'),
        ({"image": ""}, "spec.ephemeralContainers[0].image", "Required value"),
        (
            {"ports": [{"containerPort": 1}]},
            "spec.ephemeralContainers[0].ports",
            "Forbidden: cannot be set for an Ephemeral Container",
        ),
        (
            {"resources": {"limits": {"cpu": "1"}}},
            "spec.ephemeralContainers[0].resources",
            "Forbidden: cannot be set for an Ephemeral Container",
        ),
        (
            {"livenessProbe": {"exec": {"command": ["x"]}}},
            "spec.ephemeralContainers[0].livenessProbe",
            "Forbidden: cannot be set for an Ephemeral Container",
        ),
    ],
)
async def test_ephemeral_container_that_cannot_be_is_refused(api: Api, guest: Plain, field: str, why: str) -> None:
    await api.post(api.path("pods"), pod("web"))

    body = {"spec": {"ephemeralContainers": [{**GUEST, **guest}]}}
    error = await api.refusal("PATCH", api.path("pods", "web", "ephemeralcontainers"), body, content_type=STRATEGIC)

    assert error.code == 422
    assert (field, why) in [(cause.field, cause.message) for cause in error.causes]


async def test_new_pod_has_no_ephemeral_containers(api: Api) -> None:
    error = await api.refusal("POST", api.path("pods"), pod("web", ephemeralContainers=[GUEST]))

    assert [(cause.field, cause.message) for cause in error.causes] == [
        ("spec.ephemeralContainers", "Forbidden: cannot be set on create")
    ]


def sized(name: str = "web", **spec: Any) -> Plain:
    """Return a burstable pod."""
    resources = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "200m"}}
    return pod(name, containers=[{"name": "main", "image": "host", "resources": resources}], **spec)


async def resize(api: Api, **resources: Any) -> Plain:
    body = {"spec": {"containers": [{"name": "main", "resources": resources}]}}
    return (await api.send("PATCH", api.path("pods", "web", "resize"), body, content_type=STRATEGIC)).body


async def test_resize_changes_cpu_and_memory_and_counts_as_a_change(api: Api) -> None:
    before = await api.post(api.path("pods"), sized())

    after = await resize(api, requests={"cpu": "150m"}, limits={"memory": "128Mi"})

    assert after["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "150m", "memory": "64Mi"},
        "limits": {"cpu": "200m", "memory": "128Mi"},
    }
    assert after["metadata"].get("generation", 0) == before["metadata"].get("generation", 0) + 1


async def test_resize_changes_nothing_else(api: Api) -> None:
    before = await api.post(api.path("pods"), sized())
    body = {
        "metadata": {"labels": {"x": "y"}},
        "spec": {"containers": [{"name": "main", "image": "other"}], "activeDeadlineSeconds": 5},
        "status": {"phase": "Failed"},
    }

    after = (await api.send("PATCH", api.path("pods", "web", "resize"), body, content_type=STRATEGIC)).body

    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == {"app": "web"}
    assert after["status"]["phase"] == "Pending"


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        ({"requests": {"memory": None}}, "resources.requests: Forbidden: resource requests cannot be removed"),
        ({"limits": {"cpu": None}}, "resources.limits: Forbidden: resource limits cannot be removed"),
        ({"limits": {"ephemeral-storage": "1Gi"}}, "spec: Forbidden: only cpu and memory resources are mutable"),
        ({"requests": {"cpu": "500m"}}, "must be less than or equal to cpu limit of 200m"),
        (
            {"requests": {"cpu": "200m"}, "limits": {"memory": "64Mi"}},
            '"Guaranteed": Pod QOS Class may not change as a result of resizing',
        ),
    ],
)
async def test_resize_that_may_not_be_is_refused(api: Api, resources: Plain, why: str) -> None:
    await api.post(api.path("pods"), sized())
    body = {"spec": {"containers": [{"name": "main", "resources": resources}]}}

    error = await api.refusal("PATCH", api.path("pods", "web", "resize"), body, content_type=STRATEGIC)

    assert error.code == 422
    assert why in error.message


async def test_resize_moves_no_containers(api: Api) -> None:
    stored = await api.post(api.path("pods"), sized())
    (container,) = stored["spec"]["containers"]
    path = api.path("pods", "web", "resize")

    async def refusal(*containers: Plain) -> str:
        wanted = {**stored, "spec": {**stored["spec"], "containers": list(containers)}}
        return (await api.refusal("PUT", path, wanted)).message

    assert "spec.containers: Forbidden: containers may not be added on resize" in await refusal(
        container, {**container, "name": "more"}
    )
    assert "containers may not be renamed or reordered on resize" in await refusal({**container, "name": "other"})


async def test_discovery_shows_the_parts(api: Api) -> None:
    resources = {each["name"]: each for each in (await api.get("/api/v1"))["resources"]}

    for name in ("pods/ephemeralcontainers", "pods/resize"):
        assert (resources[name]["kind"], resources[name]["verbs"]) == ("Pod", ["get", "patch", "update"])
