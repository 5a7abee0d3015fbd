"""A kopf operator with a custom resource of its own: handlers, finalizers, status, events and timers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.kubectls import Kubectl
from tests.e2e.cluster import Cluster, until

OPERATOR = Path(__file__).with_name("nifty_operator.py")
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: nifties.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Nifty, plural: nifties, singular: nifty, shortNames: [nf]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, minimum: 1, maximum: 10}
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
"""
NIFTY = """\
apiVersion: example.com/v1
kind: Nifty
metadata: {name: one}
spec: {size: 3}
"""


@pytest.fixture
def kubectl(cluster: Cluster, namespace: str) -> Kubectl:
    """Return kubectl, with the definition in place."""
    kubectl = Kubectl(cluster, namespace, "1.37")
    kubectl("apply", "-f", "-", stdin=DEFINITION)
    kubectl("wait", "--for=condition=Established", "crd/nifties.example.com", "--timeout=10s")
    return kubectl


@pytest.fixture
def operator(cluster: Cluster, namespace: str, kubectl: Kubectl) -> Iterator[None]:
    """Run the operator in the test's namespace."""
    kubectl("get", "nifties")  # kopf looks for the definition when it starts
    process = cluster.start("kopf", "run", "--namespace", namespace, "--standalone", str(OPERATOR))
    yield
    process.terminate()
    out, _ = process.communicate(timeout=30)
    assert "Traceback" not in out, out


@pytest.mark.usefixtures("operator")
def test_operator_creates_follows_counts_and_lets_go(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=NIFTY)

    until("the config map is made", lambda: _size(kubectl) == "3")
    kubectl("patch", "nifty", "one", "--type=merge", "-p", '{"spec": {"size": 5}}')
    until("the config map follows", lambda: _size(kubectl) == "5")
    until("the timer ticks", lambda: int(_read(kubectl, "nifty/one", "{.status.ticks}") or 0) >= 2)
    assert _read(kubectl, "nifty/one", "{.status.create.configmap}") == "one"
    assert _read(kubectl, "nifty/one", "{.metadata.finalizers}") == '["example.com/nifty"]'
    until("the event is there", lambda: "its size is 5" in kubectl("get", "events"))

    kubectl("delete", "nifty", "one", "--timeout=20s")

    assert "one-farewell" in kubectl("get", "configmaps", "-o", "name")
    until("the garbage collector takes what the object owned", lambda: not _size(kubectl))


def test_definition_refuses_what_its_schema_does_not_allow(kubectl: Kubectl) -> None:
    refused = kubectl.run("apply", "-f", "-", stdin=NIFTY.replace("size: 3", "size: 11"))

    assert "spec.size in body should be less than or equal to 10" in refused.err


def _read(kubectl: Kubectl, what: str, path: str) -> str:
    return kubectl.run("get", what, "-o", f"jsonpath={path}").out


def _size(kubectl: Kubectl) -> str:
    return _read(kubectl, "configmap/one", "{.data.size}")
