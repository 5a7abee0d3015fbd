"""Bad requests from a client that checks nothing first: the status code and the sentence are the server's own."""

import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from tests.e2e.cluster import Cluster
from tests.e2e.manifests import config_map, pod, replication_controller

JSON = "application/json"
MERGE = "application/merge-patch+json"
CORE = "/api/v1"
HERE = f"{CORE}/namespaces/default"


@dataclass(frozen=True)
class Answer:
    """A status code and the decoded body."""

    code: int
    body: dict[str, Any]


@pytest.fixture(scope="session")
def token(cluster: Cluster) -> str:
    users = yaml.safe_load((cluster.data / "kubeconfig").read_text())["users"]
    return str(users[0]["user"]["token"])


def ask(cluster: Cluster, method: str, path: str, body: str = "", *, kind: str = JSON, token: str = "") -> Answer:
    """Make one request over TLS."""
    tls = ssl.create_default_context(cafile=str(cluster.data / "pki" / "ca.crt"))
    connection = http.client.HTTPSConnection("127.0.0.1", cluster.port, context=tls, timeout=30)
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request(method, path, body=body.encode() or None, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read()))
    finally:
        connection.close()


def _stale(name: str) -> str:
    document = json.loads(config_map(name))
    document["metadata"]["resourceVersion"] = "1"
    return json.dumps(document)


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "reason", "sentence"),
    [
        ("POST", f"{HERE}/pods", "{", 400, "BadRequest", "json"),
        ("POST", f"{HERE}/pods", "[]", 400, "BadRequest", "Pod"),
        ("POST", f"{HERE}/pods", config_map("x"), 400, "BadRequest", "ConfigMap"),
        ("POST", f"{HERE}/pods", '{"spec": {"containers": 3}}', 400, "BadRequest", "spec.containers"),
        ("POST", f"{HERE}/pods?fieldValidation=Strict", '{"sepc": {}}', 400, "BadRequest", 'unknown field "sepc"'),
        ("POST", f"{HERE}/pods", '{"metadata": {"name": "A"}}', 422, "Invalid", "metadata.name"),
        ("POST", f"{HERE}/replicationcontrollers", replication_controller("x", -1), 422, "Invalid", "spec.replicas"),
        ("POST", f"{CORE}/namespaces/nowhere/configmaps", config_map("x"), 404, "NotFound", "nowhere"),
        ("PUT", f"{HERE}/configmaps/absent", config_map("absent"), 404, "NotFound", '"absent" not found'),
        ("PUT", f"{HERE}/configmaps/taken", _stale("taken"), 409, "Conflict", "the object has been modified"),
        ("PUT", f"{HERE}/configmaps/taken", config_map("other"), 400, "BadRequest", "name"),
        ("POST", f"{HERE}/configmaps", config_map("taken"), 409, "AlreadyExists", "already exists"),
        ("POST", f"{HERE}/pods", pod("large", "x" * 1_600_000), 413, "RequestEntityTooLarge", "too large"),
        ("GET", f"{HERE}/pods?labelSelector=a+in", "", 400, "BadRequest", "parse"),
        ("GET", f"{HERE}/pods?fieldSelector=spec.colour%3Dx", "", 400, "BadRequest", "spec.colour"),
        ("GET", f"{HERE}/pods?limit=many", "", 400, "BadRequest", "limit"),
        ("GET", f"{HERE}/pods?watch=true&resourceVersion=soon", "", 400, "BadRequest", "soon"),
        ("GET", f"{HERE}/ponies", "", 404, "NotFound", "could not find the requested resource"),
        ("GET", "/apis/nobody.dev/v1/things", "", 404, "NotFound", "could not find the requested resource"),
        ("PUT", f"{HERE}/pods", pod("x"), 405, "MethodNotAllowed", "does not allow this method"),
    ],
)
def test_bad_request_is_answered_as_kubernetes_does(
    cluster: Cluster, token: str, method: str, path: str, body: str, code: int, reason: str, sentence: str
) -> None:
    ask(cluster, "POST", f"{HERE}/configmaps", config_map("taken"), token=token)

    answer = ask(cluster, method, path, body, token=token)

    assert (answer.code, answer.body["kind"], answer.body["reason"]) == (code, "Status", reason)
    assert sentence in answer.body["message"]


@pytest.mark.parametrize("content_type", ["application/xml", "text/plain"])
def test_bodies_of_other_types_are_refused(cluster: Cluster, token: str, content_type: str) -> None:
    answer = ask(cluster, "POST", f"{HERE}/configmaps", "x", kind=content_type, token=token)

    assert (answer.code, answer.body["reason"]) == (415, "UnsupportedMediaType")


def test_malformed_yaml_is_refused(cluster: Cluster, token: str) -> None:
    answer = ask(cluster, "POST", f"{HERE}/configmaps", "a: [", kind="application/yaml", token=token)

    assert (answer.code, answer.body["reason"]) == (400, "BadRequest")


@pytest.mark.parametrize("patch", ["{", "[]", '{"metadata": {"labels": {"a b": "c"}}}', '{"data": 3}'])
def test_bad_patch_changes_nothing(cluster: Cluster, token: str, patch: str) -> None:
    ask(cluster, "POST", f"{HERE}/configmaps", config_map("taken"), token=token)
    before = ask(cluster, "GET", f"{HERE}/configmaps/taken", token=token)

    answer = ask(cluster, "PATCH", f"{HERE}/configmaps/taken", patch, kind=MERGE, token=token)

    assert answer.code in (400, 422)
    assert ask(cluster, "GET", f"{HERE}/configmaps/taken", token=token) == before


@pytest.mark.parametrize("token_given", ["", "wrong"])
def test_who_is_not_known_is_unauthorized(cluster: Cluster, token_given: str) -> None:
    answer = ask(cluster, "GET", f"{HERE}/pods", token=token_given)

    assert (answer.code, answer.body["reason"]) == (401, "Unauthorized")
