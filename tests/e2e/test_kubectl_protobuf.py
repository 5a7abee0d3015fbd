"""Kubectl's typed commands, which send protobuf and nothing else: what they create is what their options say."""

from typing import Any

import pytest

from tests.e2e.cluster import Cluster


def _at(obj: Any, path: str) -> Any:
    """Return what is at ``spec.ports.0.port``."""
    for step in path.split("."):
        obj = obj[int(step) if step.isdecimal() else step.replace("~", ".")]
    return obj


@pytest.mark.parametrize(
    ("command", "resource", "path", "value"),
    [
        ("configmap a --from-literal=k=v", "configmap/a", "data.k", "v"),
        ("secret generic a --from-literal=k=v", "secret/a", "data.k", "dg=="),
        (
            "secret docker-registry r --docker-server=s --docker-username=u --docker-password=p",
            "secret/r",
            "type",
            None,
        ),
        ("serviceaccount a", "serviceaccount/a", "metadata.name", "a"),
        ("service clusterip a --tcp=80:8080", "service/a", "spec.ports.0.targetPort", 8080),
        ("service nodeport n --tcp=80", "service/n", "spec.type", "NodePort"),
        ("service externalname e --external-name=example.com", "service/e", "spec.externalName", "example.com"),
        ("quota a --hard=pods=3,requests.cpu=0.5", "quota/a", "spec.hard.requests~cpu", "500m"),
        ("deployment a --image=host --replicas=0", "deployment/a", "spec.replicas", 0),
        ("job a --image=host -- sleep 1", "job/a", "spec.template.spec.containers.0.command", ["sleep", "1"]),
        ("cronjob a --image=host --schedule=@hourly", "cronjob/a", "spec.schedule", "@hourly"),
        ("role a --verb=get --resource=pods", "role/a", "rules.0.verbs", ["get"]),
        ("rolebinding a --role=a --user=u", "rolebinding/a", "subjects.0.name", "u"),
        ("poddisruptionbudget a --selector=a=b --min-available=0", "pdb/a", "spec.minAvailable", 0),
        ("ingress a --rule=a.example/x=s:80", "ingress/a", "spec.rules.0.host", "a.example"),
    ],
)
def test_create_makes_what_its_options_say(
    cluster: Cluster, namespace: str, command: str, resource: str, path: str, value: Any
) -> None:
    cluster.kubectl("create", "-n", namespace, *command.split())

    found = _at(cluster.get(resource, "-n", namespace), path)
    assert found == (value if value is not None else "kubernetes.io/dockerconfigjson")


def test_create_makes_what_has_no_namespace(cluster: Cluster) -> None:
    cluster.kubectl("create", "namespace", "by-protobuf")
    cluster.kubectl("create", "priorityclass", "by-protobuf", "--value=0", "--description=d")
    cluster.kubectl("create", "clusterrole", "by-protobuf", "--verb=list", "--resource=nodes")

    assert cluster.get("namespace", "by-protobuf")["spec"]["finalizers"] == ["kubernetes"]
    assert cluster.get("priorityclass", "by-protobuf")["value"] == 0
    assert cluster.get("clusterrole", "by-protobuf")["rules"][0]["resources"] == ["nodes"]


def test_autoscale_makes_an_autoscaler(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "deployment", "scaled", "-n", namespace, "--image=host", "--replicas=0")
    cluster.kubectl("autoscale", "deployment", "scaled", "-n", namespace, "--min=1", "--max=3", "--cpu=50%")

    assert cluster.get("hpa", "scaled", "-n", namespace)["spec"]["maxReplicas"] == 3


def test_create_of_a_wrong_name_is_refused_as_in_json(cluster: Cluster, namespace: str) -> None:
    said = cluster.refusal("kubectl", "create", "configmap", "Wrong_", "-n", namespace)

    assert 'ConfigMap "Wrong_" is invalid: metadata.name: Invalid value: "Wrong_"' in said
