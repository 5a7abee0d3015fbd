"""The official Python client: typed calls, watches, server-side apply through the dynamic client."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config, dynamic, watch
from kubernetes.client import ApiException


@pytest.fixture
def api(kubeconfig: Path) -> Iterator[client.ApiClient]:
    """Yield a client of the cluster, and let go of its connections afterwards."""
    config.load_kube_config(str(kubeconfig))
    with client.ApiClient() as api:
        yield api


def _config_map(name: str, **data: str) -> client.V1ConfigMap:
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data=data)


def test_typed_client_creates_reads_changes_and_deletes(api: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(api)

    created = core.create_namespaced_config_map(namespace, _config_map("c", a="1"))
    patched = core.patch_namespaced_config_map("c", namespace, {"data": {"b": "2"}})
    read = core.read_namespaced_config_map("c", namespace)
    read.data["c"] = "3"
    replaced = core.replace_namespaced_config_map("c", namespace, read)
    listed = core.list_namespaced_config_map(namespace, field_selector="metadata.name=c")
    deleted = core.delete_namespaced_config_map("c", namespace)

    assert created.metadata.uid == replaced.metadata.uid
    assert patched.data == {"a": "1", "b": "2"}
    assert [item.data for item in listed.items] == [{"a": "1", "b": "2", "c": "3"}]
    assert deleted["status"] == "Success"


def test_typed_client_learns_why_it_was_refused(api: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(api)
    core.create_namespaced_config_map(namespace, _config_map("c"))

    with pytest.raises(ApiException) as twice:
        core.create_namespaced_config_map(namespace, _config_map("c"))
    with pytest.raises(ApiException) as absent:
        core.read_namespaced_config_map("absent", namespace)

    assert (twice.value.status, twice.value.reason) == (409, "Conflict")
    assert '"reason":"NotFound"' in absent.value.body


def test_typed_client_watches_from_a_list_on(api: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(api)
    revision = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, _config_map("w", step="1"))
    core.patch_namespaced_config_map("w", namespace, {"data": {"step": "2"}})
    core.delete_namespaced_config_map("w", namespace)

    seen = [
        (event["type"], event["object"].data["step"])
        for event in watch.Watch().stream(
            core.list_namespaced_config_map,
            namespace,
            resource_version=revision,
            field_selector="metadata.name=w",
            timeout_seconds=2,
        )
    ]

    assert seen == [("ADDED", "1"), ("MODIFIED", "2"), ("DELETED", "2")]


def test_typed_client_is_told_that_a_revision_is_gone(api: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(api)

    with pytest.raises(ApiException) as gone:
        list(
            watch.Watch().stream(
                core.list_namespaced_config_map, namespace, resource_version="99999999", timeout_seconds=1
            )
        )

    assert gone.value.status == 504  # that revision is not there yet, which the client may wait for


def test_typed_client_scales_through_the_subresource(api: client.ApiClient, namespace: str) -> None:
    core = client.CoreV1Api(api)
    template = client.V1PodTemplateSpec(
        metadata=client.V1ObjectMeta(labels={"app": "web"}),
        spec=client.V1PodSpec(containers=[client.V1Container(name="main", image="none")]),
    )
    spec = client.V1ReplicationControllerSpec(replicas=1, selector={"app": "web"}, template=template)
    metadata = client.V1ObjectMeta(name="web")
    core.create_namespaced_replication_controller(
        namespace, client.V1ReplicationController(metadata=metadata, spec=spec)
    )

    core.patch_namespaced_replication_controller_scale("web", namespace, {"spec": {"replicas": 3}})

    assert core.read_namespaced_replication_controller_scale("web", namespace).spec.replicas == 3


def test_dynamic_client_finds_kinds_and_applies(api: client.ApiClient, namespace: str) -> None:
    maps = dynamic.DynamicClient(api).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}, "data": {"x": "1"}}

    applied = maps.server_side_apply(name="d", namespace=namespace, body=body, field_manager="one")
    other: dict[str, Any] = {**body, "data": {"x": "2"}}
    with pytest.raises(dynamic.exceptions.ConflictError) as conflict:
        maps.server_side_apply(name="d", namespace=namespace, body=other, field_manager="two")

    assert applied.data.x == "1"
    assert 'conflict with \\"one\\"' in str(conflict.value.body)
