"""Custom resources with clients that others wrote: a definition as real operators have it, and objects of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config, dynamic

from tests.e2e.cluster import Cluster

# The client's connection pools are closed by the garbage collector alone.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

DEFINITION = Path(__file__).with_name("certificates.yaml")
CRD = "crd/certificates.nifty.example.com"


@pytest.fixture
def certificates(cluster: Cluster) -> Iterator[Cluster]:
    """Yield a cluster that serves certificates; they and their definition are deleted afterwards."""
    cluster.kubectl("apply", "-f", str(DEFINITION))
    cluster.kubectl("wait", "--for=condition=Established", CRD, "--timeout=10s")
    yield cluster
    cluster.kubectl("delete", CRD)


def _certificate(name: str, **spec: Any) -> str:
    made = {
        "apiVersion": "nifty.example.com/v1",
        "kind": "Certificate",
        "metadata": {"name": name},
        "spec": {"secretName": f"{name}-tls", "issuerRef": {"name": "ca"}, **spec},
    }
    return json.dumps(made)


def _apply(cluster: Cluster, namespace: str, manifest: str, *options: str) -> str:
    said: str = cluster.kubectl("apply", "-n", namespace, "-f", "-", *options, stdin=manifest)
    return said


def test_apply_creates_configures_and_leaves_alone(certificates: Cluster, namespace: str) -> None:
    manifests = [_certificate("web", dnsNames=["a.example.com"]), _certificate("web", dnsNames=["b.example.com"])]

    said = [_apply(certificates, namespace, manifests[i]).split()[-1] for i in (0, 0, 1)]

    assert said == ["created", "unchanged", "configured"]
    spec = certificates.get("cert", "web", "-n", namespace)["spec"]
    assert spec["dnsNames"] == ["b.example.com"]
    assert (spec["duration"], spec["privateKey"], spec["issuerRef"]["kind"]) == (2160, {"algorithm": "RSA"}, "Issuer")


def test_apply_is_refused_in_the_words_of_the_schema(certificates: Cluster, namespace: str) -> None:
    manifest = _certificate("web", duration=5, renewBefore=7, privateKey={"algorithm": "DES"})

    said = certificates.refusal("kubectl", "apply", "-n", namespace, "-f", "-", stdin=manifest)

    assert 'spec.privateKey.algorithm: Unsupported value: "DES": supported values: "RSA", "ECDSA", "Ed25519"' in said
    manifest = _certificate("web", duration=5, renewBefore=7)
    said = certificates.refusal("kubectl", "apply", "-n", namespace, "-f", "-", stdin=manifest)
    assert "spec: Invalid value: renewBefore must be shorter than duration" in said


def test_unknown_field_is_refused_by_default(certificates: Cluster, namespace: str) -> None:
    manifest = _certificate("web", secretname="x")

    said = certificates.refusal("kubectl", "apply", "-n", namespace, "-f", "-", stdin=manifest)

    assert 'unknown field "spec.secretname"' in said


def test_get_shows_the_columns_and_finds_by_short_name_category_and_field(
    certificates: Cluster, namespace: str
) -> None:
    _apply(certificates, namespace, _certificate("web"))
    status = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    certificates.kubectl(
        "patch", "cert", "web", "-n", namespace, "--type=merge", "--subresource=status", "-p", json.dumps(status)
    )

    heading, row = certificates.kubectl("get", "certs", "-n", namespace, "-o", "wide").splitlines()
    by_field = certificates.kubectl("get", "cert", "-n", namespace, "--field-selector=spec.secretName=web-tls")

    assert heading.split() == ["NAME", "READY", "SECRET", "ISSUER", "AGE"]
    assert row.split()[:4] == ["web", "True", "web-tls", "ca"]
    assert "web" in by_field
    assert "web" in certificates.kubectl("get", "nifty", "-n", namespace)


def test_explain_knows_every_field(certificates: Cluster) -> None:
    said = certificates.kubectl("explain", "certificate.spec.duration")

    assert "For how many hours it is valid." in said
    assert "<integer>" in said


def test_scale_patch_edit_and_label(certificates: Cluster, namespace: str) -> None:
    _apply(certificates, namespace, _certificate("web"))

    certificates.kubectl("scale", "cert/web", "-n", namespace, "--replicas=3")
    certificates.kubectl("patch", "cert", "web", "-n", namespace, "--type=merge", "-p", '{"spec":{"duration":9}}')
    certificates.kubectl("label", "cert", "web", "-n", namespace, "team=a")

    found = certificates.get("cert", "web", "-n", namespace)
    assert (found["spec"]["copies"], found["spec"]["duration"]) == (3, 9)
    assert found["metadata"]["labels"] == {"team": "a"}
    assert found["metadata"]["generation"] == 3


def test_deprecated_version_is_served_all_the_same(certificates: Cluster, namespace: str) -> None:
    _apply(certificates, namespace, _certificate("web"))

    said = certificates.kubectl("get", "certificates.v1alpha1.nifty.example.com", "-n", namespace, "-o", "name")

    assert said.strip() == "certificate.nifty.example.com/web"


@pytest.mark.usefixtures("certificates")
def test_dynamic_client_creates_reads_and_watches(kubeconfig: Path, namespace: str) -> None:
    config.load_kube_config(str(kubeconfig))
    with client.ApiClient() as api:
        resource = dynamic.DynamicClient(api).resources.get(api_version="nifty.example.com/v1", kind="Certificate")
        made = resource.create(body=json.loads(_certificate("web")), namespace=namespace)

        listed = resource.get(namespace=namespace)
        events = [event["object"].metadata.name for event in resource.watch(namespace=namespace, timeout=1)]

    assert made.spec.duration == 2160
    assert [item.metadata.name for item in listed.items] == events == ["web"]
