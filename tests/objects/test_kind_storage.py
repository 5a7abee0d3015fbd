"""Volumes, claims and their classes: what they refuse, fill in, keep and show."""

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

KINDS = {
    kind.name: kind for kind in BUILTIN if kind.group == "storage.k8s.io" or kind.name.startswith("PersistentVolume")
}
MODES = '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'
V = "spec.source.inlineVolumeSpec"
HOST: Plain = {"hostPath": {"path": "/x"}}


def volume(source: Plain = HOST, **more: Any) -> Plain:
    spec = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, **source, **more}
    return {"spec": spec}


def claim(size: str = "1Gi", **more: Any) -> Plain:
    return {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}, **more}}


@pytest.mark.parametrize(
    ("name", "plain", "expected"),
    [
        ("PersistentVolume", volume(), []),
        (
            "PersistentVolume",
            {},
            [
                "spec.accessModes: Required value",
                "spec.capacity: Required value",
                'spec.capacity: Unsupported value: {}: supported values: "storage"',
                "spec: Required value: must specify a volume type",
            ],
        ),
        (
            "PersistentVolume",
            volume(accessModes=["ReadWriteOncePod", "ReadWriteMany", "Any"]),
            [
                f'spec.accessModes: Unsupported value: "Any": supported values: {MODES}',
                "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
            ],
        ),
        (
            "PersistentVolume",
            volume({**HOST, "nfs": {"server": "a", "path": "b"}}),
            ["spec.nfs: Forbidden: may not specify more than 1 volume type"],
        ),
        (
            "PersistentVolume",
            volume({"nfs": {"server": "", "path": "b"}}),
            [
                "spec.nfs.server: Required value",
                'spec.nfs.path: Invalid value: "b": must be an absolute path',
            ],
        ),
        (
            "PersistentVolume",
            volume({"local": {"path": "/x/.."}}),
            [
                "spec.nodeAffinity: Required value: Local volume requires node affinity",
                "spec.local.path: Invalid value: \"/x/..\": must not contain '..'",
            ],
        ),
        (
            "PersistentVolume",
            volume({"csi": {"driver": "d" * 64, "volumeHandle": "", "nodePublishSecretRef": {"name": "a"}}}),
            [
                "spec.csi.driver: Too long: may not be more than 63 bytes",
                "spec.csi.volumeHandle: Required value",
                "spec.csi.nodePublishSecretRef.namespace: Required value",
            ],
        ),
        (
            "PersistentVolume",
            volume({"hostPath": {"path": "//"}}, persistentVolumeReclaimPolicy="Recycle", volumeMode="Tape"),
            [
                ("spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"),
                'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
            ],
        ),
        ("PersistentVolumeClaim", claim(), []),
        (
            "PersistentVolumeClaim",
            {},
            [
                "spec.accessModes: Required value: at least 1 access mode is required",
                "spec.resources[storage]: Required value",
            ],
        ),
        (
            "PersistentVolumeClaim",
            claim("0", dataSource={"kind": "Snapshot", "name": "a"}),
            [
                'spec.resources[storage]: Invalid value: "0": must be greater than zero',
                *(
                    f"spec.{field}: Invalid value: \"Snapshot\": must be 'PersistentVolumeClaim' "
                    "when referencing the default apiGroup"
                    for field in ("dataSource", "dataSourceRef")
                ),
            ],
        ),
        (
            "StorageClass",
            {"provisioner": "", "reclaimPolicy": "Burn", "volumeBindingMode": "Never", "parameters": {"": "a"}},
            [
                "provisioner: Required value",
                'parameters: Invalid value: "": field can not be empty.',
                'reclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Retain"',
                (
                    'volumeBindingMode: Unsupported value: "Never": supported values: '
                    '"Immediate", "WaitForFirstConsumer"'
                ),
            ],
        ),
        (
            "StorageClass",
            {
                "provisioner": "a.b",
                "allowedTopologies": [
                    {"matchLabelExpressions": [{"key": "zone", "values": ["a", "a"]}, {"key": "zone", "values": []}]}
                ],
            },
            [
                'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
                "allowedTopologies[0].matchLabelExpressions[1].values: Required value",
                'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "zone"',
            ],
        ),
        (
            "VolumeAttributesClass",
            {"driverName": "a.b"},
            ["parameters: Required value: must contain at least one key/value pair"],
        ),
        (
            "VolumeAttachment",
            {"spec": {"attacher": "a.b", "nodeName": "n1", "source": {}}},
            ["spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
        ),
        (
            "VolumeAttachment",
            {"spec": {"attacher": "a.b", "nodeName": "n1", "source": {"inlineVolumeSpec": volume()["spec"]}}},
            [
                f"{V}.capacity: Forbidden: may not be specified in the context of inline volumes",
                f"{V}.csi: Required value: has to be specified in the context of inline volumes",
            ],
        ),
        (
            "CSIDriver",
            {
                "spec": {
                    "fsGroupPolicy": "Some",
                    "volumeLifecycleModes": ["Long"],
                    "tokenRequests": [{"audience": "a", "expirationSeconds": 5}, {"audience": "a"}],
                }
            },
            [
                (
                    'spec.fsGroupPolicy: Unsupported value: "Some": supported values: '
                    '"File", "None", "ReadWriteOnceWithFSType"'
                ),
                (
                    "spec.tokenRequests[0].expirationSeconds: Invalid value: 5: "
                    "may not specify a duration less than 10 minutes"
                ),
                'spec.tokenRequests[1].audience: Duplicate value: "a"',
                'spec.volumeLifecycleModes: Unsupported value: "Long": supported values: "Persistent", "Ephemeral"',
            ],
        ),
        (
            "CSINode",
            {"spec": {"drivers": [{"name": "a", "nodeID": "1"}, {"name": "a", "nodeID": ""}]}},
            ["spec.drivers[1].nodeID: Required value", 'spec.drivers[1].name: Duplicate value: "a"'],
        ),
        (
            "CSIStorageCapacity",
            {"storageClassName": "fast", "capacity": "-1"},
            ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
        ),
    ],
)
def test_object_is_refused_with_every_reason(
    complaints: Complain, name: str, plain: Plain, expected: list[str]
) -> None:
    assert complaints(KINDS[name], plain) == expected


def test_volume_and_claim_start_pending_with_defaults(create: Create) -> None:
    pv = create(KINDS["PersistentVolume"], volume(capacity={"storage": "1024Mi"}))
    pvc = create(KINDS["PersistentVolumeClaim"], claim(dataSource={"kind": "PersistentVolumeClaim", "name": "a"}))

    assert (pv.status.phase, pv.spec.persistentVolumeReclaimPolicy, pv.spec.volumeMode) == (
        "Pending",
        "Retain",
        "Filesystem",
    )
    assert (pv.spec.capacity, pv.spec.hostPath.type) == ({"storage": "1Gi"}, "")
    assert pv.status.lastPhaseTransitionTime is not None
    assert (pvc.status.phase, pvc.spec.volumeMode, pvc.spec.dataSourceRef.name) == ("Pending", "Filesystem", "a")


def test_class_and_driver_get_their_defaults(create: Create) -> None:
    cls = create(KINDS["StorageClass"], {"provisioner": "a.b"})
    driver = create(KINDS["CSIDriver"], {"spec": {}})

    assert (cls.reclaimPolicy, cls.volumeBindingMode) == ("Delete", "Immediate")
    assert msgspec.to_builtins(driver.spec) == {
        "attachRequired": True,
        "fsGroupPolicy": "ReadWriteOnceWithFSType",
        "podInfoOnMount": False,
        "requiresRepublish": False,
        "seLinuxMount": False,
        "storageCapacity": False,
        "volumeLifecycleModes": ["Persistent"],
    }


FIXED_CLAIM = (
    "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for "
    "bound claims"
)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            "PersistentVolume",
            volume(),
            volume({"nfs": {"server": "a", "path": "/"}}),
            ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"],
        ),
        (
            "PersistentVolume",
            volume({"csi": {"driver": "d", "volumeHandle": "h"}}),
            volume(
                {
                    "csi": {
                        "driver": "d",
                        "volumeHandle": "h",
                        "controllerExpandSecretRef": {"name": "a", "namespace": "b"},
                    }
                }
            ),
            [],
        ),
        ("PersistentVolumeClaim", claim(), claim(volumeName="v"), []),
        ("PersistentVolumeClaim", claim(), claim(storageClassName="fast"), []),
        ("PersistentVolumeClaim", claim(storageClassName="slow"), claim(storageClassName="fast"), [FIXED_CLAIM]),
        ("PersistentVolumeClaim", claim(), claim("2Gi"), [FIXED_CLAIM]),
        (
            "StorageClass",
            {"provisioner": "a.b", "parameters": {"a": "b"}},
            {"provisioner": "a.c", "parameters": {"a": "c"}, "volumeBindingMode": "WaitForFirstConsumer"},
            [
                "parameters: Forbidden: updates to parameters are forbidden.",
                "provisioner: Forbidden: updates to provisioner are forbidden.",
                'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
            ],
        ),
        (
            "CSINode",
            {"spec": {"drivers": [{"name": "a", "nodeID": "1"}]}},
            {"spec": {"drivers": [{"name": "a", "nodeID": "1", "allocatable": {"count": 3}}]}},
            [],
        ),
    ],
)
def test_change_is_refused(forbidden_changes: Change, name: str, old: Plain, new: Plain, expected: list[str]) -> None:
    assert forbidden_changes(KINDS[name], old, new) == expected


@pytest.mark.parametrize(
    ("name", "plain", "expected"),
    [
        (
            "PersistentVolume",
            {
                **volume(accessModes=["ReadWriteMany", "ReadWriteOnce"], claimRef={"namespace": "n", "name": "c"}),
                "status": {"phase": "Bound"},
            },
            ["x", "1Gi", "RWO,RWX", "", "Bound", "n/c", "", "<unset>", "", "3d", "<unset>"],
        ),
        (
            "PersistentVolumeClaim",
            {
                **claim(volumeName="v", storageClassName="fast", volumeMode="Block"),
                "status": {"phase": "Bound", "capacity": {"storage": "2Gi"}, "accessModes": ["ReadWriteOncePod"]},
            },
            ["x", "Bound", "v", "2Gi", "RWOP", "fast", "<unset>", "3d", "Block"],
        ),
        ("PersistentVolumeClaim", claim(), ["x", "", "", "", "", "", "<unset>", "3d", "<unset>"]),
        (
            "StorageClass",
            {
                "metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
                "provisioner": "a.b",
            },
            ["x (default)", "a.b", "Delete", "Immediate", False, "3d"],
        ),
        (
            "VolumeAttachment",
            {"spec": {"attacher": "a", "nodeName": "n", "source": {"persistentVolumeName": "v"}}},
            ["x", "a", "v", "n", False, "3d"],
        ),
        (
            "CSIDriver",
            {"spec": {"tokenRequests": [{"audience": "a"}]}},
            ["x", True, False, False, "a", False, "<none>", "3d"],
        ),
        ("CSINode", {"spec": {"drivers": []}}, ["x", 0, "3d"]),
        ("CSIStorageCapacity", {"storageClassName": "fast", "capacity": "1Gi"}, ["x", "fast", "1Gi"]),
    ],
)
def test_cells_are_those_of_kubectl(name: str, plain: Plain, expected: list[Any], now: datetime) -> None:
    kind = KINDS[name]
    created = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat(), **plain.get("metadata", {})}
    obj = msgspec.convert({**plain, "metadata": created}, kind.type)

    assert table(kind, [obj], now=now, include="None")["rows"][0]["cells"] == expected
