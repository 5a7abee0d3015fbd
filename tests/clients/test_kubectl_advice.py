"""What kubectl tells of a manifest that is wrong, or right and doubtful."""

import json
from typing import Any

import pytest

from tests.e2e.cluster import Cluster

CONTAINER = {"name": "c", "image": "host"}


def _pod(**spec: Any) -> str:
    spec = {"containers": [CONTAINER], **spec}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


def test_everything_that_a_deployment_lacks_is_told_at_once(cluster: Cluster, namespace: str) -> None:
    lacking = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": {"replicas": -1}}

    said = cluster.refusal("kubectl", "create", "-n", namespace, "-f", "-", stdin=json.dumps(lacking))

    for sentence in (
        "* spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "* spec.selector: Required value",
        "* spec.template.spec.containers: Required value",
    ):
        assert sentence in said


def test_pod_of_an_account_that_is_not_there_is_refused(cluster: Cluster, namespace: str) -> None:
    said = cluster.refusal("kubectl", "create", "-n", namespace, "-f", "-", stdin=_pod(serviceAccountName="nobody"))

    assert f'error looking up service account {namespace}/nobody: serviceaccount "nobody" not found' in said


@pytest.mark.parametrize("command", ["create", "apply"])
def test_doubtful_pod_is_made_with_a_warning(cluster: Cluster, namespace: str, command: str) -> None:
    doubtful = _pod(nodeSelector={"beta.kubernetes.io/os": "linux"})

    done = cluster.run("kubectl", command, "-n", namespace, "-f", "-", stdin=doubtful)

    warning = 'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'
    assert done.code == 0
    assert f"Warning: {warning}" in done.err
    assert cluster.get("pod", "p", "-n", namespace)["spec"]["serviceAccountName"] == "default"


def test_kubectl_shows_devices_and_who_claims_them(cluster: Cluster, namespace: str) -> None:
    api = "resource.k8s.io/v1"
    request = {"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com"}}
    pool = {"name": "n1", "generation": 1, "resourceSliceCount": 1}
    offered = {"driver": "gpu.example.com", "pool": pool, "nodeName": "n1", "devices": [{"name": "gpu-0"}]}
    for kind, name, spec in (
        (
            "DeviceClass",
            "gpu.example.com",
            {"selectors": [{"cel": {"expression": "device.driver == 'gpu.example.com'"}}]},
        ),
        ("ResourceSlice", f"n1-{namespace}", offered),
        ("ResourceClaim", "mine", {"devices": {"requests": [request]}}),
    ):
        manifest = {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec}
        cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=json.dumps(manifest))

    claims = cluster.kubectl("get", "resourceclaims", "-n", namespace)
    slices = cluster.kubectl("get", "resourceslices", "--field-selector", "spec.nodeName=n1")
    cluster.kubectl("delete", f"resourceslice/n1-{namespace}", "deviceclass/gpu.example.com")

    assert [line.split()[:2] for line in claims.splitlines()] == [["NAME", "STATE"], ["mine", "pending"]]
    assert [line.split()[:4] for line in slices.splitlines()] == [
        ["NAME", "NODE", "DRIVER", "POOL"],
        [f"n1-{namespace}", "n1", "gpu.example.com", "n1"],
    ]
