"""What the real kubectl does with pods beyond objects: drain, exec and its like, and the proxy."""

import json

import pytest

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import pod, service

SERVER = "exec python3 -c 'import http.server as h, os; h.test(h.SimpleHTTPRequestHandler, bind=os.environ[\"IP\"])'"
ADDRESS = {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}


@pytest.fixture
def runs(cluster: Cluster, namespace: str) -> str:
    """Return the name of a pod that runs."""
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("web"))
    until("it runs", lambda: cluster.get("pod", "web", "-n", namespace)["status"]["phase"] == "Running")
    return "web"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("exec", "web", "--", "ls"), "exec"),
        (("attach", "web"), "attach"),
        (("cp", "web:/etc/hostname", "/dev/null"), "exec"),
        (("port-forward", "web", ":80"), "port-forward"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_what_the_runtime_cannot_do_yet_is_said(
    cluster: Cluster, namespace: str, command: tuple[str, ...], what: str
) -> None:
    said = cluster.refusal("kubectl", "-n", namespace, *command)

    assert f"{what} is not implemented by runtime process" in said


@pytest.mark.usefixtures("runs")
def test_exec_into_a_container_that_is_none_is_refused(cluster: Cluster, namespace: str) -> None:
    said = cluster.refusal("kubectl", "exec", "web", "-c", "nosuch", "-n", namespace, "--", "ls")

    assert "container nosuch is not valid for pod web" in said


@pytest.mark.usefixtures("runs")
def test_drain_evicts_the_pods_of_a_node(cluster: Cluster, namespace: str) -> None:
    node = cluster.get("pod", "web", "-n", namespace)["spec"]["nodeName"]
    selector = f"--pod-selector=app={cluster.get('pod', 'web', '-n', namespace)['metadata']['labels']['app']}"

    try:
        said = cluster.kubectl("drain", node, "--force", "--ignore-daemonsets", selector, "--timeout=50s")
    finally:
        cluster.kubectl("uncordon", node)

    assert "pod/web evicted" in said
    assert not cluster.get("pods", "-n", namespace)["items"]


def test_raw_requests_reach_pods_services_and_nodes(cluster: Cluster, namespace: str) -> None:
    manifest = json.loads(pod("files", SERVER))
    manifest["spec"]["containers"][0] |= {"env": [ADDRESS], "ports": [{"containerPort": 8000}]}
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(manifest))
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=service("front", 80, 8000))
    path = f"/api/v1/namespaces/{namespace}"

    def page(where: str) -> str:
        return cluster.kubectl("get", "--raw", f"{path}/{where}/proxy/")

    of_pod = until("the pod answers", lambda: page("pods/files"))
    of_service = until("the service has an endpoint", lambda: page("services/front"))
    node = cluster.get("pod", "files", "-n", namespace)["spec"]["nodeName"]

    assert "Directory listing" in of_pod
    assert of_service == of_pod
    assert cluster.kubectl("get", "--raw", f"/api/v1/nodes/{node}/proxy/healthz") == "ok"


@pytest.mark.usefixtures("runs")
def test_debug_adds_a_container_to_a_pod_that_runs(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("debug", "web", "-n", namespace, "--image=busybox", "--target=main", "-c", "guest", "--", "sh")

    (guest,) = cluster.get("pod", "web", "-n", namespace)["spec"]["ephemeralContainers"]
    assert (guest["name"], guest["targetContainerName"]) == ("guest", "main")


@pytest.mark.usefixtures("runs")
def test_patch_resizes_a_pod_that_runs(cluster: Cluster, namespace: str) -> None:
    wanted = {"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": "10m"}}}]}}
    said = cluster.refusal(
        "kubectl", "patch", "pod", "web", "-n", namespace, "--subresource=resize", "-p", json.dumps(wanted)
    )

    assert "Pod QOS Class may not change as a result of resizing" in said
