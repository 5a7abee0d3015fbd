"""Job: what it fills in, generates, refuses, keeps and shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds.batch.job import JOB
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain

from tests.objects.altering import changed
from tests.objects.kind_samples import sample_of
from tests.objects.printing import cells

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

SMALL = sample_of(JOB)
AT_LEAST_0 = "must be greater than or equal to 0"
INDEXED = {"spec.completionMode": "Indexed", "spec.completions": 4}
RULE = "spec.podFailurePolicy.rules[0]"
SUCCESS = "spec.successPolicy.rules[0]"
RESTART = "spec.template.spec.restartPolicy"


def failing(**rule: Any) -> Plain:
    return {"spec.podFailurePolicy": {"rules": [{"action": "FailJob", **rule}]}}


def succeeding(**rule: Any) -> Plain:
    return {**INDEXED, "spec.successPolicy": {"rules": [rule]}}


BROKEN: list[tuple[Plain, list[str]]] = [
    ({"spec.parallelism": -1}, [f"spec.parallelism: Invalid value: -1: {AT_LEAST_0}"]),
    ({"spec.ttlSecondsAfterFinished": -1}, [f"spec.ttlSecondsAfterFinished: Invalid value: -1: {AT_LEAST_0}"]),
    ({RESTART: ...}, [f'{RESTART}: Required value: valid values: "OnFailure", "Never"']),
    (
        {RESTART: "Sometimes"},
        [
            f'{RESTART}: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
            f'{RESTART}: Unsupported value: "Sometimes": supported values: "OnFailure", "Never"',
        ],
    ),
    (
        {"spec.completionMode": "Indexed", "spec.parallelism": 100_001},
        [
            "spec.completions: Required value: when completion mode is Indexed",
            (
                "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 "
                "when completion mode is Indexed"
            ),
        ],
    ),
    (
        {"spec.backoffLimitPerIndex": 1},
        ["spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"],
    ),
    (
        {**INDEXED, "spec.maxFailedIndexes": 5},
        [
            "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
            "spec.maxFailedIndexes: Invalid value: 5: must be less than or equal to completions",
        ],
    ),
    (
        {"spec.managedBy": "nobody"},
        ['spec.managedBy: Invalid value: "nobody": must be a domain-prefixed path (such as "acme.io/foo")'],
    ),
    (
        {"spec.podReplacementPolicy": "Never"},
        [('spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"')],
    ),
    (
        failing(action="", onExitCodes={"operator": "In", "values": [3, 2, 2, 0]}),
        [
            f'{RULE}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
            f"{RULE}.onExitCodes.values[2]: Duplicate value: 2",
            f"{RULE}.onExitCodes.values[3]: Invalid value: 0: must not be 0 for the In operator",
            f"{RULE}.onExitCodes.values: Invalid value: [3,2,2,0]: must be ordered",
        ],
    ),
    (
        failing(action="FailIndex", onPodConditions=[{"type": "DisruptionTarget", "status": "Maybe"}]),
        [
            f'{RULE}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
            (
                f'{RULE}.onPodConditions[0].status: Unsupported value: "Maybe": '
                'supported values: "False", "True", "Unknown"'
            ),
        ],
    ),
    (
        failing(),
        [f"{RULE}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"],
    ),
    (
        failing(onExitCodes={"operator": "In", "values": [1], "containerName": "x"}),
        [
            (
                f'{RULE}.onExitCodes.containerName: Invalid value: "x": '
                "must be one of the container or initContainer names in the pod template"
            )
        ],
    ),
    (
        {"spec.successPolicy": {"rules": []}},
        ['spec.successPolicy: Invalid value: {"rules":[]}: requires indexed completion mode'],
    ),
    (
        succeeding(succeededIndexes="0,2-3", succeededCount=4),
        [
            (
                f"{SUCCESS}.succeededCount: Invalid value: 4: must be less than or equal to 3 "
                "(the number of indexes in the specified succeededIndexes field)"
            )
        ],
    ),
    (
        succeeding(succeededIndexes="3-1"),
        [
            (
                f'{SUCCESS}.succeededIndexes: Invalid value: "3-1": '
                "error parsing succeededIndexes: non-increasing order, previous: 3, current: 1"
            )
        ],
    ),
    (
        {"spec.manualSelector": True},
        [
            "spec.selector: Required value",
            "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
        ],
    ),
    (
        {"metadata": {"name": "a" * 62}, **INDEXED},
        [
            (
                f'metadata.name: Invalid value: "{"a" * 62}": '
                f"will not able to create pod with invalid DNS label: {'a' * 62}-3"
            )
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_job_is_refused_with_every_reason(complaints: Complain, change: Plain, expected: list[str]) -> None:
    assert complaints(JOB, changed(SMALL, **change)) == expected


def test_label_that_is_generated_cannot_be_given(complaints: Complain) -> None:
    said = complaints(JOB, changed(SMALL, **{"spec.template.metadata": {"labels": {"job-name": "other"}}}))

    assert len(said) == 1
    assert said[0].startswith("spec.template.metadata.labels[job-name]: Invalid value: {")
    assert said[0].endswith(": must be 'x'")


def test_job_gets_the_defaults_of_kubernetes_and_a_selector_of_its_own(create: Create) -> None:
    job = create(JOB, {**SMALL, "status": {"active": 3}})

    uid, spec = job.metadata.uid, msgspec.to_builtins(job.spec)
    template = spec.pop("template")
    labels = {
        "controller-uid": uid,
        "job-name": "x",
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "x",
    }
    assert template["metadata"]["labels"] == job.metadata.labels == labels
    assert spec == {
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "completions": 1,
        "manualSelector": False,
        "parallelism": 1,
        "podReplacementPolicy": "TerminatingOrFailed",
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}},
        "suspend": False,
    }
    assert (job.metadata.generation, msgspec.to_builtins(job.status)) == (1, {})


def copied(obj: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(obj), type=JOB.type)


def refused(new: Any, old: Any, now: datetime, subresource: str | None = None) -> list[str]:
    try:
        prepare_changed(JOB, new, old, subresource=subresource, now=now)
    except StatusError as error:
        return [f"{cause.field}: {cause.message}" for cause in error.causes]
    return []


@pytest.mark.parametrize("field", ["completions", "completionMode", "managedBy", "backoffLimitPerIndex"])
def test_field_of_a_job_cannot_change(create: Create, now: datetime, field: str) -> None:
    values = {"completions": 5, "completionMode": "Indexed", "managedBy": "a.io/b", "backoffLimitPerIndex": 3}
    old = create(JOB, SMALL)
    new = copied(old)
    setattr(new.spec, field, values[field])

    assert any(said.startswith(f"spec.{field}: ") and "immutable" in said for said in refused(new, old, now))


def test_completions_of_an_indexed_job_change_with_its_parallelism(create: Create, now: datetime) -> None:
    old = create(JOB, changed(SMALL, **INDEXED))
    alone, together = copied(old), copied(old)
    alone.spec.completions = together.spec.completions = together.spec.parallelism = 6

    assert refused(together, old, now) == []
    assert refused(alone, old, now) == [
        "spec.completions: Invalid value: 6: can only be modified in tandem with spec.parallelism"
    ]


@pytest.mark.parametrize(("suspended", "is_allowed"), [(True, True), (False, False)])
def test_template_changes_its_node_only_before_its_pods_exist(
    create: Create, now: datetime, suspended: bool, is_allowed: bool
) -> None:
    old = create(JOB, changed(SMALL, **{"spec.suspend": suspended}))
    new = copied(old)
    new.spec.template.spec.nodeSelector = {"disk": "ssd"}

    assert (refused(new, old, now) == []) is is_allowed


def status(**fields: Any) -> Plain:
    names = fields.pop("true", [])
    return {**fields, "conditions": [{"type": name, "status": "True"} for name in names]}


TIME = "2026-11-23T12:00:00Z"
STATUSES: list[tuple[Plain, Plain, list[str]]] = [
    ({}, status(active=1, ready=1), []),
    ({}, status(active=0, ready=1), ["status.ready: Invalid value: 1: cannot set more ready pods than active"]),
    ({}, status(active=-1), [f"status.active: Invalid value: -1: {AT_LEAST_0}"]),
    (
        {},
        status(true=["Complete", "SuccessCriteriaMet"], startTime=TIME, completionTime=TIME, succeeded=1),
        [],
    ),
    (
        {},
        status(true=["Failed", "SuccessCriteriaMet"], startTime=TIME),
        [
            "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
            (
                "status.conditions: Invalid value: "
                "cannot set Failed=True condition without the FailureTarget=true condition"
            ),
        ],
    ),
    (
        {},
        status(true=["Complete", "SuccessCriteriaMet"], active=2),
        [
            "status.completionTime: Required value: completionTime is required for Complete jobs",
            "status.active: Invalid value: 2: active>0 is invalid for finished job",
            "status.startTime: Required value: startTime is required for finished job",
        ],
    ),
    (
        {},
        status(completedIndexes="0", uncountedTerminatedPods={"succeeded": ["a", ""], "failed": ["a"]}),
        [
            'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
            'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
            (
                'status.completedIndexes: Invalid value: "0": '
                "cannot set non-empty completedIndexes when non-indexed completion mode"
            ),
        ],
    ),
    (
        status(failed=3, succeeded=2, startTime=TIME),
        status(failed=2, succeeded=1),
        [
            "status.failed: Invalid value: 2: cannot decrease the failed counter",
            "status.succeeded: Invalid value: 1: cannot decrease the succeeded counter",
            "status.startTime: Required value: startTime cannot be removed for unsuspended job",
        ],
    ),
    (
        status(true=["FailureTarget"]),
        status(),
        ["status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition"],
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), STATUSES)
def test_status_of_a_job_fits_together(
    create: Create, now: datetime, before: Plain, after: Plain, expected: list[str]
) -> None:
    old = create(JOB, SMALL)
    old.status = msgspec.convert(before, type(old.status))
    new = copied(old)
    new.status = msgspec.convert(after, type(old.status))

    assert refused(new, old, now, "status") == expected


def test_indexes_that_completed_cannot_have_failed(create: Create, now: datetime) -> None:
    old = create(JOB, changed(SMALL, **INDEXED, **{"spec.backoffLimitPerIndex": 1}))
    new = copied(old)
    new.status.completedIndexes, new.status.failedIndexes = "0,2-3", "1-2"

    assert refused(new, old, now, "status") == [
        'status.failedIndexes: Invalid value: "1-2": failedIndexes and completedIndexes overlap at index: 2'
    ]


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"spec.completions": 3, "status": {"succeeded": 1}}, ["Running", "1/3", ""]),
        ({"spec.parallelism": 2}, ["Running", "0/1 of 2", ""]),
        ({"status": status(true=["Suspended"])}, ["Suspended", "0/1", ""]),
        ({"status": status(true=["Complete"], startTime=TIME, completionTime=TIME)}, ["Complete", "0/1", "0s"]),
    ],
)
def test_job_is_shown_as_kubectl_shows_it(now: datetime, change: Plain, row: list[str]) -> None:
    assert cells(JOB, changed(SMALL, **change), now) == ["x", *row, "3d", "c", "i", "<none>"]


def test_running_job_shows_how_long_it_runs(now: datetime) -> None:
    started = (now - timedelta(minutes=5)).isoformat()

    assert cells(JOB, changed(SMALL, status={"startTime": started}), now)[3] == "5m"
