"""What the real kubectl reads: tables, documents, selections, descriptions, discovery."""

import json
import re

import pytest
import yaml

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import config_map, pod, replication_controller, service


@pytest.fixture
def web(cluster: Cluster, namespace: str) -> str:
    """A namespace in which the pod ``web`` runs and the config map ``settings`` lies."""
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("web"))
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=config_map("settings", colour="blue"))
    until("the pod runs", lambda: cluster.get("pod", "web", "-n", namespace)["status"]["phase"] == "Running")
    return namespace


def test_get_prints_the_servers_table(cluster: Cluster, web: str) -> None:
    headings, row = cluster.kubectl("get", "pods", "-n", web).splitlines()

    assert headings.split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert re.fullmatch(r"web +1/1 +Running +0 +\d+s", row)


def test_get_wide_adds_address_and_node(cluster: Cluster, web: str) -> None:
    headings, row = cluster.kubectl("get", "pods", "-n", web, "-o", "wide").splitlines()

    assert headings.split()[5:7] == ["IP", "NODE"]
    assert re.search(r" 127\.\d+\.\d+\.\d+ +node-\d", row)


def test_get_yaml_json_and_name_show_the_same_object(cluster: Cluster, web: str) -> None:
    from_yaml = yaml.safe_load(cluster.kubectl("get", "configmap", "settings", "-n", web, "-o", "yaml"))
    from_json = json.loads(cluster.kubectl("get", "configmap", "settings", "-n", web, "-o", "json"))

    assert from_yaml == from_json
    assert from_json["data"] == {"colour": "blue"}
    assert cluster.kubectl("get", "cm", "settings", "-n", web, "-o", "name") == "configmap/settings\n"


@pytest.mark.parametrize(
    ("selection", "is_found"),
    [
        (("-l", "app=web"), True),
        (("-l", "app in (web,db),!tier"), True),
        (("-l", "app!=web"), False),
        (("-l", "app notin (web)"), False),
        (("--field-selector", "status.phase=Running"), True),
        (("--field-selector", "metadata.name!=web"), False),
        (("--field-selector", "status.phase=Running,spec.nodeName="), False),
    ],
)
def test_get_selects_by_labels_and_fields(
    cluster: Cluster, web: str, selection: tuple[str, str], is_found: bool
) -> None:
    names = cluster.kubectl("get", "pods", "-n", web, *selection, "-o", "name").split()

    assert names == (["pod/web"] if is_found else [])


def test_get_all_namespaces_shows_where(cluster: Cluster, web: str) -> None:
    lines = cluster.kubectl("get", "pods", "-A").splitlines()

    assert lines[0].startswith("NAMESPACE")
    assert any(line.split()[:2] == [web, "web"] for line in lines)


def test_get_all_shows_pods_services_and_controllers(cluster: Cluster, web: str) -> None:
    cluster.kubectl("create", "-n", web, "-f", "-", stdin=service("front", 80, 8080))
    cluster.kubectl("create", "-n", web, "-f", "-", stdin=replication_controller("back", 0, selector="x", label="x"))

    shown = cluster.kubectl("get", "all", "-n", web, "-o", "name").split()

    assert set(shown) == {"pod/web", "service/front", "replicationcontroller/back"}


def test_describe_pod_shows_its_life_and_its_events(cluster: Cluster, web: str) -> None:
    text = _description_with_events(cluster, web)

    assert re.search(r"^Status: +Running$", text, re.MULTILINE)
    assert re.search(r"^Node: +node-\d/", text, re.MULTILINE)
    assert re.search(r"Normal +Scheduled .* Successfully assigned", text)


def _description_with_events(cluster: Cluster, namespace: str) -> str:
    def ask() -> str:
        text = cluster.kubectl("describe", "pod", "web", "-n", namespace)
        return text if "Started" in text and "Scheduled" in text else ""

    return until("scheduler and agent have filed their events", ask)


@pytest.mark.parametrize("words", [("nodes",), ("namespaces",), ("plugins",), ("leases", "-n", "kube-node-lease")])
def test_describe_works_for_every_kind(cluster: Cluster, words: tuple[str, ...]) -> None:
    assert cluster.kubectl("describe", *words).startswith("Name:")


def test_api_resources_lists_every_kind(cluster: Cluster) -> None:
    lines = cluster.kubectl("api-resources", "--no-headers").splitlines()

    plurals = {line.split()[0] for line in lines}
    assert plurals >= {
        *("namespaces", "nodes", "pods", "replicationcontrollers", "services", "endpoints", "events"),
        *("configmaps", "secrets", "serviceaccounts", "leases", "plugins"),
    }


def test_version_names_server_and_client(cluster: Cluster) -> None:
    text = cluster.kubectl("version")

    assert "Client Version:" in text
    assert re.search(r"Server Version: v1\.\d+", text)


def test_cluster_info_names_the_control_plane(cluster: Cluster) -> None:
    assert f"https://127.0.0.1:{cluster.port}" in cluster.kubectl("cluster-info")


def test_events_tell_the_story_of_a_pod(cluster: Cluster, web: str) -> None:
    def reasons() -> set[str]:
        return {event["reason"] for event in cluster.get("events", "-n", web)["items"]}

    until("the story is complete", lambda: reasons() >= {"Scheduled", "Started"})

    assert "Scheduled" in cluster.kubectl("events", "-n", web, "--for", "pod/web")
