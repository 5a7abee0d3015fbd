"""ValidatingAdmissionPolicies and their bindings: what they refuse, in which words, and when they are in force."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.calls import Api, config_map, pod
from tests.api.webhook_server import Plain, rule

BASE = "/apis/admissionregistration.k8s.io/v1"
MAPS = rule("configmaps", operations=("CREATE", "UPDATE"))
NOT_BAD = {"expression": "!('bad' in object.data)"}


class Policies:
    """Puts policies in force in one namespace."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.made: list[str] = []

    async def put(self, *validations: Plain, binding: Plain | None = None, **spec: Any) -> None:
        """Create a policy and its binding, both called like the namespace."""
        name = self.api.namespace
        constraints = {"resourceRules": [MAPS], "namespaceSelector": self.selector}
        await self._post(
            "validatingadmissionpolicies",
            name,
            {"matchConstraints": constraints, "validations": list(validations), "failurePolicy": "Fail", **spec},
        )
        if binding is not None:
            bound = {"policyName": name, "validationActions": ["Deny"], **binding}
            await self._post("validatingadmissionpolicybindings", name, bound)

    @property
    def selector(self) -> Plain:
        """What selects the namespace."""
        return {"matchLabels": {"kubernetes.io/metadata.name": self.api.namespace}}

    async def refusal(self, **data: str) -> Any:
        """Create a config map that must be refused."""
        return await self.api.refusal("POST", self.api.path("configmaps"), config_map("a", **data))

    async def accept(self, name: str = "a", **data: str) -> Any:
        """Create a config map that must be accepted."""
        return await self.api.send("POST", self.api.path("configmaps"), config_map(name, **data))

    async def _post(self, plural: str, name: str, spec: Plain) -> None:
        await self.api.post(f"{BASE}/{plural}", {"metadata": {"name": name}, "spec": spec})
        self.made.append(f"{BASE}/{plural}/{name}")

    async def remove(self) -> None:
        for path in self.made:
            await self.api.send("DELETE", path)


@pytest.fixture
async def policies(api: Api) -> AsyncIterator[Policies]:
    """Yield what puts policies in force; they are gone after the test."""
    found = Policies(api)
    yield found
    await found.remove()


async def test_failed_expression_refuses_the_write_and_names_everything(api: Api, policies: Policies) -> None:
    await policies.put(NOT_BAD, binding={})

    refusal = await policies.refusal(bad="1")
    await policies.accept(good="1")

    denied = f"ValidatingAdmissionPolicy '{api.namespace}' with binding '{api.namespace}' denied request"
    assert refusal.message == f"configmaps \"a\" is forbidden: {denied}: failed expression: !('bad' in object.data)"
    assert (refusal.code, refusal.reason) == (422, "Invalid")
    assert [cause.message for cause in refusal.causes] == [f"{denied}: failed expression: !('bad' in object.data)"]


@pytest.mark.parametrize(
    ("validation", "words", "code"),
    [
        ({"message": "keep it clean"}, "denied request: keep it clean", 422),
        ({"messageExpression": "'found ' + object.data.bad"}, "denied request: found 1", 422),
        ({"messageExpression": "object.data.missing", "message": "plain"}, "denied request: plain", 422),
        ({"messageExpression": "'two\\nlines'", "message": "plain"}, "denied request: plain", 422),
        ({"message": "m", "reason": "Forbidden"}, "denied request: m", 403),
        ({"message": "m", "reason": "RequestEntityTooLarge"}, "denied request: m", 413),
    ],
)
async def test_message_and_reason_are_the_validations(
    policies: Policies, validation: Plain, words: str, code: int
) -> None:
    await policies.put({**NOT_BAD, **validation}, binding={})

    refusal = await policies.refusal(bad="1")

    assert refusal.message.endswith(words)
    assert refusal.code == code


async def test_policy_without_a_binding_is_not_in_force(policies: Policies) -> None:
    await policies.put(NOT_BAD)

    await policies.accept(bad="1")


async def test_warn_lets_the_write_pass_with_a_warning(api: Api, policies: Policies) -> None:
    await policies.put(NOT_BAD, binding={"validationActions": ["Warn", "Audit"]})

    said = await policies.accept(bad="1")

    subject = f"ValidatingAdmissionPolicy '{api.namespace}' with binding '{api.namespace}'"
    words = f"Validation failed for {subject}: failed expression: !('bad' in object.data)"
    assert said.headers["warning"] == f'299 - "{words}"'


async def test_variables_are_evaluated_when_used_and_may_use_one_another(policies: Policies) -> None:
    variables = [
        {"name": "keys", "expression": "object.data.map(k, k)"},
        {"name": "count", "expression": "variables.keys.size()"},
        {"name": "broken", "expression": "object.no.such"},
    ]
    validation = {
        "expression": "variables.count < 2 || variables.broken",
        "messageExpression": "string(variables.count) + ' keys'",
    }
    await policies.put(validation, binding={}, variables=variables)

    await policies.accept(x="1")
    refusal = await policies.refusal(x="1", y="2")

    assert refusal.message.endswith(
        "composited variable \"broken\" fails to evaluate: expression 'object.no.such' "
        "resulted in error: no such key: no"
    )


async def test_expression_without_a_value_refuses_unless_failures_are_ignored(api: Api, policies: Policies) -> None:
    await policies.put({"expression": "object.data.must == 'be'"}, binding={})

    refusal = await policies.refusal(x="1")
    path = f"{BASE}/validatingadmissionpolicies/{api.namespace}"
    ignoring = [{"op": "replace", "path": "/spec/failurePolicy", "value": "Ignore"}]
    await api.send("PATCH", path, ignoring, content_type="application/json-patch+json")
    await policies.accept(x="1")

    assert refusal.message.endswith("expression 'object.data.must == 'be'' resulted in error: no such key: must")


async def test_match_conditions_decide_whether_a_policy_judges(policies: Policies) -> None:
    conditions = [
        {"name": "create", "expression": "request.operation == 'CREATE'"},
        {"name": "big", "expression": "object.data.size() > 1"},
    ]
    await policies.put(NOT_BAD, binding={}, matchConditions=conditions)

    await policies.accept(bad="1")

    assert (await policies.refusal(bad="1", more="1")).code == 422


async def test_excluded_resources_are_not_judged(policies: Policies) -> None:
    excluded = {**MAPS, "resourceNames": ["spared"]}
    constraints = {"resourceRules": [MAPS], "excludeResourceRules": [excluded], "namespaceSelector": policies.selector}
    await policies.put(NOT_BAD, binding={}, matchConstraints=constraints)

    await policies.accept("spared", bad="1")

    assert (await policies.refusal(bad="1")).code == 422


async def test_parameters_come_from_the_object_that_the_binding_names(api: Api, policies: Policies) -> None:
    await policies.accept("limits", most="1")
    reference = {"name": "limits", "namespace": api.namespace, "parameterNotFoundAction": "Deny"}
    await policies.put(
        {"expression": "object.data.size() <= int(params.data.most)"},
        binding={"paramRef": reference},
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
    )

    await policies.accept("fits", a="1")
    refusal = await policies.refusal(a="1", b="2")

    assert refusal.code == 422


async def test_parameters_may_be_several_or_missing(api: Api, policies: Policies) -> None:
    labels = {"is": "limit"}
    reference = {"selector": {"matchLabels": labels}, "parameterNotFoundAction": "Deny"}
    await policies.put(
        {"expression": "object.data.size() <= int(params.data.most)"},
        binding={"paramRef": reference},
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
    )
    missing = await policies.refusal(a="1")
    await policies.remove()
    for name, most in (("p1", "9"), ("p2", "0")):
        parameters = {"metadata": {"name": name, "labels": labels}, "data": {"most": most}}
        await api.post(api.path("configmaps"), parameters)
    policies.made.clear()
    await policies.put(
        {"expression": "object.data.size() <= int(params.data.most)"},
        binding={"paramRef": reference},
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
    )

    assert "failed to configure binding: no params found for policy binding with `Deny`" in missing.message
    assert (await policies.refusal(a="1")).code == 422


async def test_policy_sees_the_namespace_and_asks_the_authorizer(policies: Policies) -> None:
    label = "kubernetes.io/metadata.name"
    await policies.put(
        {"expression": f"namespaceObject.metadata.labels['{label}'] == request.namespace"},
        {"expression": "authorizer.group('').resource('configmaps').check('create').allowed()"},
        {"expression": "!authorizer.serviceAccount('x', 'y').group('').resource('pods').check('get').allowed()"},
        binding={},
    )

    await policies.accept(x="1")


async def test_changed_policy_is_in_force_with_the_next_write(api: Api, policies: Policies) -> None:
    await policies.put({"expression": "true"}, binding={})
    await policies.accept("before", bad="1")
    path = f"{BASE}/validatingadmissionpolicies/{api.namespace}"
    stricter = [{"op": "replace", "path": "/spec/validations/0/expression", "value": "false"}]
    await api.send("PATCH", path, stricter, content_type="application/json-patch+json")

    refusal = await policies.refusal(x="1")

    assert refusal.message.endswith("failed expression: false")


async def test_update_compares_the_object_with_the_one_before(api: Api, policies: Policies) -> None:
    await policies.put({"expression": "oldObject == null || object.data == oldObject.data"}, binding={})
    made = (await policies.accept(x="1")).body

    refusal = await api.refusal("PUT", api.path("configmaps", "a"), {**made, "data": {"x": "2"}})
    labelled = {**made, "metadata": {**made["metadata"], "labels": {"a": "b"}}}
    await api.send("PUT", api.path("configmaps", "a"), labelled)

    assert refusal.code == 422


async def test_bomb_in_a_policy_refuses_the_write_and_stalls_nobody(policies: Policies) -> None:
    await policies.put(
        {"expression": "object.data.all(a, object.data.all(b, object.data.all(c, a + b != c)))"}, binding={}
    )
    data = {f"key-{i}": "x" for i in range(200)}

    refusal = await policies.refusal(**data)

    assert "operation cancelled: actual cost limit exceeded" in refusal.message


async def test_policy_on_pods_reads_typed_objects(api: Api, policies: Policies) -> None:
    constraints = {"resourceRules": [rule("pods")], "namespaceSelector": policies.selector}
    await policies.put(
        {"expression": "object.spec.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)"},
        binding={},
        matchConstraints=constraints,
    )
    privileged = pod("p")
    privileged["spec"]["containers"][0]["securityContext"] = {"privileged": True}

    refusal = await api.refusal("POST", api.path("pods"), privileged)
    await api.post(api.path("pods"), pod("q"))

    assert refusal.code == 422
