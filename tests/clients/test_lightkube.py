"""lightkube: the client whose models the kernel's own types are."""

from pathlib import Path

import pytest
from lightkube import ApiError, Client, KubeConfig
from lightkube.models.apps_v1 import DeploymentSpec
from lightkube.models.core_v1 import Container, PodSpec, PodTemplateSpec
from lightkube.models.meta_v1 import LabelSelector, ObjectMeta
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import ConfigMap
from lightkube.types import PatchType


@pytest.fixture
def api(kubeconfig: Path, namespace: str) -> Client:
    """Return a client of the test's namespace."""
    return Client(config=KubeConfig.from_file(kubeconfig), namespace=namespace, field_manager="lightkube-test")


def _deployment(replicas: int) -> Deployment:
    labels = {"app": "web"}
    template = PodTemplateSpec(
        metadata=ObjectMeta(labels=labels), spec=PodSpec(containers=[Container(name="main", image="none")])
    )
    spec = DeploymentSpec(replicas=replicas, selector=LabelSelector(matchLabels=labels), template=template)
    return Deployment(metadata=ObjectMeta(name="web"), spec=spec)


def test_lightkube_creates_patches_lists_and_deletes(api: Client) -> None:
    api.create(ConfigMap(metadata=ObjectMeta(name="c", labels={"tier": "gold"}), data={"a": "1"}))

    api.patch(ConfigMap, "c", {"data": {"b": "2"}})

    assert [item.data for item in api.list(ConfigMap, labels={"tier": "gold"})] == [{"a": "1", "b": "2"}]
    api.delete(ConfigMap, "c")
    with pytest.raises(ApiError, match=r'configmaps "c" not found'):
        api.get(ConfigMap, "c")


def test_lightkube_applies_and_scales(api: Client) -> None:
    api.apply(_deployment(1))

    scaled = api.patch(Deployment.Scale, "web", {"spec": {"replicas": 4}}, patch_type=PatchType.MERGE)

    assert scaled.spec is not None
    assert scaled.spec.replicas == 4
    found = api.get(Deployment, "web")
    assert found.spec is not None
    assert found.spec.replicas == 4


def test_lightkube_is_told_of_a_conflict_when_it_applies_what_others_own(api: Client) -> None:
    api.apply(_deployment(1))

    with pytest.raises(ApiError, match="conflict"):
        api.apply(_deployment(2), field_manager="another")
    taken = api.apply(_deployment(2), field_manager="another", force=True)

    assert taken.spec is not None
    assert taken.spec.replicas == 2


def test_lightkube_watches(api: Client) -> None:
    api.create(ConfigMap(metadata=ObjectMeta(name="w")))

    event, obj = next(
        (event, obj)
        for event, obj in api.watch(ConfigMap, server_timeout=5)
        if obj.metadata and obj.metadata.name == "w"
    )

    assert (event, obj.kind) == ("ADDED", "ConfigMap")
