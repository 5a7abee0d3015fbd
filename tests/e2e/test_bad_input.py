"""Bad input through the real kubectl: each gets a sentence that names the field, and changes nothing."""

import json

import pytest

from tests.e2e.cluster import Cluster
from tests.e2e.manifests import config_map, pod, replication_controller, service


def _changed(manifest: str, **changes: object) -> str:
    """Return the manifest with fields replaced, each named by its path with ``__`` between the steps."""
    document = json.loads(manifest)
    for path, value in changes.items():
        *steps, last = path.split("__")
        place = document
        for step in steps:
            place = place[step]
        place[last] = value
    return json.dumps(document)


REFUSED = [
    pytest.param(_changed(pod("web"), metadata__name="Web_1"), "metadata.name: Invalid value", id="name"),
    pytest.param(_changed(pod("web"), metadata__labels={"a b": "c"}), "metadata.labels: Invalid value", id="label-key"),
    pytest.param(_changed(pod("web"), metadata__labels={"a": "c d"}), "metadata.labels: Invalid value", id="label"),
    pytest.param(_changed(pod("web"), spec__containers=[]), "spec.containers: Required value", id="no-container"),
    pytest.param(_changed(pod("web"), spec__restartPolicy="Maybe"), "spec.restartPolicy: Unsupported value", id="enum"),
    pytest.param(replication_controller("rc", -1), "spec.replicas: Invalid value: -1", id="negative-replicas"),
    pytest.param(
        replication_controller("rc", 1, label="other"), "`selector` does not match template `labels`", id="selector"
    ),
    pytest.param(service("svc", 70000, 80), "spec.ports[0].port: Invalid value: 70000", id="port"),
    pytest.param(_changed(pod("web"), metadata__namespace="kube-nowhere"), 'namespaces "kube-nowhere"', id="namespace"),
    pytest.param(_changed(pod("web"), spec__colour="blue"), 'unknown field "spec.colour"', id="unknown-field"),
    pytest.param(_changed(pod("web"), spec__containers="none"), "spec.containers", id="wrong-type"),
]


@pytest.mark.parametrize(("manifest", "sentence"), REFUSED)
def test_create_is_refused_with_the_field(cluster: Cluster, manifest: str, sentence: str) -> None:
    said = cluster.refusal("kubectl", "create", "-f", "-", stdin=manifest)

    assert sentence in said


@pytest.mark.parametrize(("manifest", "sentence"), REFUSED)
def test_our_apply_is_refused_with_the_field(cluster: Cluster, manifest: str, sentence: str) -> None:
    said = cluster.refusal("kubernel", "apply", "-f", "-", stdin=manifest)

    assert sentence in said


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        (_changed(pod("web"), kind="Pony"), 'no matches for kind "Pony" in version "v1"'),
        (_changed(pod("web"), apiVersion="v9"), 'no matches for kind "Pod" in version "v9"'),
    ],
)
def test_unknown_kinds_and_versions_are_refused(cluster: Cluster, manifest: str, sentence: str) -> None:
    assert sentence in cluster.refusal("kubernel", "apply", "-f", "-", stdin=manifest)
    assert sentence in cluster.refusal("kubectl", "create", "--validate=false", "-f", "-", stdin=manifest)


@pytest.mark.parametrize("text", ["{", "a: [", "- 1\n- 2", "just words", "kind: Pod"])
@pytest.mark.parametrize("program", ["kubectl", "kubernel"])
def test_malformed_manifests_are_refused(cluster: Cluster, program: str, text: str) -> None:
    assert cluster.refusal(program, "apply", "-f", "-", stdin=text).startswith("error:")


def test_unknown_field_is_only_warned_about_when_asked(cluster: Cluster, namespace: str) -> None:
    manifest = _changed(config_map("warned"), colour="blue")

    done = cluster.run("kubectl", "create", "-n", namespace, "--validate=warn", "-f", "-", stdin=manifest)

    assert done.code == 0
    assert 'unknown field "colour"' in done.err


def test_object_over_the_limit_is_refused(cluster: Cluster, namespace: str) -> None:
    manifest = pod("large", "x" * 1_600_000)

    said = cluster.refusal("kubectl", "create", "-n", namespace, "-f", "-", stdin=manifest)

    assert "too large" in said.lower()
    assert cluster.get("pods", "-n", namespace)["items"] == []


@pytest.mark.parametrize("selector", ["a in", "a=b=c", "!", "a in ()", "-a=b"])
def test_bad_selectors_are_refused_by_the_server(cluster: Cluster, selector: str) -> None:
    said = cluster.refusal("kubernel", "get", "pods", f"-l={selector}")

    assert said.startswith("error: ")
    assert len(said.splitlines()) == 1


def test_unknown_field_selector_names_the_field(cluster: Cluster) -> None:
    said = cluster.refusal("kubectl", "get", "pods", "--field-selector", "spec.colour=blue")

    assert "spec.colour" in said


def test_unknown_token_is_unauthorized(cluster: Cluster) -> None:
    ca = str(cluster.data / "pki" / "ca.crt")
    server = f"https://127.0.0.1:{cluster.port}"

    said = cluster.refusal(
        "kubectl",
        "--kubeconfig=/dev/null",
        f"--server={server}",
        f"--certificate-authority={ca}",
        "--token=x",
        "get",
        "po",
    )

    assert "unauthorized" in said.lower() or "must be logged in" in said.lower()
