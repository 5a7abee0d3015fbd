"""Certificates: kubectl approves and denies what somebody asked for."""

import base64
import json
import uuid

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.cluster import Cluster


def request_for(name: str) -> str:
    """Return a CertificateSigningRequest for a client's certificate."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    pem = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(
        serialization.Encoding.PEM
    )
    spec = {
        "request": base64.b64encode(pem).decode(),
        "signerName": "example.com/test",
        "usages": ["client auth"],
    }
    manifest = {"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest"}
    return json.dumps({**manifest, "metadata": {"name": name}, "spec": spec})


@pytest.mark.parametrize(("verdict", "condition"), [("approve", "Approved"), ("deny", "Denied")])
def test_certificate_request_is_answered(cluster: Cluster, verdict: str, condition: str) -> None:
    name = f"jane-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "-f", "-", stdin=request_for(name))

    cluster.kubectl("certificate", verdict, name)

    found = cluster.get("csr", name)
    assert [(c["type"], c["status"]) for c in found["status"]["conditions"]] == [(condition, "True")]
    assert found["spec"]["username"] == "kubernetes-admin"
    assert condition in cluster.kubectl("get", "csr", name)


def test_verdict_on_a_certificate_request_is_not_taken_back(cluster: Cluster) -> None:
    name = f"jane-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "-f", "-", stdin=request_for(name))
    cluster.kubectl("certificate", "approve", name)

    by_status = cluster.refusal(
        "kubectl",
        "patch",
        "csr",
        name,
        "--subresource=status",
        "--type=merge",
        "-p",
        '{"status": {"conditions": null}}',
    )

    assert "may not" in by_status
