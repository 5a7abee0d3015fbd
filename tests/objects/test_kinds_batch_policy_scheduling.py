"""CronJob, PodDisruptionBudget, PriorityClass, PodTemplate: what they fill in, refuse, keep and show."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.batch.cron_job import CRON_JOB
from kubernel.objects.kinds.core.pod_template import POD_TEMPLATE
from kubernel.objects.kinds.policy.pod_disruption_budget import POD_DISRUPTION_BUDGET
from kubernel.objects.kinds.scheduling.priority_class import PRIORITY_CLASS
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain

from tests.objects.altering import changed
from tests.objects.kind_samples import sample_of
from tests.objects.printing import cells

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

AT_LEAST_0 = "must be greater than or equal to 0"
RESERVED = "priority class names with 'system-' prefix are reserved for system use only. error: "
JOB = "spec.jobTemplate.spec"

BROKEN: list[tuple[Kind[Any], Plain, list[str] | None]] = [
    (CRON_JOB, {"spec.schedule": ""}, ["spec.schedule: Required value"]),
    (
        CRON_JOB,
        {"spec.schedule": "* * *"},
        ['spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]'],
    ),
    (
        CRON_JOB,
        {"spec.schedule": "TZ=UTC @daily"},
        [
            (
                'spec.schedule: Invalid value: "TZ=UTC @daily": '
                "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
            )
        ],
    ),
    (CRON_JOB, {"spec.timeZone": "Mars/Olympus"}, None),
    (
        CRON_JOB,
        {"spec.concurrencyPolicy": "Maybe"},
        ['spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"'],
    ),
    (
        CRON_JOB,
        {"spec.failedJobsHistoryLimit": -1, "spec.startingDeadlineSeconds": -1},
        [
            f"spec.startingDeadlineSeconds: Invalid value: -1: {AT_LEAST_0}",
            f"spec.failedJobsHistoryLimit: Invalid value: -1: {AT_LEAST_0}",
        ],
    ),
    (
        CRON_JOB,
        {f"{JOB}.selector": {}, f"{JOB}.manualSelector": True},
        [
            f"{JOB}.selector: Invalid value: {{}}: `selector` will be auto-generated",
            f'{JOB}.manualSelector: Unsupported value: true: supported values: "nil", "false"',
        ],
    ),
    (
        CRON_JOB,
        {"metadata": {"name": "a" * 53}},
        [f'metadata.name: Invalid value: "{"a" * 53}": must be no more than 52 characters'],
    ),
    (
        POD_DISRUPTION_BUDGET,
        {"spec": {"minAvailable": 1, "maxUnavailable": 1}},
        [
            (
                'spec: Invalid value: {"maxUnavailable":1,"minAvailable":1}: '
                "minAvailable and maxUnavailable cannot be both set"
            )
        ],
    ),
    (
        POD_DISRUPTION_BUDGET,
        {"spec": {"minAvailable": "150%"}},
        ['spec.minAvailable: Invalid value: "150%": must not be greater than 100%'],
    ),
    (
        POD_DISRUPTION_BUDGET,
        {"spec": {"maxUnavailable": -1}},
        [f"spec.maxUnavailable: Invalid value: -1: {AT_LEAST_0}"],
    ),
    (
        POD_DISRUPTION_BUDGET,
        {"spec": {"unhealthyPodEvictionPolicy": "Never"}},
        [
            (
                'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": '
                'supported values: "AlwaysAllow", "IfHealthyBudget"'
            )
        ],
    ),
    (
        PRIORITY_CLASS,
        {"value": 1_000_000_001},
        ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    ),
    (
        PRIORITY_CLASS,
        {"metadata": {"name": "system-mine"}},
        [f"metadata.name: Forbidden: {RESERVED}system-mine is not a known system priority class"],
    ),
    (
        PRIORITY_CLASS,
        {"metadata": {"name": "system-node-critical"}},
        [f"metadata.name: Forbidden: {RESERVED}value of system-node-critical PriorityClass must be 2000001000"],
    ),
    (
        PRIORITY_CLASS,
        {"preemptionPolicy": "Maybe"},
        ['preemptionPolicy: Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"'],
    ),
    (
        POD_TEMPLATE,
        {"template.spec.containers": []},
        ["template.spec.containers: Required value"],
    ),
]


@pytest.mark.parametrize(("kind", "change", "expected"), BROKEN)
def test_object_is_refused_with_every_reason(
    complaints: Complain, kind: Kind[Any], change: Plain, expected: list[str] | None
) -> None:
    said = complaints(kind, changed(sample_of(kind), **change))

    assert said if expected is None else said == expected


def test_cron_job_gets_the_defaults_of_kubernetes(create: Create) -> None:
    spec = msgspec.to_builtins(create(CRON_JOB, sample_of(CRON_JOB)).spec)

    template = spec.pop("jobTemplate")["spec"]["template"]
    assert template["spec"]["dnsPolicy"] == "ClusterFirst"
    assert spec == {
        "concurrencyPolicy": "Allow",
        "failedJobsHistoryLimit": 1,
        "schedule": "@daily",
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    }


def refused(kind: Kind[Any], new: Any, old: Any, now: datetime, subresource: str | None = None) -> list[str]:
    with pytest.raises(StatusError) as caught:
        prepare_changed(kind, new, old, subresource=subresource, now=now)
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


def copied(kind: Kind[Any], obj: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(obj), type=kind.type)


def test_value_of_a_priority_class_cannot_change(create: Create, now: datetime) -> None:
    old = create(PRIORITY_CLASS, sample_of(PRIORITY_CLASS))
    new = copied(PRIORITY_CLASS, old)
    new.value, new.preemptionPolicy = 8, "Never"

    assert refused(PRIORITY_CLASS, new, old, now) == [
        "value: Forbidden: may not be changed in an update.",
        "preemptionPolicy: Forbidden: may not be changed in an update.",
    ]


def test_status_of_a_budget_has_counts_and_common_conditions(create: Create, now: datetime) -> None:
    old = create(POD_DISRUPTION_BUDGET, {"spec": {"minAvailable": 1}})
    new = copied(POD_DISRUPTION_BUDGET, old)
    condition = {"type": "x", "status": "Maybe", "reason": "1", "message": "", "lastTransitionTime": now}
    new.status = msgspec.convert(
        {**msgspec.to_builtins(old.status), "expectedPods": -1, "conditions": [condition]}, type(old.status)
    )

    said = refused(POD_DISRUPTION_BUDGET, new, old, now, "status")

    assert (
        said[0]
        == 'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"'
    )
    assert said[1].startswith('status.conditions[0].reason: Invalid value: "1": a condition reason must start with')
    assert said[2:] == [f"status.expectedPods: Invalid value: -1: {AT_LEAST_0}"]


@pytest.mark.parametrize(
    ("kind", "change", "row"),
    [
        (CRON_JOB, {}, ["x", "@daily", "<none>", "<unset>", 0, "<none>", "3d", "c", "i", "<none>"]),
        (CRON_JOB, {"spec.suspend": True, "spec.timeZone": "UTC"}, ["x", "@daily", "UTC", "True", 0]),
        (POD_DISRUPTION_BUDGET, {"spec": {"minAvailable": "50%"}}, ["x", "50%", "N/A", 0, "3d"]),
        (PRIORITY_CLASS, {}, ["x", 7, False, "3d", "<unset>"]),
        (POD_TEMPLATE, {}, ["x", "c", "i", "App=Nifty"]),
    ],
)
def test_kind_is_shown_as_kubectl_shows_it(now: datetime, kind: Kind[Any], change: Plain, row: list[Any]) -> None:
    assert cells(kind, changed(sample_of(kind), **change), now)[: len(row)] == row
