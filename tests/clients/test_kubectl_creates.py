"""Every ``kubectl create …``: today's kubectl sends these in protobuf, older ones in JSON."""

from typing import NamedTuple

import pytest

from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster


class Create(NamedTuple):
    """A command, what it prints, and a JSONPath of what was made with its value."""

    words: str
    says: str
    path: str
    value: str


CREATES = (
    Create("configmap c --from-literal=a=1", "configmap/c created", "{.data.a}", "1"),
    Create("secret generic s --from-literal=p=x", "secret/s created", "{.data.p}", "eA=="),
    Create(
        "secret docker-registry d --docker-username=u --docker-password=p --docker-server=r.example.com",
        "secret/d created",
        "{.type}",
        "kubernetes.io/dockerconfigjson",
    ),
    Create("serviceaccount a", "serviceaccount/a created", "{.metadata.name}", "a"),
    Create("deployment d --image=host --replicas=2", "deployment.apps/d created", "{.spec.replicas}", "2"),
    Create(
        "job j --image=host -- true", "job.batch/j created", "{.spec.template.spec.containers[0].command[0]}", "true"
    ),
    Create(
        "cronjob c --image=host --schedule=*/5_*_*_*_* -- true",
        "cronjob.batch/c created",
        "{.spec.schedule}",
        "*/5 * * * *",
    ),
    Create("service clusterip s --tcp=80:8080", "service/s created", "{.spec.ports[0].targetPort}", "8080"),
    Create("service nodeport n --tcp=80:8080", "service/n created", "{.spec.type}", "NodePort"),
    Create("service loadbalancer l --tcp=80:8080", "service/l created", "{.spec.type}", "LoadBalancer"),
    Create(
        "service externalname e --external-name=x.example.com",
        "service/e created",
        "{.spec.externalName}",
        "x.example.com",
    ),
    Create(
        "role r --verb=get,list --resource=pods",
        "role.rbac.authorization.k8s.io/r created",
        "{.rules[0].verbs}",
        '["get","list"]',
    ),
    Create(
        "rolebinding b --role=r --user=u", "rolebinding.rbac.authorization.k8s.io/b created", "{.subjects[0].name}", "u"
    ),
    Create("quota q --hard=pods=3,cpu=1500m", "resourcequota/q created", "{.spec.hard.cpu}", "1500m"),
    Create(
        "pdb p --selector=app=web --min-available=1",
        "poddisruptionbudget.policy/p created",
        "{.spec.minAvailable}",
        "1",
    ),
    Create(
        "ingress i --rule=a.example.com/*=s:80",
        "ingress.networking.k8s.io/i created",
        "{.spec.rules[0].host}",
        "a.example.com",
    ),
)
# Of 2021 and its group versions, which later releases dropped: batch/v1beta1, policy/v1beta1.
SINCE_THEN = frozenset({"cronjob", "pdb"})


@every_kubectl()
@pytest.mark.parametrize("create", CREATES, ids=lambda create: " ".join(create.words.split()[:2]))
def test_kubectl_creates(cluster: Cluster, namespace: str, version: str, create: Create) -> None:
    kind, *words = create.words.split()
    kubectl = Kubectl(cluster, namespace, version)
    if version == "1.20" and kind in SINCE_THEN:
        assert kubectl.run("create", kind, *_spaced(words)).code != 0
        return

    said = kubectl("create", kind, *_spaced(words))

    assert create.says in said
    made = create.says.split()[0]
    assert kubectl("get", made, "-o", f"jsonpath={create.path}") == create.value


def _spaced(words: list[str]) -> list[str]:
    return [word.replace("_", " ") for word in words]


CLUSTER_SCOPED = (
    Create("namespace {0}-n", "namespace/{0}-n created", "{.status.phase}", "Active"),
    Create(
        "clusterrole {0}-r --verb=get --resource=nodes",
        "clusterrole.rbac.authorization.k8s.io/{0}-r created",
        "{.rules[0].resources[0]}",
        "nodes",
    ),
    Create(
        "clusterrolebinding {0}-b --clusterrole=view --group=g",
        "clusterrolebinding.rbac.authorization.k8s.io/{0}-b created",
        "{.roleRef.name}",
        "view",
    ),
    Create("priorityclass {0}-p --value=1000", "priorityclass.scheduling.k8s.io/{0}-p created", "{.value}", "1000"),
)


@every_kubectl()
@pytest.mark.parametrize("create", CLUSTER_SCOPED, ids=lambda create: create.words.split()[0])
def test_kubectl_creates_what_has_no_namespace(cluster: Cluster, namespace: str, version: str, create: Create) -> None:
    kubectl, unique = Kubectl(cluster, namespace, version), f"{namespace}-{version.replace('.', '-')}"

    said = kubectl("create", *create.words.format(unique).split())

    made = create.says.format(unique).split()[0]
    assert create.says.format(unique) in said
    assert kubectl("get", made, "-o", f"jsonpath={create.path}") == create.value
    kubectl("delete", made, "--wait=false")


@every_kubectl("1.20")
def test_kubectl_creates_a_token(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "serviceaccount", "robot")

    token = kubectl("create", "token", "robot", "--duration=10m").strip()

    assert token.count(".") == 2
    assert f"system:serviceaccount:{namespace}:robot" in kubectl("--token", token, "auth", "whoami")


@every_kubectl()
def test_kubectl_autoscales(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "deployment", "web", "--image=host", "--replicas=0")

    said = kubectl("autoscale", "deployment", "web", "--min=1", "--max=4", "--cpu-percent=70")

    assert "horizontalpodautoscaler.autoscaling/web autoscaled" in said
    target = "jsonpath={.spec.metrics[0].resource.target.averageUtilization} {.spec.maxReplicas}"
    assert kubectl("get", "horizontalpodautoscalers.v2.autoscaling", "web", "-o", target) == "70 4"
    assert (
        kubectl(
            "get",
            "horizontalpodautoscalers.v1.autoscaling",
            "web",
            "-o",
            "jsonpath={.spec.targetCPUUtilizationPercentage}",
        )
        == "70"
    )
