"""Our own command line against a real cluster: the same objects, the same words, one-line errors."""

import json

import pytest
import yaml

from tests.e2e.cluster import Cluster, lines_of, until
from tests.e2e.manifests import config_map, pod, replication_controller


@pytest.fixture
def web(cluster: Cluster, namespace: str) -> str:
    """A namespace in which two pods of a controller run."""
    cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=replication_controller("rc", 2))
    until("they run", lambda: cluster.kubernel("get", "pods", "-n", namespace).count(" Running ") == 2)
    return namespace


def test_get_prints_what_kubectl_prints(cluster: Cluster, web: str) -> None:
    for arguments in (("get", "rc", "-n", web), ("get", "pods", "-n", web, "-o", "name"), ("get", "nodes")):
        ours = [line.split()[:2] for line in cluster.kubernel(*arguments).splitlines()]
        theirs = [line.split()[:2] for line in cluster.kubectl(*arguments).splitlines()]

        assert ours == theirs


def test_get_documents_are_the_objects(cluster: Cluster, web: str) -> None:
    from_yaml = yaml.safe_load(cluster.kubernel("get", "rc", "rc", "-n", web, "-o", "yaml"))
    from_json = json.loads(cluster.kubernel("get", "rc/rc", "-n", web, "-o", "json"))

    assert from_yaml["spec"] == from_json["spec"]
    assert from_json["metadata"]["name"] == "rc"


def test_get_of_nothing_says_where_it_looked(cluster: Cluster, namespace: str) -> None:
    done = cluster.run("kubernel", "get", "pods", "-n", namespace)

    assert (done.code, done.out, done.err) == (0, "", f"No resources found in {namespace} namespace.\n")


def test_get_watch_goes_on_with_changes(cluster: Cluster, namespace: str) -> None:
    cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=config_map("first"))
    process = cluster.start("kubernel", "get", "cm", "-n", namespace, "-w", "-o", "name")
    # The namespace's own certificate may come in between.
    ours = (line for line in lines_of(process) if line != "configmap/kube-root-ca.crt\n")
    seen = [next(ours)]

    cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=config_map("second"))
    seen.append(next(ours))
    process.kill()
    process.communicate()

    assert seen == ["configmap/first\n", "configmap/second\n"]


def test_describe_shows_fields_and_events(cluster: Cluster, web: str) -> None:
    def text() -> str:
        shown = cluster.kubernel("describe", "rc", "rc", "-n", web)
        return shown if "SuccessfulCreate" in shown else ""

    shown = until("the controller's events are there", text)

    assert "Name:           rc" in shown
    assert "Replicas:" in shown


def test_apply_twice_changes_nothing_and_agrees_with_kubectl(cluster: Cluster, web: str) -> None:
    manifest = replication_controller("rc", 2)

    ours = cluster.kubernel("apply", "-n", web, "-f", "-", stdin=manifest)
    theirs = cluster.kubectl("apply", "-n", web, "-f", "-", stdin=manifest)
    again = cluster.kubernel("apply", "-n", web, "-f", "-", stdin=manifest)

    assert ours == theirs == again == "replicationcontroller/rc unchanged\n"


def test_apply_removes_what_the_manifest_says_no_more(cluster: Cluster, namespace: str) -> None:
    cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=config_map("cm", a="1", b="2"))
    cluster.kubectl("label", "configmap", "cm", "-n", namespace, "mine=yes")

    said = cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=config_map("cm", a="1"))

    live = cluster.get("configmap", "cm", "-n", namespace)
    assert said == "configmap/cm configured\n"
    assert (live["data"], live["metadata"]["labels"]) == ({"a": "1"}, {"mine": "yes"})


def test_scale_and_delete_wait_for_their_effect(cluster: Cluster, web: str) -> None:
    assert cluster.kubernel("scale", "rc/rc", "-n", web, "--replicas", "1") == "replicationcontroller/rc scaled\n"
    until("one pod is left", lambda: len(cluster.get("pods", "-n", web)["items"]) == 1)

    assert cluster.kubernel("delete", "rc", "rc", "-n", web) == 'replicationcontroller "rc" deleted\n'
    until("none is left", lambda: not cluster.get("pods", "-n", web)["items"])


def test_logs_of_all_pods_with_a_label(cluster: Cluster, namespace: str) -> None:
    for name in ("one", "two"):
        manifest = pod(name, f"echo I am {name}", restart="Never")
        cluster.kubernel("apply", "-n", namespace, "-f", "-", stdin=manifest)
    until("both ended", lambda: cluster.kubernel("get", "pods", "-n", namespace).count("Completed") == 2)

    lines = cluster.kubernel("logs", "-l", "app=web", "--prefix", "-n", namespace).splitlines()

    assert sorted(lines) == ["[one/main] I am one", "[two/main] I am two"]


def test_events_are_in_order_and_about_what_was_asked(cluster: Cluster, web: str) -> None:
    lines = until(
        "there are some",
        lambda: cluster.kubernel("events", "-n", web, "--for", "rc/rc").splitlines(),
    )

    assert lines[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    assert all("replicationcontroller/rc" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("get", "ponies"), 'the server doesn\'t have a resource type "ponies"'),
        (("get", "pod", "nobody"), 'pods "nobody" not found'),
        (("describe", "node", "nobody"), 'nodes "nobody" not found'),
        (("scale", "cm/x", "--replicas", "1"), "a configmap cannot be scaled"),
        (("logs", "nobody"), 'pods "nobody" not found'),
        (("apply", "-f", "/nowhere.yaml"), "/nowhere.yaml: No such file or directory"),
        (("--kubeconfig",), "No such option"),
    ],
)
def test_errors_are_one_line_with_the_reason(cluster: Cluster, arguments: tuple[str, ...], sentence: str) -> None:
    done = cluster.run("kubernel", *arguments)

    assert done.code in (1, 2)
    assert sentence in done.err
    assert done.code == 2 or len(done.err.splitlines()) == 1


def test_plugin_list_shows_roles_origins_and_health(cluster: Cluster) -> None:
    lines = cluster.kubernel("plugin", "list").splitlines()

    rows = {tuple(line.split()[:2]): line.split()[2:] for line in lines[1:]}
    assert lines[0].split() == ["ROLE", "NAME", "DISTRIBUTION", "VERSION", "ACTIVE", "HEALTH"]
    assert rows["scheduler", "default"] == ["kubernel-scheduler-default", "0.1.0", "yes", "healthy"]
    assert rows["scheduler", "binpack"] == ["kubernel-scheduler-binpack", "0.1.0", "no"]


def test_plugin_use_swaps_and_reports(own_cluster: Cluster) -> None:
    taken = own_cluster.kubernel("plugin", "use", "scheduler", "binpack")
    refused = own_cluster.refusal("kubernel", "plugin", "use", "scheduler", "nonsense")

    assert taken.startswith("scheduler is served by binpack")
    assert "nonsense" in refused
    assert "'binpack' goes on" in refused


def test_version_shows_both_sides(cluster: Cluster) -> None:
    client, server = cluster.kubernel("version").splitlines()

    assert client.startswith("Client: 0.")
    assert server.startswith("Server: v1.")
