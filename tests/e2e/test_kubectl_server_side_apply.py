"""Server-side apply with the real kubectl: conflicts, force, the way over from client-side apply, diff, prune."""

import json
from typing import Any

import pytest

from tests.e2e.cluster import Cluster
from tests.e2e.manifests import config_map, replication_controller

APPLY = ("apply", "--server-side", "-f", "-")


class Applier:
    """Runs kubectl in one namespace."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.cluster = cluster
        self.options = ("-n", namespace)

    def apply(self, manifest: str, *options: str) -> str:
        return self.cluster.kubectl(*APPLY, *self.options, *options, stdin=manifest)

    def refusal(self, manifest: str, *options: str) -> str:
        return self.cluster.refusal("kubectl", *APPLY, *self.options, *options, stdin=manifest)

    def owners(self, name: str) -> dict[str, Any]:
        """Return each manager's fields, named with its operation."""
        said = self.cluster.kubectl("get", "configmap", name, *self.options, "-o", "json", "--show-managed-fields")
        entries = json.loads(said)["metadata"].get("managedFields", [])
        return {f"{entry['manager']}/{entry['operation']}": entry["fieldsV1"] for entry in entries}

    def data(self, name: str) -> dict[str, str]:
        data: dict[str, str] = self.cluster.get("configmap", name, *self.options)["data"]
        return data


@pytest.fixture
def applier(cluster: Cluster, namespace: str) -> Applier:
    return Applier(cluster, namespace)


def test_apply_makes_changes_and_removes(applier: Applier) -> None:
    said = [
        applier.apply(config_map("x", a="1", b="2")),
        applier.apply(config_map("x", a="3")),
    ]

    assert said == ["configmap/x serverside-applied\n"] * 2
    assert applier.data("x") == {"a": "3"}
    assert applier.owners("x") == {"kubectl/Apply": {"f:data": {"f:a": {}}}}


def test_conflict_is_shown_and_force_takes_over(applier: Applier) -> None:
    applier.apply(config_map("x", a="1"), "--field-manager", "one")

    said = applier.refusal(config_map("x", a="2"), "--field-manager", "two")
    applier.apply(config_map("x", a="2"), "--field-manager", "two", "--force-conflicts")

    assert said.startswith('error: Apply failed with 1 conflict: conflict with "one": .data.a\n')
    assert applier.data("x") == {"a": "2"}
    assert list(applier.owners("x")) == ["two/Apply"]


def test_client_side_apply_is_followed_by_server_side_apply_without_conflict(applier: Applier) -> None:
    applier.cluster.kubectl("apply", *applier.options, "-f", "-", stdin=config_map("x", a="1", b="2"))
    assert list(applier.owners("x")) == ["kubectl-client-side-apply/Update"]

    applier.apply(config_map("x", a="3"))

    assert applier.data("x") == {"a": "3"}
    owners = applier.owners("x")
    assert owners["kubectl/Apply"] == {"f:data": {"f:a": {}}}
    assert set(owners) == {"kubectl/Apply", "kubectl-last-applied/Apply"}
    last = applier.cluster.kubectl("apply", "view-last-applied", "configmap", "x", *applier.options, "-o", "json")
    assert json.loads(last)["data"] == {"a": "3"}


def test_client_side_apply_goes_on_after_server_side_apply(applier: Applier) -> None:
    applier.cluster.kubectl("apply", *applier.options, "-f", "-", stdin=config_map("x", a="1", b="2"))
    applier.apply(config_map("x", a="1", b="2"))

    applier.cluster.kubectl("apply", *applier.options, "-f", "-", stdin=config_map("x", a="1"))

    assert applier.data("x") == {"a": "1"}


def test_edit_of_another_is_a_conflict_after_the_move(applier: Applier) -> None:
    applier.apply(config_map("x", a="1"))
    applier.cluster.kubectl("patch", "configmap", "x", *applier.options, "-p", '{"data":{"a":"2"}}')

    said = applier.refusal(config_map("x", a="3"))

    assert 'conflict with "kubectl-patch" using v1: .data.a' in said


def test_diff_shows_what_an_apply_would_do(applier: Applier) -> None:
    applier.apply(config_map("x", a="1"))

    done = applier.cluster.run(
        "kubectl", "diff", "--server-side", *applier.options, "-f", "-", stdin=config_map("x", a="2")
    )

    assert done.code == 1, done.err
    assert '-  a: "1"\n+  a: "2"\n' in done.out
    assert applier.data("x") == {"a": "1"}


def test_dry_run_stores_nothing(applier: Applier) -> None:
    said = applier.apply(config_map("x", a="1"), "--dry-run=server")

    assert said == "configmap/x serverside-applied (server dry run)\n"
    assert "not found" in applier.cluster.refusal("kubectl", "get", "configmap", "x", *applier.options)


def test_scaled_field_is_the_scalers(applier: Applier) -> None:
    applier.apply(replication_controller("rc", 0))
    applier.cluster.kubectl("scale", "rc/rc", "--replicas=0", *applier.options)
    applier.cluster.kubectl("scale", "rc/rc", "--replicas=1", *applier.options)

    said = applier.refusal(replication_controller("rc", 0))

    assert 'conflict with "kubectl" with subresource "scale" using v1: .spec.replicas' in said


def test_prune_removes_what_is_not_applied_any_more(applier: Applier) -> None:
    labelled = json.loads(config_map("gone", a="1"))
    labelled["metadata"]["labels"] = {"set": "s"}
    kept = json.loads(config_map("kept", a="1"))
    kept["metadata"]["labels"] = {"set": "s"}
    prune = ("--prune", "-l", "set=s", "--prune-allowlist", "core/v1/ConfigMap")
    applier.cluster.kubectl("apply", *applier.options, "-f", "-", stdin=json.dumps(labelled))
    applier.cluster.kubectl("apply", *applier.options, "-f", "-", stdin=json.dumps(kept))

    said = applier.cluster.kubectl("apply", *applier.options, *prune, "-f", "-", stdin=json.dumps(kept))

    assert said.splitlines() == ["configmap/kept unchanged", "configmap/gone pruned"]
