"""Claims and Ingresses that name no class get the one that is marked as the default."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.api.calls import Api

STORAGE, INGRESS = "/apis/storage.k8s.io/v1/storageclasses", "/apis/networking.k8s.io/v1/ingressclasses"
STORAGE_MARK, INGRESS_MARK = (
    "storageclass.kubernetes.io/is-default-class",
    "ingressclass.kubernetes.io/is-default-class",
)
Mark = Callable[[str, str, dict[str, str]], Awaitable[None]]


@pytest.fixture
async def mark(api: Api) -> AsyncIterator[Mark]:
    """Yield what makes a class with annotations; all are deleted afterwards."""
    made: list[str] = []

    async def make(path: str, name: str, annotations: dict[str, str]) -> None:
        rest = {"provisioner": "p"} if path == STORAGE else {"spec": {"controller": "example.com/c"}}
        await api.post(path, {"metadata": {"name": name, "annotations": annotations}, **rest})
        made.append(f"{path}/{name}")

    yield make
    for path in made:
        await api.send("DELETE", path)


async def claim(api: Api, name: str, *, annotations: dict[str, str] | None = None, **spec: Any) -> Any:
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    obj = {"metadata": {"name": name, "annotations": annotations or {}}, "spec": wanted}
    created = await api.post(api.path("persistentvolumeclaims"), obj)
    return created["spec"].get("storageClassName")


async def ingress(api: Api, name: str, *, annotations: dict[str, str] | None = None, **spec: Any) -> Any:
    backend = {"service": {"name": "s", "port": {"number": 80}}}
    obj = {"metadata": {"name": name, "annotations": annotations or {}}, "spec": {"defaultBackend": backend, **spec}}
    created = await api.post(f"/apis/networking.k8s.io/v1/namespaces/{api.namespace}/ingresses", obj)
    return created["spec"].get("ingressClassName")


async def test_no_class_is_given_while_none_is_the_default(api: Api, mark: Mark) -> None:
    await mark(STORAGE, "slow", {STORAGE_MARK: "false"})
    await mark(INGRESS, "edge", {})

    assert await claim(api, "c") is None
    assert await ingress(api, "i") is None


@pytest.mark.parametrize("annotation", [STORAGE_MARK, "storageclass.beta.kubernetes.io/is-default-class"])
async def test_claim_without_a_class_gets_the_default(api: Api, mark: Mark, annotation: str) -> None:
    await mark(STORAGE, "fast", {annotation: "true"})
    await mark(STORAGE, "slow", {})

    assert await claim(api, "c") == "fast"


async def test_claim_that_names_a_class_keeps_it(api: Api, mark: Mark) -> None:
    await mark(STORAGE, "fast", {STORAGE_MARK: "true"})

    assert await claim(api, "named", storageClassName="slow") == "slow"
    assert await claim(api, "none", storageClassName="") == ""
    assert await claim(api, "older", annotations={"volume.beta.kubernetes.io/storage-class": "slow"}) is None


async def test_ingress_without_a_class_gets_the_default(api: Api, mark: Mark) -> None:
    await mark(INGRESS, "edge", {INGRESS_MARK: "true"})

    assert await ingress(api, "i") == "edge"
    assert await ingress(api, "named", ingressClassName="other") == "other"
    assert await ingress(api, "older", annotations={"kubernetes.io/ingress.class": "other"}) is None


async def test_first_name_wins_among_defaults_of_one_age(api: Api, mark: Mark) -> None:
    for name in ("b", "a"):
        await mark(INGRESS, name, {INGRESS_MARK: "true"})
    times = {
        item["metadata"]["creationTimestamp"]: item["metadata"]["name"] for item in (await api.get(INGRESS))["items"]
    }

    chosen = await ingress(api, "i")

    assert chosen == ("a" if len(times) == 1 else times[max(times)])
