"""ReplicaSet, StatefulSet, DaemonSet, ControllerRevision: what they fill in, refuse, keep and show."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.apps.controller_revision import CONTROLLER_REVISION
from kubernel.objects.kinds.apps.daemon_set import DAEMON_SET, TEMPLATE_GENERATION
from kubernel.objects.kinds.apps.replica_set import REPLICA_SET
from kubernel.objects.kinds.apps.stateful_set import STATEFUL_SET
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain

from tests.objects.altering import changed
from tests.objects.kind_samples import sample_of
from tests.objects.printing import cells

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

AT_LEAST_0 = "must be greater than or equal to 0"
UPDATE = "spec.updateStrategy"
ROLLING = f"{UPDATE}.rollingUpdate"
CLAIM: Plain = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}},
}
MOUNTED = {
    "spec.volumeClaimTemplates": [CLAIM],
    "spec.template.spec.containers[0].volumeMounts": [{"name": "data", "mountPath": "/data"}],
}
SUDDEN = '{"Type":"Sudden","RollingUpdate":null}'

BROKEN: list[tuple[Kind[Any], Plain, list[str]]] = [
    (REPLICA_SET, {"spec.replicas": -1}, [f"spec.replicas: Invalid value: -1: {AT_LEAST_0}"]),
    (
        REPLICA_SET,
        {"spec.selector": {}},
        ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ),
    (
        REPLICA_SET,
        {"spec.template": ...},
        [
            "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
            "spec.template.spec.containers: Required value",
        ],
    ),
    (
        STATEFUL_SET,
        {"spec.podManagementPolicy": "Wild"},
        ["spec.podManagementPolicy: Invalid value: \"Wild\": must be 'OrderedReady' or 'Parallel'"],
    ),
    (
        STATEFUL_SET,
        {UPDATE: {"type": "Sudden"}},
        [f"{UPDATE}: Invalid value: {SUDDEN}: must be 'RollingUpdate' or 'OnDelete'"],
    ),
    (
        STATEFUL_SET,
        {UPDATE: {"type": "OnDelete", "rollingUpdate": {"partition": 1}}},
        [f"{ROLLING}: Invalid value: {{\"partition\":1}}: only allowed for updateStrategy 'RollingUpdate'"],
    ),
    (
        STATEFUL_SET,
        {ROLLING: {"partition": -1, "maxUnavailable": 0}},
        [
            f"{ROLLING}.partition: Invalid value: -1: {AT_LEAST_0}",
            f"{ROLLING}.maxUnavailable: Invalid value: 0: cannot be 0",
        ],
    ),
    (
        STATEFUL_SET,
        {"spec.persistentVolumeClaimRetentionPolicy": {"whenScaled": "Burn"}},
        [
            (
                'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Burn": '
                'supported values: "Retain", "Delete"'
            )
        ],
    ),
    (STATEFUL_SET, {"spec.ordinals": {"start": -1}}, [f"spec.ordinals.start: Invalid value: -1: {AT_LEAST_0}"]),
    (STATEFUL_SET, MOUNTED, []),
    (
        STATEFUL_SET,
        {**MOUNTED, "spec.volumeClaimTemplates": []},
        ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ),
    (
        STATEFUL_SET,
        {"spec.volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["Maybe"]}}]},
        [
            (
                'spec.volumeClaimTemplates[0].spec.accessModes: Unsupported value: "Maybe": supported values: '
                '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'
            ),
            "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
        ],
    ),
    (
        DAEMON_SET,
        {UPDATE: {"type": "Sudden"}},
        [f'{UPDATE}: Unsupported value: {SUDDEN}: supported values: "RollingUpdate", "OnDelete"'],
    ),
    (
        DAEMON_SET,
        {ROLLING: {"maxUnavailable": 1, "maxSurge": "10%"}},
        [f'{ROLLING}.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero'],
    ),
    (
        DAEMON_SET,
        {ROLLING: {"maxUnavailable": "0%"}},
        [f"{ROLLING}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"],
    ),
    (
        DAEMON_SET,
        {ROLLING: {"maxUnavailable": 0, "maxSurge": "200%"}},
        [f'{ROLLING}.maxSurge: Invalid value: "200%": must not be greater than 100%'],
    ),
    (DAEMON_SET, {"spec.selector": {}}, ["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"]),
    (CONTROLLER_REVISION, {"revision": -1}, [f"revision: Invalid value: -1: {AT_LEAST_0}"]),
]


@pytest.mark.parametrize(("kind", "change", "expected"), BROKEN)
def test_object_is_refused_with_every_reason(
    complaints: Complain, kind: Kind[Any], change: Plain, expected: list[str]
) -> None:
    assert complaints(kind, changed(sample_of(kind), **change)) == expected


def test_stateful_set_gets_the_defaults_of_kubernetes(create: Create) -> None:
    spec = msgspec.to_builtins(create(STATEFUL_SET, changed(sample_of(STATEFUL_SET), **MOUNTED)).spec)

    assert spec["podManagementPolicy"] == "OrderedReady"
    assert spec["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, "maxUnavailable": 1}}
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert (spec["replicas"], spec["revisionHistoryLimit"]) == (1, 10)
    assert spec["volumeClaimTemplates"] == [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
                "volumeMode": "Filesystem",
            },
            "status": {"phase": "Pending"},
        }
    ]


def copied(kind: Kind[Any], obj: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(obj), type=kind.type)


def refused(kind: Kind[Any], new: Any, old: Any, now: datetime) -> list[str]:
    with pytest.raises(StatusError) as caught:
        prepare_changed(kind, new, old, subresource=None, now=now)
    return [f"{cause.field}: {cause.message}" for cause in caught.value.causes]


def test_stateful_set_lets_few_of_its_fields_change(create: Create, now: datetime) -> None:
    old = create(STATEFUL_SET, sample_of(STATEFUL_SET))
    allowed, wrong = copied(STATEFUL_SET, old), copied(STATEFUL_SET, old)
    allowed.spec.replicas, allowed.spec.volumeClaimTemplates, allowed.spec.serviceName = 3, [], ""
    wrong.spec.serviceName = "other"

    prepare_changed(STATEFUL_SET, allowed, old, subresource=None, now=now)

    assert allowed.metadata.generation == 2
    assert refused(STATEFUL_SET, wrong, old, now) == [
        (
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            "are forbidden"
        )
    ]


def test_daemon_set_counts_the_versions_of_its_template(create: Create, now: datetime) -> None:
    old = create(DAEMON_SET, sample_of(DAEMON_SET))
    paced, renewed = copied(DAEMON_SET, old), copied(DAEMON_SET, old)
    paced.spec.minReadySeconds = 5
    paced.metadata.annotations = None
    renewed.spec.template.spec.containers[0].image = "other"

    for new in (paced, renewed):
        prepare_changed(DAEMON_SET, new, old, subresource=None, now=now)

    counts = [obj.metadata.annotations[TEMPLATE_GENERATION] for obj in (old, paced, renewed)]
    assert (counts, renewed.metadata.generation) == (["1", "1", "2"], 2)


@pytest.mark.parametrize("kind", [REPLICA_SET, DAEMON_SET])
def test_selector_cannot_change(create: Create, now: datetime, kind: Kind[Any]) -> None:
    old = create(kind, sample_of(kind))
    new = copied(kind, old)
    new.spec.selector.matchLabels = new.spec.template.metadata.labels = {"app": "db"}

    assert refused(kind, new, old, now) == [
        'spec.selector: Invalid value: {"matchLabels":{"app":"db"}}: field is immutable'
    ]


def test_data_of_a_revision_cannot_change(create: Create, now: datetime) -> None:
    old = create(CONTROLLER_REVISION, sample_of(CONTROLLER_REVISION))
    new = copied(CONTROLLER_REVISION, old)
    new.data, new.revision = {}, 2

    assert refused(CONTROLLER_REVISION, new, old, now) == ["data: Invalid value: {}: field is immutable"]


OWNER = {"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "Web", "uid": "u", "controller": True}
SHOWN: list[tuple[Kind[Any], Plain, list[Any]]] = [
    (
        REPLICA_SET,
        {"spec.replicas": 3, "status": {"replicas": 2, "readyReplicas": 1}},
        ["x", 3, 2, 1, "3d", "c", "i", "app=web"],
    ),
    (
        STATEFUL_SET,
        {"spec.replicas": 3, "status": {"replicas": 2, "readyReplicas": 1}},
        ["x", "1/3", "3d", "c", "i"],
    ),
    (
        DAEMON_SET,
        {"spec.template.spec.nodeSelector": {"disk": "ssd"}},
        ["x", 0, 0, 0, 0, 0, "disk=ssd", "3d", "c", "i", "app=web"],
    ),
    (
        CONTROLLER_REVISION,
        {"metadata.ownerReferences": [OWNER]},
        ["x", "daemonset.apps/Web", 1, "3d"],
    ),
]


@pytest.mark.parametrize(("kind", "change", "row"), SHOWN)
def test_kind_is_shown_as_kubectl_shows_it(now: datetime, kind: Kind[Any], change: Plain, row: list[Any]) -> None:
    assert cells(kind, changed(sample_of(kind), **change), now) == row
