"""What kubectl shows of those who have a say in writes: policies, quotas, limits, and of groups that are served."""

import json
from functools import partial

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import config_map, pod

API = "admissionregistration.k8s.io/v1"


def test_policy_applied_with_kubectl_refuses_what_it_should(cluster: Cluster, namespace: str) -> None:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["configmaps"]}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    spec = {
        "matchConstraints": {"resourceRules": [rule], "namespaceSelector": selector},
        "validations": [
            {"expression": "object.data.size() <= 1", "messageExpression": "'too many: ' + string(object.data.size())"}
        ],
    }
    policy = {"apiVersion": API, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": namespace}, "spec": spec}
    bound = {"policyName": namespace, "validationActions": ["Deny"]}
    binding = {**policy, "kind": "ValidatingAdmissionPolicyBinding", "spec": bound}
    for manifest in (policy, binding):
        cluster.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))

    said = cluster.refusal("kubectl", "apply", "-n", namespace, "-f", "-", stdin=config_map("many", a="1", b="2"))
    cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=config_map("few", a="1"))
    cluster.kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", namespace)

    assert f"ValidatingAdmissionPolicy '{namespace}' with binding '{namespace}' denied request: too many: 2" in said


def test_policy_that_does_not_compile_is_refused(cluster: Cluster, namespace: str) -> None:
    spec = {"matchConstraints": {"resourceRules": []}, "validations": [{"expression": "object.x +"}]}
    policy = {"apiVersion": API, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": namespace}, "spec": spec}

    said = cluster.refusal("kubectl", "apply", "-f", "-", stdin=json.dumps(policy))

    assert "spec.validations[0].expression: Invalid value" in said
    assert "compilation failed: ERROR: <input>:1:11: Syntax error" in said


def test_quota_holds_and_describe_shows_what_is_used(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "quota", "small", "-n", namespace, "--hard=configmaps=2,pods=1")
    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("one"))

    said = cluster.refusal("kubectl", "create", "-n", namespace, "-f", "-", stdin=pod("two"))

    exceeded = "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1"
    assert f'pods "two" is forbidden: {exceeded}' in said
    shown = partial(cluster.kubectl, "describe", "quota", "small", "-n", namespace)
    until("the pod is counted", lambda: ["pods", "1", "1"] in [line.split() for line in shown().splitlines()])


def test_limit_range_fills_in_what_a_pod_leaves_out(cluster: Cluster, namespace: str) -> None:
    limits = {"type": "Container", "defaultRequest": {"cpu": "10m"}, "max": {"memory": "1Gi"}}
    body = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l"}, "spec": {"limits": [limits]}}
    cluster.kubectl("apply", "-n", namespace, "-f", "-", stdin=json.dumps(body))

    cluster.kubectl("create", "-n", namespace, "-f", "-", stdin=pod("web"))

    (container,) = cluster.get("pod", "web", "-n", namespace)["spec"]["containers"]
    assert container["resources"]["requests"] == {"cpu": "10m", "memory": "1Gi"}


def test_get_apiservices_shows_the_servers_own_groups(cluster: Cluster) -> None:
    rows = [line.split()[:3] for line in cluster.kubectl("get", "apiservices").splitlines()]

    assert ["v1.apps", "Local", "True"] in rows
    assert ["v1.", "Local", "True"] in rows
