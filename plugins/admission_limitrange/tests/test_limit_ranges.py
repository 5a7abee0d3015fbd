"""LimitRanges in force: defaults, and refusals in Kubernetes' words."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core

Plain = dict[str, Any]
RANGES = "/api/v1/namespaces/default/limitranges"
PODS = "/api/v1/namespaces/default/pods"
CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims"


@pytest.fixture(autouse=True)
async def swept(client: Client) -> AsyncIterator[None]:
    """Remove the LimitRanges and claims of each test."""
    yield
    for path in (RANGES, CLAIMS):
        await client.request("DELETE", path)


async def limit(client: Client, name: str = "limits", **item: object) -> None:
    body = {"metadata": {"name": name}, "spec": {"limits": [{"type": "Container", **item}]}}
    await client.request("POST", RANGES, body=body)


def pod(*resources: Plain, **spec: object) -> Plain:
    containers = [{"name": f"c{i}", "image": "host", "resources": r} for i, r in enumerate(resources or ({},))]
    return {"metadata": {"name": "web"}, "spec": {"containers": containers, **spec}}


def asks(cpu: str = "", limits: str = "", **more: str) -> Plain:
    found: Plain = {"requests": {**({"cpu": cpu} if cpu else {}), **more}}
    return {**found, "limits": {"cpu": limits}} if limits else found


async def create(client: Client, path: str, body: Plain) -> Plain:
    answer: Plain = json.loads((await client.request("POST", path, body=body)).body)
    return answer


async def refusal(client: Client, path: str, body: Plain) -> str:
    with pytest.raises(StatusError) as caught:
        await client.request("POST", path, body=body)
    assert (caught.value.code, caught.value.reason) == (403, "Forbidden")
    return caught.value.message


async def test_containers_get_the_defaults_and_an_annotation_says_so(client: Client) -> None:
    await limit(client, default={"cpu": "500m", "memory": "1Gi"}, defaultRequest={"cpu": "100m"})

    made = await create(client, PODS, pod({}, asks("200m"), initContainers=[{"name": "i", "image": "host"}]))

    first, second = (c["resources"] for c in made["spec"]["containers"])
    assert first == {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "1Gi"}}
    assert second["requests"]["cpu"] == "200m"
    assert made["spec"]["initContainers"][0]["resources"] == first
    assert made["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: cpu, memory request for container c0; cpu, memory limit for container c0; "
        "memory request for container c1; cpu, memory limit for container c1; "
        "cpu, memory request for init container i; cpu, memory limit for init container i"
    )
    assert made["status"]["qosClass"] == "Burstable"


@pytest.mark.parametrize(
    ("item", "resources", "words"),
    [
        ({"min": {"cpu": "100m"}}, asks("50m", "1"), "minimum cpu usage per Container is 100m, but request is 50m"),
        ({"max": {"cpu": "1"}}, asks("1", "2"), "maximum cpu usage per Container is 1, but limit is 2"),
        (
            {"max": {"memory": "1Gi"}, "default": {"memory": "1Gi"}},
            {"limits": {"memory": "2Gi"}},
            "maximum memory usage per Container is 1Gi, but limit is 2Gi",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}},
            asks("100m", "500m"),
            "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}},
            {},
            "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
        ),
        ({"type": "Pod", "max": {"cpu": "1"}}, {}, "maximum cpu usage per Pod is 1. No limit is specified"),
        ({"type": "Pod", "min": {"cpu": "1"}}, asks("200m"), "minimum cpu usage per Pod is 1, but request is 200m"),
        ({"type": "Pod", "min": {"cpu": "1"}}, {}, "minimum cpu usage per Pod is 1. No request is specified"),
    ],
)
async def test_pod_outside_of_a_limit_is_refused(client: Client, item: Plain, resources: Plain, words: str) -> None:
    await limit(client, **item)

    assert await refusal(client, PODS, pod(resources)) == f'pods "web" is forbidden: {words}'


async def test_every_broken_limit_is_said(client: Client) -> None:
    await limit(client, "a", max={"cpu": "1"}, min={"cpu": "500m"})
    await limit(client, "b", type="Pod", max={"cpu": "2"})

    words = await refusal(client, PODS, pod(asks("100m", "3")))

    assert words == (
        'pods "web" is forbidden: [minimum cpu usage per Container is 500m, but request is 100m, '
        "maximum cpu usage per Container is 1, but limit is 3, maximum cpu usage per Pod is 2, but limit is 3]"
    )


async def test_pods_containers_count_together(client: Client) -> None:
    await limit(client, type="Pod", max={"cpu": "1"})
    side = {"name": "s", "image": "host", "restartPolicy": "Always", "resources": asks("1", "1")}

    words = await refusal(client, PODS, pod(asks("200m", "200m"), initContainers=[side]))

    assert words.endswith("maximum cpu usage per Pod is 1, but limit is 1200m")


async def test_claims_are_bounded_too(client: Client) -> None:
    await limit(client, type="PersistentVolumeClaim", min={"storage": "1Gi"}, max={"storage": "2Gi"})

    def claim(storage: str) -> Plain:
        spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}}
        return {"metadata": {"name": "data"}, "spec": spec}

    small = await refusal(client, CLAIMS, claim("1Mi"))
    large = await refusal(client, CLAIMS, claim("3Gi"))
    await create(client, CLAIMS, claim("2Gi"))

    claims = 'persistentvolumeclaims "data" is forbidden'
    assert small == f"{claims}: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi"
    assert large == f"{claims}: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"


async def test_other_namespaces_and_changed_pods_are_left_alone(client: Client) -> None:
    made = await create(client, PODS, pod())
    await limit(client, max={"cpu": "1"}, default={"cpu": "1"})
    labelled = {"metadata": {"labels": {"a": "b"}}}

    patched = await client.patch(core.Pod, "web", labelled, "default")
    other = await create(client, "/api/v1/namespaces/kube-node-lease/pods", pod())

    assert (patched.spec.containers[0].resources if patched.spec else None) is None or made["spec"] is not None
    assert "limits" not in other["spec"]["containers"][0]["resources"]
