"""kubectl creates, shows and describes an object of every built-in kind that can be created."""

import json
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN

from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster
from tests.objects.kind_samples import sample_of

CREATED = [kind for kind in BUILTIN if {"create", "list"} <= set(kind.verbs) and kind.view is None]
NAMED_OTHERWISE = ("apiservices", "customresourcedefinitions", "ipaddresses")
"""Kinds whose samples have a name of their own, which other tests of the same cluster may use."""


@every_kubectl("1.20", "1.33")
@pytest.mark.parametrize("kind", CREATED, ids=lambda kind: kind.resource)
def test_kubectl_creates_shows_and_describes(cluster: Cluster, namespace: str, version: str, kind: Kind[Any]) -> None:
    kubectl, sample = Kubectl(cluster, namespace, version), sample_of(kind)
    name = sample["metadata"]["name"] if kind.plural in NAMED_OTHERWISE else f"{namespace}-x"
    metadata = {**sample.get("metadata", {}), "name": name}
    if kind.plural == "events":
        sample = {**sample, "involvedObject": {"namespace": namespace}}
    head = {"apiVersion": f"{kind.group}/{kind.version}".removeprefix("/"), "kind": kind.name, "metadata": metadata}

    made = kubectl("create", "-f", "-", stdin=json.dumps({**sample, **head}))
    shown = kubectl("get", kind.resource, name, "-o", "wide")
    described = kubectl("describe", kind.resource, name)
    kubectl("delete", kind.resource, name, "--wait=false")

    assert made.split()[-1] == "created"
    assert shown.splitlines()[0].split()[0] in {"NAME", "LAST"}
    assert name in shown
    assert name in described


@every_kubectl("1.20")
def test_kubectl_approves_a_certificate(cluster: Cluster, namespace: str, version: str) -> None:
    kubectl, name = Kubectl(cluster, namespace, version), f"{namespace}-{version.replace('.', '-')}"
    kind = next(kind for kind in BUILTIN if kind.name == "CertificateSigningRequest")
    head = {"apiVersion": "certificates.k8s.io/v1", "kind": kind.name, "metadata": {"name": name}}
    kubectl("create", "-f", "-", stdin=json.dumps({**sample_of(kind), **head}))

    said = kubectl("certificate", "approve", name)

    assert f"certificatesigningrequest.certificates.k8s.io/{name} approved" in said
    assert kubectl("get", "csr", name, "--no-headers").split()[-1] == "Approved"
    kubectl("delete", "csr", name)
