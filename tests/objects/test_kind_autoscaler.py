"""HorizontalPodAutoscaler: its defaults, rules and cells, and what its older version keeps of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.autoscaling.older import older, stored
from kubernel.objects.kinds.autoscaling.horizontal_pod_autoscaler import HORIZONTAL_POD_AUTOSCALER
from kubernel.objects.kinds.autoscaling.horizontal_pod_autoscaler_v1 import HORIZONTAL_POD_AUTOSCALER_V1
from kubernel.objects.models import Plain

from tests.objects.altering import changed
from tests.objects.kind_samples import sample_of
from tests.objects.printing import cells

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

SMALL = sample_of(HORIZONTAL_POD_AUTOSCALER)
METRIC = "spec.metrics[0]"
TYPES = '"ContainerResource", "External", "Object", "Pods", "Resource"'


def cpu(percent: int) -> Plain:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


PODS = {
    "type": "Pods",
    "pods": {"metric": {"name": "hits"}, "target": {"type": "AverageValue", "averageValue": "1k"}},
}
OBJECT = {
    "type": "Object",
    "object": {
        "describedObject": {"kind": "Ingress", "name": "main"},
        "metric": {"name": "rps", "selector": {"matchLabels": {"a": "b"}}},
        "target": {"type": "Value", "value": "10"},
    },
}
EXTERNAL = {
    "type": "External",
    "external": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": "30"}},
}
MEMORY = {
    "type": "ContainerResource",
    "containerResource": {
        "name": "memory",
        "container": "c",
        "target": {"type": "AverageValue", "averageValue": "1Gi"},
    },
}

BROKEN: list[tuple[Plain, list[str]]] = [
    ({"spec.metrics": [cpu(50), PODS, OBJECT, EXTERNAL, MEMORY]}, []),
    (
        {"spec.maxReplicas": 0},
        [
            "spec.maxReplicas: Invalid value: 0: must be greater than or equal to 1",
            "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
        ],
    ),
    (
        {"spec.minReplicas": 0},
        [
            "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
            (
                "spec.metrics: Forbidden: "
                "must specify at least one Object or External metric to support scaling to zero replicas"
            ),
        ],
    ),
    (
        {"spec.scaleTargetRef": {"kind": "a/b", "name": ""}},
        [
            "spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'",
            "spec.scaleTargetRef.name: Required value",
        ],
    ),
    (
        {"spec.metrics": [{"type": "Moon"}]},
        [f'{METRIC}.type: Unsupported value: "Moon": supported values: {TYPES}'],
    ),
    (
        {"spec.metrics": [{**PODS, "type": "Object"}]},
        [f"{METRIC}.object: Required value: must populate information for the given metric source"],
    ),
    (
        {"spec.metrics": [{**PODS, **EXTERNAL}]},
        [f"{METRIC}.pods: Forbidden: must populate the given metric source only"],
    ),
    (
        {"spec.metrics": [{"type": "Resource", "resource": {"name": "", "target": {"type": "Odd", "value": "-1"}}}]},
        [
            f"{METRIC}.resource.name: Required value: must specify a resource name",
            f'{METRIC}.resource.target.type: Invalid value: "Odd": must be either Utilization, Value, or AverageValue',
            f'{METRIC}.resource.target.value: Invalid value: "-1": must be positive',
            (
                f"{METRIC}.resource.target.averageUtilization: Required value: "
                "must set either a target raw value or a target utilization"
            ),
        ],
    ),
    (
        {
            "spec.behavior": {
                "scaleUp": {"stabilizationWindowSeconds": 4000, "policies": []},
                "scaleDown": {"selectPolicy": "Any", "policies": [{"type": "Pods", "value": 0, "periodSeconds": 1801}]},
            }
        },
        [
            (
                "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: "
                "must be less than or equal to 3600"
            ),
            "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
            (
                'spec.behavior.scaleDown.selectPolicy: Unsupported value: "Any": '
                'supported values: "Disabled", "Max", "Min"'
            ),
            "spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero",
            (
                "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: "
                "must be less than or equal to 1800"
            ),
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_autoscaler_is_refused_with_every_reason(complaints: Complain, change: Plain, expected: list[str]) -> None:
    assert complaints(HORIZONTAL_POD_AUTOSCALER, changed(SMALL, **change)) == expected


def test_autoscaler_gets_the_defaults_of_kubernetes(create: Create) -> None:
    autoscaler = create(HORIZONTAL_POD_AUTOSCALER, changed(SMALL, **{"spec.behavior": {"scaleUp": {}}}))

    spec = msgspec.to_builtins(autoscaler.spec)
    assert (spec["minReplicas"], spec["metrics"], autoscaler.metadata.generation) == (1, [cpu(80)], None)
    assert spec["behavior"] == {
        "scaleUp": {
            "policies": [
                {"type": "Pods", "value": 4, "periodSeconds": 15},
                {"type": "Percent", "value": 100, "periodSeconds": 15},
            ],
            "selectPolicy": "Max",
            "stabilizationWindowSeconds": 0,
        },
        "scaleDown": {"policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}], "selectPolicy": "Max"},
    }


CURRENT_CPU: Plain = {
    "type": "Resource",
    "resource": {"name": "cpu", "current": {"averageUtilization": 20, "averageValue": "5m"}},
}
STATUS: Plain = {"currentReplicas": 2, "desiredReplicas": 2, "currentMetrics": [CURRENT_CPU]}


@pytest.mark.parametrize(
    ("metrics", "targets"),
    [
        ([cpu(80)], "cpu: 20%/80%"),
        ([MEMORY, PODS, OBJECT, EXTERNAL], "memory: <unknown>/1Gi, <unknown>/1k + 2 more..."),
        ([EXTERNAL, OBJECT], "<unknown>/30 (avg), <unknown>/10"),
    ],
)
def test_both_versions_are_shown_as_kubectl_shows_them(now: datetime, metrics: list[Plain], targets: str) -> None:
    plain = changed(SMALL, **{"spec.metrics": metrics, "spec.minReplicas": 1, "status": STATUS})
    row = ["x", "Deployment/web", targets, "1", 3, 2, "3d"]

    assert cells(HORIZONTAL_POD_AUTOSCALER, plain, now) == row
    assert cells(HORIZONTAL_POD_AUTOSCALER_V1, older(changed(plain)), now) == row


def test_older_version_says_the_rest_in_annotations() -> None:
    behavior = {"scaleDown": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}}
    plain = changed(
        SMALL, **{"spec.metrics": [cpu(50), OBJECT], "spec.behavior": behavior, "status": STATUS, "metadata": {}}
    )

    shown = older(plain)

    notes = shown["metadata"]["annotations"]
    assert shown["apiVersion"] == "autoscaling/v1"
    assert shown["spec"]["targetCPUUtilizationPercentage"] == 50
    assert shown["status"]["currentCPUUtilizationPercentage"] == 20
    assert msgspec.json.decode(notes["autoscaling.alpha.kubernetes.io/metrics"]) == [
        {
            "type": "Object",
            "object": {
                "target": {"kind": "Ingress", "name": "main"},
                "metricName": "rps",
                "selector": {"matchLabels": {"a": "b"}},
                "targetValue": "10",
            },
        }
    ]
    assert msgspec.json.decode(notes["autoscaling.alpha.kubernetes.io/behavior"]) == {
        "ScaleDown": {"Policies": [{"Type": "Pods", "Value": 1, "PeriodSeconds": 60}]}
    }


CURRENT_PODS = {"type": "Pods", "pods": {"metric": {"name": "hits"}, "current": {"averageValue": "2"}}}
CONDITION = {"type": "AbleToScale", "status": "True", "reason": "Ready", "lastTransitionTime": "2026-11-23T12:00:00Z"}


@given(
    st.lists(st.sampled_from([PODS, OBJECT, EXTERNAL, MEMORY]), max_size=3),
    st.booleans(),
    st.sampled_from([None, {"scaleUp": {"selectPolicy": "Max", "stabilizationWindowSeconds": 0}}]),
    st.sampled_from([[], [CONDITION]]),
)
def test_newer_object_survives_the_older_version(
    metrics: list[Plain], has_cpu: bool, behavior: Plain | None, conditions: list[Plain]
) -> None:
    spec = {**SMALL["spec"], "metrics": metrics + ([cpu(40)] if has_cpu else [])}
    plain = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "x", "annotations": {"own": "1"}},
        "spec": {**spec, **({"behavior": behavior} if behavior else {})},
        "status": {**STATUS, "currentMetrics": [CURRENT_CPU, CURRENT_PODS], "conditions": conditions},
    }

    back = stored(older(changed(plain)), None)

    expected = changed(plain)
    for place, name in ((expected["spec"], "metrics"), (expected["status"], "conditions")):
        if not place[name]:
            del place[name]
    assert back == expected


@pytest.mark.parametrize(
    "note", ["{", "[1]", '"x"', "null", '{"ScaleUp":[1]}', '[{"type":"Pods","pods":7}]', "[" * 10_000]
)
def test_older_version_with_broken_annotations_is_still_read(note: str) -> None:
    keys = ("metrics", "behavior", "current-metrics", "conditions")
    annotations = {f"autoscaling.alpha.kubernetes.io/{key}": note for key in keys}

    plain = stored({"metadata": {"annotations": annotations}, "spec": dict(SMALL["spec"]), "status": {}}, None)

    assert "annotations" not in plain["metadata"]
