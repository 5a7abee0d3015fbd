"""Flows of requests and their levels of priority: what they refuse, fill in and show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.flowcontrol.flow_schema import FLOW_SCHEMA
from kubernel.objects.kinds.flowcontrol.priority_level import PRIORITY_LEVEL
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

Complain = Callable[[Kind[Any], Plain], list[str]]
Create = Callable[..., Any]
LEVEL: Plain = {"priorityLevelConfiguration": {"name": "low"}}
USER: Plain = {"kind": "User", "user": {"name": "ada"}}
VERBS = '"create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"'


def limited(**response: Any) -> Plain:
    return {"type": "Limited", "limited": {"limitResponse": response}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (LEVEL, []),
        (
            {"priorityLevelConfiguration": {"name": ""}, "matchingPrecedence": 10001},
            [
                "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000",
                "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
            ],
        ),
        (
            {**LEVEL, "matchingPrecedence": 1, "distinguisherMethod": {"type": "ByTaste"}},
            [
                (
                    "spec.matchingPrecedence: Invalid value: 1: "
                    "only the schema named 'exempt' may have matchingPrecedence 1"
                ),
                (
                    'spec.distinguisherMethod.type: Unsupported value: {"type":"ByTaste"}: supported values: '
                    '"ByNamespace", "ByUser"'
                ),
            ],
        ),
    ],
)
def test_flow_schema_is_refused_with_every_reason(complaints: Complain, spec: Plain, expected: list[str]) -> None:
    assert complaints(FLOW_SCHEMA, {"spec": spec}) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"subjects": []},
            [
                ".subjects: Required value: subjects must contain at least one value",
                ": Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
            ],
        ),
        (
            {
                "subjects": [{"kind": "Robot"}, {"kind": "User", "group": {"name": "g"}}],
                "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
            },
            [
                '.subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
                ".subjects[1].user: Required value: user is required when subject kind is 'User'",
                ".subjects[1].group: Forbidden: group is forbidden when subject kind is not 'Group'",
            ],
        ),
        (
            {
                "subjects": [USER, {"kind": "ServiceAccount", "serviceAccount": {"name": "*", "namespace": ""}}],
                "nonResourceRules": [{"verbs": ["fly"], "nonResourceURLs": ["a", "//", "/a*", "/a/*"]}],
            },
            [
                (".subjects[1].serviceAccount.namespace: Required value: must specify namespace for service account"),
                f'.nonResourceRules[0].verbs: Unsupported value: ["fly"]: supported values: {VERBS}',
                '.nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash',
                '.nonResourceRules[0].nonResourceURLs[1]: Invalid value: "//": must not contain double slash',
                '.nonResourceRules[0].nonResourceURLs[2]: Invalid value: "/a*": wildcard can only do suffix matching',
            ],
        ),
        (
            {"subjects": [USER], "resourceRules": [{"verbs": ["*", "get"], "apiGroups": [], "resources": []}]},
            [
                (
                    '.resourceRules[0].verbs: Invalid value: ["*","get"]: '
                    "if '*' is present, must not specify other verbs"
                ),
                ".resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group",
                ".resourceRules[0].resources: Required value: resource rules must supply at least one resource",
                (
                    ".resourceRules[0].namespaces: Required value: "
                    "resource rules that are not cluster scoped must supply at least one namespace"
                ),
            ],
        ),
    ],
)
def test_rule_of_a_flow_is_refused_with_every_reason(complaints: Complain, rule: Plain, expected: list[str]) -> None:
    got = complaints(FLOW_SCHEMA, {"spec": {**LEVEL, "rules": [rule]}})

    assert got == [f"spec.rules[0]{text}" for text in expected]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (limited(type="Queue", queuing={}), []),
        (
            {"type": "Exempt", "limited": {"limitResponse": {"type": "Reject"}}},
            [
                "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'",
                "spec.limited: Forbidden: must be nil if the type is not Limited",
            ],
        ),
        (
            {"type": "Limited", "exempt": {"lendablePercent": 5}},
            [
                "spec.exempt: Forbidden: must be nil if the type is Limited",
                "spec.limited: Required value: must not be empty when type is Limited",
            ],
        ),
        (
            limited(type="Queue"),
            [
                (
                    "spec.limited.limitResponse.queuing: Required value: "
                    "must not be empty if limited.limitResponse.type is Limited"
                ),
            ],
        ),
        (
            limited(type="Queue", queuing={"queues": 4, "handSize": 5, "queueLengthLimit": -1}),
            [
                "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive",
                (
                    "spec.limited.limitResponse.queuing.handSize: Invalid value: 5: "
                    "should not be greater than queues (4)"
                ),
            ],
        ),
        (
            limited(type="Queue", queuing={"queues": 1024, "handSize": 7}),
            [
                (
                    "spec.limited.limitResponse.queuing.handSize: Invalid value: 7: "
                    "required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60"
                ),
            ],
        ),
    ],
)
def test_level_is_refused_with_every_reason(complaints: Complain, spec: Plain, expected: list[str]) -> None:
    assert complaints(PRIORITY_LEVEL, {"spec": spec}) == expected


def test_level_gets_its_defaults(create: Create) -> None:
    made = create(PRIORITY_LEVEL, {"spec": limited(type="Queue", queuing={})}).spec.limited

    assert (made.nominalConcurrencyShares, made.lendablePercent) == (30, 0)
    assert msgspec.to_builtins(made.limitResponse.queuing) == {"handSize": 8, "queues": 64, "queueLengthLimit": 50}


@pytest.mark.parametrize(
    ("kind", "plain", "expected"),
    [
        (FLOW_SCHEMA, {"spec": LEVEL}, ["x", "low", 1000, "<none>", "3d", "?"]),
        (
            FLOW_SCHEMA,
            {
                "spec": {**LEVEL, "distinguisherMethod": {"type": "ByUser"}},
                "status": {"conditions": [{"type": "Dangling", "status": "True"}]},
            },
            ["x", "low", 1000, "ByUser", "3d", "True"],
        ),
        (
            PRIORITY_LEVEL,
            {"spec": limited(type="Queue", queuing={"queues": 3, "handSize": 2, "queueLengthLimit": 1})},
            ["x", "Limited", 30, 3, 2, 1, "3d"],
        ),
        (PRIORITY_LEVEL, {"spec": {"type": "Exempt"}}, ["x", "Exempt", "<none>", "<none>", "<none>", "<none>", "3d"]),
    ],
)
def test_cells_are_those_of_kubectl(kind: Kind[Any], plain: Plain, expected: list[Any], now: datetime) -> None:
    metadata = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    obj = msgspec.convert({**plain, "metadata": metadata}, kind.type)
    kind.default(obj)

    assert table(kind, [obj], now=now, include="None")["rows"][0]["cells"] == expected
