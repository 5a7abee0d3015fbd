"""What the real kubectl changes: create, apply, label, annotate, patch, scale, delete."""

import json
from functools import partial

import pytest

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import config_map, pod, replication_controller


@pytest.fixture
def settings(cluster: Cluster, namespace: str) -> str:
    """A namespace with the config map ``settings``."""
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=config_map("settings", colour="blue"))
    return namespace


def test_create_refuses_a_name_that_is_taken(cluster: Cluster, settings: str) -> None:
    said = cluster.refusal("kubectl", "create", "-n", settings, "-f", "-", stdin=config_map("settings"))

    assert 'configmaps "settings" already exists' in said


def test_apply_creates_configures_and_leaves_alone(cluster: Cluster, namespace: str) -> None:
    def apply(**data: str) -> str:
        return cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=config_map("applied", **data)).split()[-1]

    outcomes = [apply(a="1", b="2"), apply(a="1", b="2"), apply(a="1")]

    assert outcomes == ["created", "unchanged", "configured"]
    assert cluster.get("configmap", "applied", "-n", namespace)["data"] == {"a": "1"}


def test_label_and_annotate_add_change_and_remove(cluster: Cluster, settings: str) -> None:
    for verb, field in (("label", "labels"), ("annotate", "annotations")):
        cluster.kubectl(verb, "configmap", "settings", "-n", settings, "tier=back", "team=a")
        cluster.kubectl(verb, "configmap", "settings", "-n", settings, "tier=front", "team-", "--overwrite")

        assert cluster.get("configmap", "settings", "-n", settings)["metadata"][field] == {"tier": "front"}


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("merge", {"data": {"colour": "red"}}),
        ("strategic", {"data": {"colour": "red"}}),
        ("json", [{"op": "replace", "path": "/data/colour", "value": "red"}]),
    ],
)
def test_patch_changes_the_object(cluster: Cluster, settings: str, kind: str, patch: object) -> None:
    cluster.kubectl("patch", "configmap", "settings", "-n", settings, f"--type={kind}", "-p", json.dumps(patch))

    assert cluster.get("configmap", "settings", "-n", settings)["data"] == {"colour": "red"}


def test_patch_strategic_merges_containers_by_name(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=replication_controller("rc", 0))
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}]}]}}}}

    cluster.kubectl("patch", "rc", "rc", "-n", namespace, "-p", json.dumps(patch))

    containers = cluster.get("rc", "rc", "-n", namespace)["spec"]["template"]["spec"]["containers"]
    assert [(c["name"], c["image"], c["env"]) for c in containers] == [("main", "host", [{"name": "A", "value": "1"}])]


def test_scale_up_and_down_changes_the_number_of_pods(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=replication_controller("rc", 1))

    for replicas in (3, 1):
        cluster.kubectl("scale", "rc/rc", "-n", namespace, f"--replicas={replicas}")
        until(f"there are {replicas} pods", partial(_has_running, cluster, namespace, replicas))

    assert cluster.get("rc", "rc", "-n", namespace)["spec"]["replicas"] == 1


def test_delete_ends_the_controllers_pods(cluster: Cluster, namespace: str) -> None:
    _running_controller(cluster, namespace)

    cluster.kubectl("delete", "rc", "rc", "-n", namespace)

    until("the pods are gone", lambda: not cluster.get("pods", "-n", namespace)["items"])


def test_delete_with_orphan_leaves_the_pods_without_an_owner(cluster: Cluster, namespace: str) -> None:
    _running_controller(cluster, namespace)

    cluster.kubectl("delete", "rc", "rc", "-n", namespace, "--cascade=orphan")

    pods = cluster.get("pods", "-n", namespace)["items"]
    assert [bool(item["metadata"].get("ownerReferences")) for item in pods] == [False, False]


def test_delete_with_foreground_waits_for_the_pods(cluster: Cluster, namespace: str) -> None:
    _running_controller(cluster, namespace)

    cluster.kubectl("delete", "rc", "rc", "-n", namespace, "--cascade=foreground")

    assert cluster.get("pods", "-n", namespace)["items"] == []


def test_delete_of_a_pod_waits_until_it_has_ended(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("web"))
    until("it runs", lambda: _running(cluster, namespace) == 1)

    said = cluster.kubectl("delete", "pod", "web", "-n", namespace)

    assert 'pod "web" deleted' in said
    assert cluster.get("pods", "-n", namespace)["items"] == []


def test_replace_of_a_stale_object_is_a_conflict(cluster: Cluster, settings: str) -> None:
    stale = cluster.kubectl("get", "configmap", "settings", "-n", settings, "-o", "json")
    cluster.kubectl("label", "configmap", "settings", "-n", settings, "changed=yes")

    said = cluster.refusal("kubectl", "replace", "-n", settings, "-f", "-", stdin=stale)

    assert "the object has been modified" in said


def _running(cluster: Cluster, namespace: str) -> int:
    pods = cluster.get("pods", "-n", namespace)["items"]
    return sum(item["status"].get("phase") == "Running" for item in pods)


def _has_running(cluster: Cluster, namespace: str, number: int) -> bool:
    return _running(cluster, namespace) == number


def _running_controller(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=replication_controller("rc", 2))
    until("its pods run", lambda: _running(cluster, namespace) == 2)
