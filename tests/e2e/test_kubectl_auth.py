"""What the real kubectl says of who one is and what one may do; tokens of service accounts."""

import json
from pathlib import Path

import pytest
import yaml

from tests.e2e.cluster import Cluster


def kubeconfig_of(cluster: Cluster, token: str, directory: Path) -> str:
    """Write a kubeconfig that has nothing but a token, as a program in a pod would have."""
    config = yaml.safe_load((cluster.data / "kubeconfig").read_text())
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    path = directory / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


def test_whoami_and_can_i_of_the_administrator(cluster: Cluster) -> None:
    who = cluster.kubectl("auth", "whoami", "-o", "json")
    everything = cluster.kubectl("auth", "can-i", "--list")

    assert json.loads(who)["status"]["userInfo"]["username"] == "kubernetes-admin"
    assert cluster.kubectl("auth", "can-i", "delete", "pods").strip() == "yes"
    assert any(line.split() == ["*.*", "[]", "[]", "[*]"] for line in everything.splitlines())


def test_token_of_a_service_account_is_believed(cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    cluster.kubectl("create", "serviceaccount", "robot", "-n", namespace)
    token = cluster.kubectl("create", "token", "robot", "-n", namespace, "--duration=1h").strip()
    config = kubeconfig_of(cluster, token, tmp_path)

    who = json.loads(cluster.kubectl("--kubeconfig", config, "auth", "whoami", "-o", "json"))["status"]["userInfo"]
    by_flag = json.loads(cluster.kubectl("--token", token, "auth", "whoami", "-o", "json"))["status"]["userInfo"]
    may = cluster.run("kubectl", "--kubeconfig", config, "auth", "can-i", "delete", "pods", "-n", namespace)
    pods = cluster.refusal("kubectl", "--kubeconfig", config, "get", "pods", "-n", namespace)

    assert who["username"] == by_flag["username"] == f"system:serviceaccount:{namespace}:robot"
    assert f"system:serviceaccounts:{namespace}" in who["groups"]
    assert may.out.strip() == "no"
    assert f'User "system:serviceaccount:{namespace}:robot" cannot list resource "pods"' in pods


def test_token_ends_with_its_service_account(cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    cluster.kubectl("create", "serviceaccount", "brief", "-n", namespace)
    config = kubeconfig_of(cluster, cluster.kubectl("create", "token", "brief", "-n", namespace).strip(), tmp_path)
    cluster.kubectl("delete", "serviceaccount", "brief", "-n", namespace)

    said = cluster.refusal("kubectl", "--kubeconfig", config, "auth", "whoami")

    assert "Unauthorized" in said


def test_acting_as_somebody_else(cluster: Cluster) -> None:
    who = cluster.kubectl("--as=jane", "--as-group=builders", "auth", "whoami", "-o", "json")
    may = cluster.run("kubectl", "--as=jane", "auth", "can-i", "create", "pods")
    master = cluster.kubectl("--as=jane", "--as-group=system:masters", "auth", "can-i", "create", "pods")
    refused = cluster.refusal("kubectl", "--as=jane", "get", "nodes")

    assert json.loads(who)["status"]["userInfo"]["groups"] == ["builders", "system:authenticated"]
    assert (may.code, may.out.strip()) == (1, "no")
    assert master.strip() == "yes"
    assert 'User "jane" cannot list resource "nodes" in API group "" at the cluster scope' in refused


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/openid/v1/jwks"])
def test_issuer_is_published(cluster: Cluster, path: str) -> None:
    assert json.loads(cluster.kubectl("get", "--raw", path))
