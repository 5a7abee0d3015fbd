"""What the real kubectl does with workloads whose controllers need not run: create, show, scale, set, roll out."""

import pytest

from tests.e2e.cluster import Cluster

WEB = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers: [{{name: main, image: "host:1"}}]
"""


@pytest.fixture
def web(cluster: Cluster, namespace: str) -> str:
    """A namespace with a deployment ``web``."""
    cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=WEB.format(kind="Deployment"))
    return namespace


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("Deployment", "NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR"),
        ("ReplicaSet", "NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR"),
        ("StatefulSet", "NAME READY AGE CONTAINERS IMAGES"),
        ("DaemonSet", "NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE SELECTOR AGE CONTAINERS IMAGES SELECTOR"),
    ],
)
def test_workload_is_applied_shown_and_described(cluster: Cluster, namespace: str, kind: str, heading: str) -> None:
    for outcome in ("created", "unchanged"):
        said = cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=WEB.format(kind=kind))
        assert said.split() == [f"{kind.lower()}.apps/web", outcome]

    shown = cluster.kubectl("get", kind, "-n", namespace, "-o", "wide").splitlines()
    assert shown[0].split() == heading.split()
    assert "host:1" in shown[1]
    assert "host:1" in cluster.kubectl("describe", kind, "web", "-n", namespace)


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "replicaset"])
def test_scale_changes_the_replicas(cluster: Cluster, namespace: str, kind: str) -> None:
    names = {"deployment": "Deployment", "statefulset": "StatefulSet", "replicaset": "ReplicaSet"}
    cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=WEB.format(kind=names[kind]))

    cluster.kubectl("scale", kind, "web", "-n", namespace, "--replicas=4")

    assert cluster.get(kind, "web", "-n", namespace)["spec"]["replicas"] == 4


def test_set_image_changes_the_template_and_the_generation(cluster: Cluster, web: str) -> None:
    cluster.kubectl("set", "image", "deployment/web", "-n", web, "main=host:2")

    deployment = cluster.get("deployment", "web", "-n", web)
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "host:2"
    assert deployment["metadata"]["generation"] == 2


def test_rollout_pauses_resumes_and_restarts(cluster: Cluster, web: str) -> None:
    cluster.kubectl("rollout", "pause", "deployment/web", "-n", web)
    assert "restart paused deployment" in cluster.refusal("kubectl", "rollout", "restart", "deployment/web", "-n", web)
    cluster.kubectl("rollout", "resume", "deployment/web", "-n", web)
    cluster.kubectl("rollout", "restart", "deployment/web", "-n", web)

    template = cluster.get("deployment", "web", "-n", web)["spec"]["template"]
    assert "kubectl.kubernetes.io/restartedAt" in template["metadata"]["annotations"]


def test_selector_change_is_refused_in_the_words_of_kubernetes(cluster: Cluster, web: str) -> None:
    other = WEB.format(kind="Deployment").replace("app: web", "app: other")

    said = cluster.refusal("kubectl", "apply", "-n", web, "-f", "-", stdin=other)

    assert 'The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: ' in said
    assert "field is immutable" in said


def test_history_is_what_the_replica_sets_of_a_deployment_say(cluster: Cluster, web: str) -> None:
    uid = cluster.get("deployment", "web", "-n", web)["metadata"]["uid"]
    owner = f"{{apiVersion: apps/v1, kind: Deployment, name: web, uid: {uid}, controller: true}}"
    notes = '{deployment.kubernetes.io/revision: "7", kubernetes.io/change-cause: tried}'
    metadata = f"metadata: {{name: web-1, labels: {{app: web}}, annotations: {notes}, ownerReferences: [{owner}]}}"
    replica_set = WEB.format(kind="ReplicaSet").replace("metadata: {name: web}", metadata)
    cluster.kubectl("create", "-n", web, "-f", "-", stdin=replica_set)

    lines = cluster.kubectl("rollout", "history", "deployment/web", "-n", web)

    assert lines.splitlines()[2].split() == ["7", "tried"]


def test_created_workloads_are_listed_together(cluster: Cluster, namespace: str) -> None:
    commands = (
        ("deployment", "web", "--image=host:1"),
        ("job", "once", "--image=host:1"),
        ("cronjob", "often", "--image=host:1", "--schedule=*/5 * * * *"),
        ("poddisruptionbudget", "some", "--selector=app=web", "--min-available=1"),
    )
    for command in commands:
        cluster.kubectl("create", *command, "-n", namespace)
    cluster.kubectl("autoscale", "deployment", "web", "-n", namespace, "--max=5", "--cpu=70%")

    listed = cluster.kubectl("get", "all,pdb", "-n", namespace, "-o", "name").split()
    shown = cluster.kubectl("get", "hpa,pdb", "-n", namespace)
    assert {
        "deployment.apps/web",
        "job.batch/once",
        "cronjob.batch/often",
        "horizontalpodautoscaler.autoscaling/web",
        "poddisruptionbudget.policy/some",
    } <= set(listed)
    assert "cpu: <unknown>/70%" in shown
    for kind in ("job/once", "cronjob/often", "pdb/some", "hpa/web"):
        assert cluster.kubectl("describe", kind, "-n", namespace)


def test_job_is_made_of_a_cron_job(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "cronjob", "often", "--image=host:1", "--schedule=@daily", "-n", namespace)

    cluster.kubectl("create", "job", "now", "--from=cronjob/often", "-n", namespace)

    job = cluster.get("job", "now", "-n", namespace)
    assert job["spec"]["selector"]["matchLabels"] == {"batch.kubernetes.io/controller-uid": job["metadata"]["uid"]}


def test_autoscaler_is_read_and_changed_in_its_older_version(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "deployment", "web", "--image=host:1", "-n", namespace)
    cluster.kubectl("autoscale", "deployment", "web", "-n", namespace, "--max=5", "--cpu=70%")
    older = "horizontalpodautoscalers.v1.autoscaling"

    patch = '{"spec": {"targetCPUUtilizationPercentage": 50}}'
    cluster.kubectl("patch", older, "web", "-n", namespace, "--type=merge", "-p", patch)

    assert cluster.get(older, "web", "-n", namespace)["spec"]["targetCPUUtilizationPercentage"] == 50
    metrics = cluster.get("hpa", "web", "-n", namespace)["spec"]["metrics"]
    assert metrics[0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 50}


def test_priority_class_gives_its_pods_their_priority(cluster: Cluster, namespace: str) -> None:
    name = f"high-{namespace}"
    assert "2000001000" in cluster.kubectl("get", "priorityclass", "system-node-critical")
    cluster.kubectl("create", "priorityclass", name, "--value=1000", "--preemption-policy=Never")
    overrides = f'{{"spec": {{"priorityClassName": "{name}", "schedulerName": "nobody"}}}}'

    cluster.kubectl("run", "p", "--image=host:1", "-n", namespace, f"--overrides={overrides}")
    said = cluster.refusal(
        "kubectl", "run", "q", "--image=host:1", "-n", namespace, '--overrides={"spec": {"priorityClassName": "none"}}'
    )

    spec = cluster.get("pod", "p", "-n", namespace)["spec"]
    assert (spec["priority"], spec["preemptionPolicy"]) == (1000, "Never")
    assert 'pods "q" is forbidden: no PriorityClass with name none was found' in said
    cluster.kubectl("delete", "priorityclass", name)
