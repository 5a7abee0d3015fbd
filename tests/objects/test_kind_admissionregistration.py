"""Configurations of webhooks and policies: what they refuse, fill in and show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.admissionregistration import KINDS as ALL
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

from tests.objects.kind_samples import sample_of

Complain = Callable[[Kind[Any], Plain], list[str]]
Create = Callable[..., Any]

KINDS = {kind.name: kind for kind in ALL}
WEBHOOK: Plain = sample_of(KINDS["ValidatingWebhookConfiguration"])["webhooks"][0]
POLICY: Plain = sample_of(KINDS["ValidatingAdmissionPolicy"])["spec"]
MUTATION: Plain = sample_of(KINDS["MutatingAdmissionPolicy"])["spec"]
RULE: Plain = POLICY["matchConstraints"]["resourceRules"][0]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"name": ""}, ["name: Required value"]),
        (
            {"name": "example.com"},
            [
                'name: Invalid value: "example.com": should be a domain with at least three segments separated by dots',
            ],
        ),
        (
            {"failurePolicy": "Panic", "matchPolicy": "Some", "sideEffects": "Unknown", "timeoutSeconds": 31},
            [
                'failurePolicy: Unsupported value: "Panic": supported values: "Fail", "Ignore"',
                'matchPolicy: Unsupported value: "Some": supported values: "Equivalent", "Exact"',
                'sideEffects: Unsupported value: "Unknown": supported values: "None", "NoneOnDryRun"',
                "timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds",
            ],
        ),
        (
            {"admissionReviewVersions": ["v2", "v2"]},
            [
                'admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
                'admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1',
            ],
        ),
        (
            {"admissionReviewVersions": []},
            ["admissionReviewVersions: Required value: must specify one of v1, v1beta1"],
        ),
        ({"clientConfig": {}}, ["clientConfig: Required value: exactly one of url or service is required"]),
        (
            {"clientConfig": {"url": "http://ada@/a?b#c"}},
            [
                f"clientConfig.url: Invalid value: {value}: {why}; desired format: https://host[/path]"
                for value, why in (
                    ('"http"', "'https' is the only allowed URL scheme"),
                    ('""', "host must be specified"),
                    ('"ada"', "user information is not permitted in the URL"),
                    ('"c"', "fragments are not permitted in the URL"),
                    ('"b"', "query parameters are not permitted in the URL"),
                )
            ],
        ),
        (
            {"clientConfig": {"service": {"name": "", "namespace": "", "port": 70000, "path": "a//b/"}}},
            [
                "clientConfig.service.name: Required value: service name is required",
                "clientConfig.service.namespace: Required value: service namespace is required",
                (
                    "clientConfig.service.port: Invalid value: 70000: "
                    "port is not valid: must be between 1 and 65535, inclusive"
                ),
                "clientConfig.service.path: Invalid value: \"a//b/\": must start with a '/'",
                'clientConfig.service.path: Invalid value: "a//b/": segment[0] may not be empty',
                'clientConfig.service.path: Invalid value: "a//b/": segment[1] may not be empty',
            ],
        ),
        (
            {"rules": [{"operations": ["*", "READ"], "resources": ["*/*", "pods"], "scope": "Pod"}]},
            [
                (
                    'rules[0].operations: Invalid value: ["*","READ"]: '
                    "if '*' is present, must not specify other operations"
                ),
                (
                    'rules[0].operations[1]: Unsupported value: "READ": supported values: '
                    '"*", "CONNECT", "CREATE", "DELETE", "UPDATE"'
                ),
                "rules[0].apiGroups: Required value",
                "rules[0].apiVersions: Required value",
                (
                    'rules[0].resources: Invalid value: ["*/*","pods"]: '
                    "if '*/*' is present, must not specify other resources"
                ),
                'rules[0].scope: Unsupported value: "Pod": supported values: "*", "Cluster", "Namespaced"',
            ],
        ),
        (
            {"rules": [{**RULE, "resources": ["pods/*", "pods/log", "*", "nodes"]}]},
            [
                (
                    "rules[0].resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, "
                    "must not specify pods/log"
                ),
                (
                    'rules[0].resources: Invalid value: ["pods/*","pods/log","*","nodes"]: '
                    "if '*' is present, must not specify other resources without subresources"
                ),
            ],
        ),
        (
            {
                "matchConditions": [
                    {"name": "a", "expression": ""},
                    {"name": "a", "expression": "'a'"},
                    {"name": "", "expression": "true"},
                ]
            },
            [
                "matchConditions[0].expression: Required value",
                "matchConditions[1].expression: Invalid value: \"'a'\": must evaluate to bool",
                'matchConditions[1].name: Duplicate value: "a"',
                "matchConditions[2].name: Required value",
            ],
        ),
        (
            {"matchConditions": [{"name": f"a{i}", "expression": "true"} for i in range(65)]},
            ["matchConditions: Too many: 65: must have at most 64 items"],
        ),
    ],
)
@pytest.mark.parametrize("name", ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
def test_webhook_is_refused_with_every_reason(
    complaints: Complain, name: str, changed: Plain, expected: list[str]
) -> None:
    got = complaints(KINDS[name], {"webhooks": [{**WEBHOOK, **changed}]})

    assert got == [f"webhooks[0].{text}" for text in expected]


def test_webhooks_of_one_name_are_refused(complaints: Complain) -> None:
    expected = ['webhooks[1].name: Duplicate value: "pods.example.com"']

    assert complaints(KINDS["ValidatingWebhookConfiguration"], {"webhooks": [WEBHOOK, WEBHOOK]}) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"matchConstraints": None}, ["spec.matchConstraints: Required value"]),
        ({"matchConstraints": {}}, ["spec.matchConstraints.resourceRules: Required value"]),
        (
            {"matchConstraints": {"resourceRules": [{**RULE, "resourceNames": ["a", "a/b", "a"]}]}},
            [
                "spec.matchConstraints.resourceRules[0].resourceNames[1]: Invalid value: \"a/b\": may not contain '/'",
                'spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "a"',
            ],
        ),
        (
            {"failurePolicy": "Panic", "paramKind": {"apiVersion": "a/b/c", "kind": ""}},
            [
                'spec.failurePolicy: Unsupported value: "Panic": supported values: "Fail", "Ignore"',
                'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
                "spec.paramKind.kind: Required value",
            ],
        ),
        (
            {"variables": [{"name": "in", "expression": "1"}, {"name": "", "expression": " "}]},
            [
                'spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier',
                "spec.variables[1].name: Required value: name is not specified",
                "spec.variables[1].expression: Required value: expression is not specified",
            ],
        ),
    ],
)
@pytest.mark.parametrize("name", ["MutatingAdmissionPolicy", "ValidatingAdmissionPolicy"])
def test_policy_is_refused_with_every_reason(
    complaints: Complain, name: str, changed: Plain, expected: list[str]
) -> None:
    kind = KINDS[name]

    assert complaints(kind, {"spec": {**sample_of(kind)["spec"], **changed}}) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"validations": []},
            [
                f"spec.{field}: Required value: validations or auditAnnotations must contain at least one item"
                for field in ("validations", "auditAnnotations")
            ],
        ),
        (
            {"validations": [{"expression": "1", "message": "a\nb", "messageExpression": "1", "reason": "Sad"}]},
            [
                'spec.validations[0].expression: Invalid value: "1": must evaluate to bool',
                'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string',
                'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
                (
                    'spec.validations[0].reason: Unsupported value: "Sad": supported values: '
                    '"Forbidden", "Invalid", "RequestEntityTooLarge"'
                ),
            ],
        ),
        (
            {"validations": [{"expression": " ", "message": " ", "messageExpression": " "}]},
            [
                "spec.validations[0].expression: Required value: expression is not specified",
                'spec.validations[0].messageExpression: Invalid value: " ": must be non-empty if specified',
                'spec.validations[0].message: Invalid value: " ": message must be non-empty if specified',
            ],
        ),
        (
            {"auditAnnotations": [{"key": "a", "valueExpression": ""}, {"key": "a", "valueExpression": "'b'"}]},
            [
                "spec.auditAnnotations[0].valueExpression: Required value: valueExpression is not specified",
                'spec.auditAnnotations[1].key: Duplicate value: "a"',
            ],
        ),
    ],
)
def test_validating_policy_is_refused_with_every_reason(
    complaints: Complain, changed: Plain, expected: list[str]
) -> None:
    assert complaints(KINDS["ValidatingAdmissionPolicy"], {"spec": {**POLICY, **changed}}) == expected


def test_policy_can_name_parameters_only_when_it_has_some(complaints: Complain) -> None:
    kind, params = KINDS["ValidatingAdmissionPolicy"], {"apiVersion": "v1", "kind": "ConfigMap"}
    spec = {**POLICY, "validations": [{"expression": "params.data.a == 'b'"}]}

    (complaint,) = complaints(kind, {"spec": spec})

    assert "undeclared reference to 'params" in complaint
    assert complaints(kind, {"spec": {**spec, "paramKind": params}}) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"mutations": [], "reinvocationPolicy": "Always"},
            [
                'spec.reinvocationPolicy: Unsupported value: "Always": supported values: "IfNeeded", "Never"',
                "spec.mutations: Required value: mutations must contain at least one item",
            ],
        ),
        (
            {"mutations": [{"patchType": "Merge"}, {"patchType": "JSONPatch"}]},
            [
                (
                    'spec.mutations[0].patchType: Unsupported value: "Merge": supported values: '
                    '"ApplyConfiguration", "JSONPatch"'
                ),
                ("spec.mutations[1].jsonPatch: Required value: must be specified when patchType is JSONPatch"),
            ],
        ),
        (
            {"mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {}}]},
            ["spec.mutations[0].applyConfiguration.expression: Required value: expression is not specified"],
        ),
    ],
)
def test_mutating_policy_is_refused_with_every_reason(
    complaints: Complain, changed: Plain, expected: list[str]
) -> None:
    assert complaints(KINDS["MutatingAdmissionPolicy"], {"spec": {**MUTATION, **changed}}) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"policyName": "p"}, []),
        ({"policyName": ""}, ["spec.policyName: Required value"]),
        (
            {"policyName": "p", "paramRef": {}},
            [
                "spec.paramRef: Required value: one of name or selector must be specified",
                "spec.paramRef.parameterNotFoundAction: Required value",
            ],
        ),
        (
            {"policyName": "p", "paramRef": {"name": "a", "selector": {}, "parameterNotFoundAction": "Cry"}},
            [
                "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
                "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
                ('spec.paramRef.parameterNotFoundAction: Unsupported value: "Cry": supported values: "Deny", "Allow"'),
            ],
        ),
    ],
)
@pytest.mark.parametrize("name", ["MutatingAdmissionPolicyBinding", "ValidatingAdmissionPolicyBinding"])
def test_binding_is_refused_with_every_reason(
    complaints: Complain, name: str, spec: Plain, expected: list[str]
) -> None:
    kind = KINDS[name]

    assert complaints(kind, {"spec": {**sample_of(kind)["spec"], **spec}}) == expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([], ["spec.validationActions: Required value: at least one validation action is required"]),
        (
            ["Deny", "Shout", "Deny"],
            [
                'spec.validationActions[1]: Unsupported value: "Shout": supported values: "Audit", "Deny", "Warn"',
                'spec.validationActions[2]: Duplicate value: "Deny"',
            ],
        ),
        (
            ["Warn", "Deny"],
            [
                (
                    'spec.validationActions: Invalid value: ["Warn","Deny"]: must not contain both Deny and Warn '
                    "(repeating the same validation failure information in the API response and headers serves no "
                    "purpose)"
                ),
            ],
        ),
    ],
)
def test_actions_of_a_binding_are_refused(complaints: Complain, actions: list[str], expected: list[str]) -> None:
    spec = {"policyName": "p", "validationActions": actions}

    assert complaints(KINDS["ValidatingAdmissionPolicyBinding"], {"spec": spec}) == expected


def test_webhook_gets_its_defaults(create: Create) -> None:
    webhook = {**WEBHOOK, "rules": [RULE], "clientConfig": {"service": {"name": "a", "namespace": "b"}}}

    (got,) = msgspec.to_builtins(create(KINDS["MutatingWebhookConfiguration"], {"webhooks": [webhook]}).webhooks)

    assert got == {
        **WEBHOOK,
        "rules": [{**RULE, "scope": "*"}],
        "clientConfig": {"service": {"name": "a", "namespace": "b", "port": 443}},
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "namespaceSelector": {},
        "objectSelector": {},
        "reinvocationPolicy": "Never",
        "timeoutSeconds": 10,
    }


def test_policy_gets_its_defaults(create: Create) -> None:
    spec = msgspec.to_builtins(create(KINDS["ValidatingAdmissionPolicy"], {"spec": POLICY}).spec)

    assert spec["failurePolicy"] == "Fail"
    assert spec["matchConstraints"] == {
        "matchPolicy": "Equivalent",
        "namespaceSelector": {},
        "objectSelector": {},
        "resourceRules": [{**RULE, "scope": "*"}],
    }


PARAMS: Plain = {"apiVersion": "v1", "kind": "ConfigMap"}


@pytest.mark.parametrize(
    ("name", "spec", "expected"),
    [
        ("ValidatingAdmissionPolicy", POLICY, ["x", 1, "<unset>", "3d"]),
        ("MutatingAdmissionPolicy", {**MUTATION, "paramKind": PARAMS}, ["x", 1, "v1/ConfigMap", "3d"]),
        ("MutatingAdmissionPolicyBinding", {"policyName": "p"}, ["x", "p", "<unset>", "3d"]),
        (
            "ValidatingAdmissionPolicyBinding",
            {"policyName": "p", "validationActions": ["Deny"], "paramRef": {"name": "a"}},
            ["x", "p", "*/a", "3d"],
        ),
        (
            "ValidatingAdmissionPolicyBinding",
            {
                "policyName": "p",
                "validationActions": ["Deny"],
                "paramRef": {"selector": {"matchLabels": {"a": "b"}}},
            },
            ["x", "p", "a=b", "3d"],
        ),
    ],
)
def test_cells_are_those_of_kubectl(name: str, spec: Plain, expected: list[Any], now: datetime) -> None:
    kind = KINDS[name]
    metadata = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    obj = msgspec.convert({"spec": spec, "metadata": metadata}, kind.type)

    assert table(kind, [obj], now=now, include="None")["rows"][0]["cells"] == expected


def test_many_expressions_do_not_hold_the_server_up(complaints: Complain) -> None:
    wrong = [{"expression": f"object.spec.replicas < {i} ? 1 : 2"} for i in range(2_000)]

    complained = complaints(KINDS["ValidatingAdmissionPolicy"], {"spec": {**POLICY, "validations": wrong}})

    assert 0 < len(complained) < 200
