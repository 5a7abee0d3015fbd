"""Every output form of ``kubectl get``, of one object and of lists, and what else kubectl reads."""

import json
from collections.abc import Callable

import pytest
import yaml

from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster

FORMS: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.loads(text)["items"][0]["metadata"]["name"],
    "yaml": lambda text: yaml.safe_load(text)["items"][0]["metadata"]["name"],
    "name": lambda text: text.strip().removeprefix("configmap/"),
    "wide": lambda text: text.splitlines()[1].split()[0],
    "custom-columns=NAME:.metadata.name": lambda text: text.splitlines()[1],
    "jsonpath={.items[0].metadata.name}": str,
    "go-template={{range .items}}{{.metadata.name}}{{end}}": str,
}


@every_kubectl()
@pytest.mark.parametrize("form", FORMS)
def test_kubectl_gets_in_every_form(cluster: Cluster, namespace: str, version: str, form: str) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "configmap", "named", "--from-literal=a=1")

    printed = kubectl("get", "configmaps", "--field-selector=metadata.name=named", "-o", form)

    assert FORMS[form](printed) == "named"


READS = (
    ("get configmaps --show-labels", "LABELS"),
    ("get configmaps -l tier=gold", "one"),
    ("get configmaps -l tier=gold -L tier", "gold"),
    ("get configmaps --chunk-size=1 -l tier", "two"),
    ("get configmaps --sort-by=.metadata.name", "one"),
    ("get configmaps --sort-by=.metadata.creationTimestamp -o name", "configmap/two"),
    ("get configmaps/one configmaps/two", "two"),
    ("get configmap/one serviceaccount/absent --ignore-not-found -o name", "configmap/one"),
    ("get configmaps,services,deployments -A --no-headers", "one"),
    ("get all", "service/web"),
    ("get --raw /api/v1/namespaces/{namespace}/configmaps/one", '"tier":"gold"'),
    ("get --raw /livez", "ok"),
    ("get --raw /readyz", "ok"),
    ("get --raw /version", "gitVersion"),
    ("get --raw /metrics", "apiserver_request_total"),
    ("get endpoints,events,leases -A", "lease.coordination.k8s.io"),
    ("get node -o wide", "CONTAINER-RUNTIME"),
    ("describe configmap one", "Name:         one"),
    ("describe service web", "Selector:"),
    ("describe deployment web", "Replicas:"),
    ("describe namespace {namespace}", "No resource quota"),
    ("describe nodes", "Allocated resources"),
    ("describe serviceaccount default", "Image pull secrets"),
    ("api-resources --namespaced=true -o name", "deployments.apps"),
    ("api-resources --verbs=list,watch --api-group=apps", "daemonsets"),
    ("api-versions", "rbac.authorization.k8s.io/v1"),
    ("cluster-info", "control plane"),
    ("explain deployment.spec.strategy.rollingUpdate", "maxSurge"),
    ("explain pod.spec.containers --recursive", "livenessProbe"),
    ("explain ingress.spec.rules.http.paths.backend", "service"),
    ("auth can-i create deployments", "yes"),
    ("auth can-i --list", "*.*"),
    ("version -o json", '"major": "1"'),
    ("rollout history deployment/web", "No rollout history found"),
    ("config view", "clusters"),
)
NEWER = {
    # What kubectl 1.20 does not have, or says in other words.
    "cluster-info": "Kubernetes",
}


@every_kubectl()
@pytest.mark.parametrize(("words", "shows"), READS, ids=[words for words, _ in READS])
def test_kubectl_reads(cluster: Cluster, standing: str, version: str, words: str, shows: str) -> None:
    kubectl = Kubectl(cluster, standing, version)

    printed = kubectl(*words.format(namespace=standing).split())

    assert (NEWER.get(words, shows) if version == "1.20" else shows) in printed


@pytest.fixture(scope="module")
def standing(cluster: Cluster) -> str:
    """Return a namespace with a few objects that nobody changes."""
    kubectl = Kubectl(cluster, "standing", "1.37")
    kubectl("create", "namespace", "standing")
    for name, tier in (("one", "gold"), ("two", "silver")):
        kubectl("create", "configmap", name)
        kubectl("label", "configmap", name, f"tier={tier}")
    kubectl("create", "deployment", "web", "--image=host", "--replicas=0")
    kubectl("expose", "deployment", "web", "--port=80")
    return "standing"


def test_kubectl_watches_and_prints_each_change_once(cluster: Cluster, namespace: str) -> None:
    kubectl = Kubectl(cluster, namespace, "1.37")
    kubectl("create", "configmap", "w")

    watcher = cluster.start("kubectl", "-n", namespace, "get", "configmaps", "w", "-w", "--output-watch-events")
    try:
        assert watcher.stdout is not None
        seen = [watcher.stdout.readline().split()[0], watcher.stdout.readline().split()[0]]
        kubectl("label", "configmap", "w", "a=b")
        seen.append(watcher.stdout.readline().split()[0])
        kubectl("delete", "configmap", "w")
        seen.append(watcher.stdout.readline().split()[0])
    finally:
        watcher.kill()
        watcher.communicate()

    assert seen == ["EVENT", "ADDED", "MODIFIED", "DELETED"]


WAITS = (
    ("wait", "--for=create", "configmap/later", "--timeout=10s"),
    ("wait", "--for=jsonpath={.data.a}=1", "configmap/later", "--timeout=10s"),
    ("wait", "--for=delete", "configmap/gone", "--timeout=10s"),
)


@every_kubectl("1.20")
@pytest.mark.parametrize("words", WAITS, ids=lambda words: words[1])
def test_kubectl_waits(cluster: Cluster, namespace: str, version: str, words: tuple[str, ...]) -> None:
    kubectl = Kubectl(cluster, namespace, version)
    kubectl("create", "configmap", "later", "--from-literal=a=1")

    kubectl(*words)


def test_kubectl_wait_ends_when_the_object_changes(cluster: Cluster, namespace: str) -> None:
    kubectl = Kubectl(cluster, namespace, "1.37")
    kubectl("create", "configmap", "c")
    waiting = cluster.start(
        "kubectl", "-n", namespace, "wait", "--for=jsonpath={.data.a}=1", "configmap/c", "--timeout=30s"
    )

    kubectl("patch", "configmap", "c", "-p", '{"data": {"a": "1"}}')

    out, _ = waiting.communicate(timeout=30)
    assert (waiting.returncode, out) == (0, "configmap/c condition met\n")
