"""Deployment: what it fills in, refuses, keeps and shows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds.apps.deployment import DEPLOYMENT
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain

from tests.objects.altering import changed
from tests.objects.kind_samples import sample_of
from tests.objects.printing import cells

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

SMALL = sample_of(DEPLOYMENT)
AT_LEAST_0 = "must be greater than or equal to 0"
PERCENT = (
    "a valid percent string must be a numeric string followed by an ending '%' "
    "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
)
ROLLING = "spec.strategy.rollingUpdate"
NO_MATCH = "`selector` does not match template `labels`"
LABELS = "spec.template.metadata.labels"

SUDDEN = '{"Type":"Sudden","RollingUpdate":null}'
NEAR = '{"matchExpressions":[{"key":"app","operator":"Near"}]}'

BROKEN: list[tuple[Plain, list[str]]] = [
    ({"spec.replicas": -1}, [f"spec.replicas: Invalid value: -1: {AT_LEAST_0}"]),
    (
        {"spec.selector": {}},
        ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ),
    ({"spec.selector.matchLabels": {"app": "db"}}, [f'{LABELS}: Invalid value: {{"app":"web"}}: {NO_MATCH}']),
    ({"spec.template.metadata": ...}, [f"{LABELS}: Invalid value: null: {NO_MATCH}"]),
    (
        {"spec.selector": {"matchExpressions": [{"key": "app", "operator": "Near"}]}},
        [
            'spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
            f"spec.selector: Invalid value: {NEAR}: invalid label selector",
        ],
    ),
    (
        {"spec.template.spec.restartPolicy": "Never"},
        ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ),
    (
        {"spec.template.spec.activeDeadlineSeconds": 5},
        ["spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"],
    ),
    (
        {"spec.template.spec.ephemeralContainers": [{"name": "e", "image": "i"}]},
        ["spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template"],
    ),
    (
        {"spec.strategy": {"type": "Sudden"}},
        [
            f'spec.strategy: Unsupported value: {SUDDEN}: supported values: "Recreate", "RollingUpdate"',
        ],
    ),
    (
        {"spec.strategy": {"type": "Recreate", "rollingUpdate": {}}},
        [f"{ROLLING}: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ),
    ({ROLLING: {"maxSurge": "x%"}}, [f'{ROLLING}.maxSurge: Invalid value: "x%": {PERCENT}']),
    ({ROLLING: {"maxSurge": -1}}, [f"{ROLLING}.maxSurge: Invalid value: -1: {AT_LEAST_0}"]),
    (
        {ROLLING: {"maxSurge": "0%", "maxUnavailable": 0}},
        [f"{ROLLING}.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"],
    ),
    (
        {ROLLING: {"maxUnavailable": "101%"}},
        [f'{ROLLING}.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ),
    ({ROLLING: {"maxSurge": f"{'9' * 5000}%"}}, []),
    ({"spec.minReadySeconds": -1}, [f"spec.minReadySeconds: Invalid value: -1: {AT_LEAST_0}"]),
    ({"spec.revisionHistoryLimit": -1}, [f"spec.revisionHistoryLimit: Invalid value: -1: {AT_LEAST_0}"]),
    (
        {"spec.progressDeadlineSeconds": 30, "spec.minReadySeconds": 30},
        ["spec.progressDeadlineSeconds: Invalid value: 30: must be greater than minReadySeconds"],
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_deployment_is_refused_with_every_reason(complaints: Complain, change: Plain, expected: list[str]) -> None:
    assert complaints(DEPLOYMENT, changed(SMALL, **change)) == expected


def test_deployment_gets_the_defaults_of_kubernetes(create: Create) -> None:
    deployment = create(DEPLOYMENT, {**SMALL, "status": {"replicas": 3}})

    spec = msgspec.to_builtins(deployment.spec)
    assert spec["template"]["spec"]["restartPolicy"] == "Always"
    assert {name: spec[name] for name in ("replicas", "revisionHistoryLimit", "progressDeadlineSeconds")} == {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
    }
    assert spec["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
    }
    assert (deployment.metadata.generation, msgspec.to_builtins(deployment.status)) == (1, {})


def copied(obj: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(obj), type=DEPLOYMENT.type)


def refused(new: Any, old: Any, now: datetime, subresource: str | None = None) -> list[str]:
    with pytest.raises(StatusError) as caught:
        prepare_changed(DEPLOYMENT, new, old, subresource=subresource, now=now)
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


def test_selector_of_a_deployment_cannot_change(create: Create, now: datetime) -> None:
    old = create(DEPLOYMENT, SMALL)
    new = copied(old)
    new.spec.selector.matchLabels = {"app": "db"}
    new.spec.template.metadata.labels = {"app": "db"}

    assert refused(new, old, now) == ['spec.selector: Invalid value: {"matchLabels":{"app":"db"}}: field is immutable']


@pytest.mark.parametrize(
    ("change", "generation"),
    [
        (lambda new: setattr(new.spec, "replicas", 2), 2),
        (lambda new: setattr(new.metadata, "annotations", {"a": "b"}), 2),
        (lambda new: setattr(new.metadata, "labels", {"a": "b"}), 1),
    ],
)
def test_generation_counts_changes_of_spec_and_annotations(
    create: Create, now: datetime, change: Callable[[Any], None], generation: int
) -> None:
    old = create(DEPLOYMENT, SMALL)
    new = copied(old)
    change(new)

    prepare_changed(DEPLOYMENT, new, old, subresource=None, now=now)

    assert new.metadata.generation == generation


def test_status_counts_no_more_than_there_are_and_never_backwards(create: Create, now: datetime) -> None:
    old = create(DEPLOYMENT, SMALL)
    old.status.collisionCount = 2
    new = copied(old)
    new.status = type(old.status)(
        replicas=1, readyReplicas=2, availableReplicas=3, observedGeneration=-1, collisionCount=1
    )

    assert refused(new, old, now, "status") == [
        f"status.observedGeneration: Invalid value: -1: {AT_LEAST_0}",
        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
        "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
        "status.collisionCount: Invalid value: 1: cannot be decremented",
    ]


def test_deployment_is_shown_as_kubectl_shows_it(now: datetime) -> None:
    plain = changed(
        SMALL,
        **{"spec.replicas": 3, "status": {"readyReplicas": 2, "updatedReplicas": 1, "availableReplicas": 2}},
    )

    assert cells(DEPLOYMENT, plain, now) == ["x", "2/3", 1, 2, "3d", "c", "i", "app=web"]


def test_scale_of_a_deployment_is_its_replicas(create: Create) -> None:
    deployment, scale = create(DEPLOYMENT, SMALL), DEPLOYMENT.scale
    assert scale is not None

    scale.set_replicas(deployment, 6)

    assert (scale.replicas(deployment), scale.current(deployment), scale.selector(deployment)) == (6, 0, "app=web")
