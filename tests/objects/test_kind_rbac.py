"""Roles and bindings: what they refuse, fill in, keep and show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]

KINDS = {kind.name: kind for kind in BUILTIN if kind.group == "rbac.authorization.k8s.io"}
GROUP = "rbac.authorization.k8s.io"
RESOURCES: Plain = {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}
URLS: Plain = {"verbs": ["get"], "nonResourceURLs": ["/healthz"]}
VIEW: Plain = {"kind": "ClusterRole", "name": "view"}


@pytest.mark.parametrize(
    ("name", "plain", "expected"),
    [
        ("Role", {"rules": [RESOURCES, {**RESOURCES, "resourceNames": ["a"]}]}, []),
        ("Role", {}, []),
        ("Role", {"metadata": {"name": "system:Reader"}}, []),
        ("Role", {"metadata": {"name": "a/b"}}, ["metadata.name: Invalid value: \"a/b\": may not contain '/'"]),
        (
            "Role",
            {"rules": [{"verbs": []}]},
            [
                "rules[0].verbs: Required value: verbs must contain at least one value",
                "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
                "rules[0].resources: Required value: resource rules must supply at least one resource",
            ],
        ),
        (
            "Role",
            {"rules": [URLS]},
            [
                (
                    'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: '
                    "namespaced rules cannot apply to non-resource URLs"
                )
            ],
        ),
        ("ClusterRole", {"rules": [URLS]}, []),
        (
            "ClusterRole",
            {"rules": [{**URLS, **RESOURCES}]},
            [
                (
                    'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: '
                    "rules cannot apply to both regular resources and non-resource URLs"
                )
            ],
        ),
        (
            "ClusterRole",
            {"aggregationRule": {}},
            [
                (
                    "aggregationRule.clusterRoleSelectors: Required value: "
                    "at least one clusterRoleSelector required if aggregationRule is non-nil"
                )
            ],
        ),
        ("RoleBinding", {"roleRef": VIEW, "subjects": [{"kind": "User", "name": "ann"}]}, []),
        (
            "RoleBinding",
            {"roleRef": {"kind": "Pod", "name": "", "apiGroup": "x"}},
            [
                f'roleRef.apiGroup: Unsupported value: "x": supported values: "{GROUP}"',
                'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
                "roleRef.name: Required value",
            ],
        ),
        (
            "ClusterRoleBinding",
            {"roleRef": {"kind": "Role", "name": "a"}},
            ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
        ),
        (
            "RoleBinding",
            {
                "roleRef": VIEW,
                "subjects": [
                    {"kind": "Robot", "name": "a"},
                    {"kind": "Group", "name": "", "apiGroup": "x"},
                    {"kind": "ServiceAccount", "name": "a", "apiGroup": "x"},
                ],
            },
            [
                'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
                "subjects[1].name: Required value",
                'subjects[1].name: Invalid value: "": group name cannot be empty',
                f'subjects[1].apiGroup: Unsupported value: "x": supported values: "{GROUP}"',
                'subjects[2].apiGroup: Unsupported value: "x": supported values: ""',
            ],
        ),
        (
            "ClusterRoleBinding",
            {"roleRef": VIEW, "subjects": [{"kind": "ServiceAccount", "name": "a"}]},
            ["subjects[0].namespace: Required value"],
        ),
    ],
)
def test_role_or_binding_is_refused_with_every_reason(
    complaints: Complain, name: str, plain: Plain, expected: list[str]
) -> None:
    assert complaints(KINDS[name], plain) == expected


def test_binding_gets_the_groups_that_go_without_saying(create: Create) -> None:
    subjects = [{"kind": kind, "name": "a", "namespace": "b"} for kind in ("User", "Group", "ServiceAccount")]

    binding = create(KINDS["ClusterRoleBinding"], {"roleRef": VIEW, "subjects": subjects})

    assert binding.roleRef.apiGroup == GROUP
    assert [subject.apiGroup for subject in binding.subjects] == [GROUP, GROUP, None]


@pytest.mark.parametrize("name", ["RoleBinding", "ClusterRoleBinding"])
def test_binding_keeps_its_role(forbidden_changes: Change, name: str) -> None:
    other = {"kind": "ClusterRole", "name": "edit"}

    (complaint,) = forbidden_changes(KINDS[name], {"roleRef": VIEW}, {"roleRef": other})

    assert complaint == (
        f'roleRef: Invalid value: {{"kind":"ClusterRole","name":"edit","apiGroup":"{GROUP}"}}: cannot change roleRef'
    )


def test_binding_shows_its_subjects_and_a_role_its_moment(now: datetime) -> None:
    created: Plain = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    subjects = [
        {"kind": "User", "name": "ann"},
        {"kind": "User", "name": "bob"},
        {"kind": "Group", "name": "team"},
        {"kind": "ServiceAccount", "name": "robot", "namespace": "ns"},
    ]
    binding = msgspec.convert({"metadata": created, "roleRef": VIEW, "subjects": subjects}, KINDS["RoleBinding"].type)
    role = msgspec.convert({"metadata": created}, KINDS["Role"].type)

    shown = [
        table(kind, [obj], now=now, include="None")["rows"][0]["cells"]
        for kind, obj in ((KINDS["RoleBinding"], binding), (KINDS["Role"], role))
    ]

    assert shown[0] == ["x", "ClusterRole/view", "3d", "ann, bob", "team", "ns/robot"]
    assert shown[1] == ["x", "2026-11-20T12:00:00Z"]
