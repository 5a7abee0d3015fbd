"""What kubectl changes, in each of its ways: apply in both, edit, patch, set, label, taint, cordon, drain, delete."""

import json
from pathlib import Path

import pytest

from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: main, image: "host:1", ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]}
"""
CHANGES = (
    ("scale deployment web --replicas=2", "scaled", "{.spec.replicas}", "2"),
    ("scale deployment web --replicas=3 --current-replicas=0", "scaled", "{.spec.replicas}", "3"),
    ("set image deployment/web main=host:2", "image updated", "{.spec.template.spec.containers[0].image}", "host:2"),
    ("set env deployment/web A=1", "env updated", "{.spec.template.spec.containers[0].env[0].value}", "1"),
    (
        "set resources deployment/web --limits=cpu=100m",
        "resource requirements updated",
        "{.spec.template.spec.containers[0].resources.limits.cpu}",
        "100m",
    ),
    (
        "set serviceaccount deployment/web robot",
        "serviceaccount updated",
        "{.spec.template.spec.serviceAccountName}",
        "robot",
    ),
    ("label deployment web tier=gold", "labeled", "{.metadata.labels.tier}", "gold"),
    ("annotate deployment web note=x", "annotated", "{.metadata.annotations.note}", "x"),
    ("rollout pause deployment/web", "paused", "{.spec.paused}", "true"),
    ('patch deployment web -p {"spec":{"minReadySeconds":5}}', "patched", "{.spec.minReadySeconds}", "5"),
    (
        'patch deployment web --type=merge -p {"spec":{"progressDeadlineSeconds":42}}',
        "patched",
        "{.spec.progressDeadlineSeconds}",
        "42",
    ),
    (
        'patch deployment web --type=json -p [{"op":"replace","path":"/spec/replicas","value":7}]',
        "patched",
        "{.spec.replicas}",
        "7",
    ),
    (
        'patch deployment web -p {"spec":{"template":{"spec":{"containers":[{"name":"main","image":"host:3"}]}}}}',
        "patched",
        "{.spec.template.spec.containers[0].ports[1].containerPort}",
        "53",
    ),
    ("expose deployment web --port=80 --name=s", "exposed", "{.metadata.name}", "web"),
)


@every_kubectl()
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: " ".join(change[0].split()[:3]))
def test_kubectl_changes_a_deployment(
    cluster: Cluster, namespace: str, version: str, change: tuple[str, str, str, str]
) -> None:
    words, says, path, value = change
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "-f", "-", stdin=DEPLOYMENT)

    assert says in kubectl(*words.split())

    assert kubectl("get", "deployment", "web", "-o", f"jsonpath={path}") == value


@every_kubectl()
def test_kubectl_applies_changes_and_removes_what_is_left_out(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)

    assert "deployment.apps/web created" in kubectl("apply", "-f", "-", stdin=DEPLOYMENT)
    assert "unchanged" in kubectl("apply", "-f", "-", stdin=DEPLOYMENT)
    assert "configured" in kubectl(
        "apply", "-f", "-", stdin=DEPLOYMENT.replace(", {containerPort: 53, protocol: UDP}", "")
    )

    ports = kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].ports}")
    assert json.loads(ports) == [{"containerPort": 80, "protocol": "TCP"}]


@every_kubectl("1.20")
def test_kubectl_moves_from_client_side_to_server_side_apply(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("apply", "-f", "-", stdin=DEPLOYMENT)

    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", stdin=DEPLOYMENT)
    shorter = DEPLOYMENT.replace(", {containerPort: 53, protocol: UDP}", "")
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", stdin=shorter)

    ports = kubectl(
        "get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].ports[*].containerPort}"
    )
    assert ports == "80"
    managers = kubectl(
        "get", "deployment", "web", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields[*].manager}"
    )
    assert "kubectl-client-side-apply" not in managers.split()


@every_kubectl()
def test_kubectl_apply_on_the_server_names_who_owns_a_field(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("apply", "--server-side", "-f", "-", stdin=DEPLOYMENT)
    kubectl("scale", "deployment", "web", "--replicas=5")
    more = DEPLOYMENT.replace("replicas: 0", "replicas: 1")

    refused = kubectl.run("apply", "--server-side", "-f", "-", stdin=more)
    forced = kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=more)

    assert "Apply failed with 1 conflict" in refused.err
    assert ".spec.replicas" in refused.err
    assert "serverside-applied" in forced
    assert kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "1"


@every_kubectl()
@pytest.mark.parametrize("mode", [(), ("--server-side",)], ids=["client", "server"])
def test_kubectl_shows_the_difference(cluster: Cluster, namespace: str, version: str, mode: tuple[str, ...]) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("apply", *mode, "-f", "-", stdin=DEPLOYMENT)

    shown = kubectl.run("diff", *mode, "-f", "-", stdin=DEPLOYMENT.replace("replicas: 0", "replicas: 4"))

    assert shown.code == 1
    assert "-  replicas: 0" in shown.out
    assert "+  replicas: 4" in shown.out


@every_kubectl()
def test_kubectl_replaces_and_deletes(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "-f", "-", stdin=DEPLOYMENT)

    assert "replaced" in kubectl("replace", "-f", "-", stdin=DEPLOYMENT.replace("replicas: 0", "replicas: 1"))
    assert "replaced" in kubectl("replace", "--force", "-f", "-", stdin=DEPLOYMENT)
    assert "(server dry run)" in kubectl("delete", "deployment", "web", "--dry-run=server")
    assert "deleted" in kubectl("delete", "deployment", "web", "--cascade=foreground" if version != "1.20" else "--now")
    assert "not found" in kubectl.run("get", "deployment", "web").err


@every_kubectl()
def test_kubectl_refuses_a_manifest_with_unknown_fields(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)

    refused = kubectl.run("create", "-f", "-", stdin=DEPLOYMENT.replace("replicas: 0", "replicaz: 0"))

    assert refused.code != 0
    assert 'unknown field "' in refused.err


@every_kubectl()
def test_kubectl_handles_nodes(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    node = kubectl("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}")

    try:
        kubectl("cordon", node)
        assert "SchedulingDisabled" in kubectl("get", "node", node)
        kubectl("taint", "node", node, "example.com/a=b:NoSchedule")
        assert kubectl("get", "node", node, "-o", "jsonpath={.spec.taints[?(@.key=='example.com/a')].value}") == "b"
        kubectl("taint", "node", node, "example.com/a-")
        kubectl("label", "node", node, "zone=x", "--overwrite")
    finally:
        kubectl("uncordon", node)
    assert "SchedulingDisabled" not in kubectl("get", "node", node)


def test_kubectl_edits(cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    kubectl = Kubectl(cluster, namespace, "1.37")
    kubectl("create", "-f", "-", stdin=DEPLOYMENT)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nexec sed -i "s/replicas: 0/replicas: 9/" "$1"\n')
    editor.chmod(0o700)
    cluster.environment["KUBE_EDITOR"] = str(editor)

    assert "edited" in kubectl("edit", "deployment", "web")

    assert kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "9"
