"""What each sort of storage cannot do without, in persistent volumes and inline in pods alike.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateVolumeSource``), ``pkg/apis/core/v1/defaults.go``.
"""

from collections.abc import Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import core

__all__ = ["DEFAULTS", "NEEDED", "fc_errors", "flocker_errors"]

NEEDED: dict[str, tuple[str, ...]] = {
    "hostPath": (),
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "glusterfs": ("endpoints", "path"),
    "flocker": (),
    "nfs": (),
    "rbd": ("monitors", "image"),
    "quobyte": ("registry", "volume"),
    "cephfs": ("monitors",),
    "iscsi": ("targetPortal", "iqn"),
    "cinder": ("volumeID",),
    "fc": (),
    "flexVolume": ("driver",),
    "azureFile": ("secretName", "shareName"),
    "vsphereVolume": ("volumePath",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "scaleIO": ("gateway", "system", "volumeName"),
    "local": ("path",),
    "storageos": ("volumeName",),
    "csi": (),
}
"""The members that each source must have, in the order in which Kubernetes looks for sources."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "hostPath": {"type": ""},
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "azureDisk": {"cachingMode": "ReadWrite", "kind": "Shared", "fsType": "ext4", "readOnly": False},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
"""What is filled in for members that are left out."""


def fc_errors(source: core.FCVolumeSource, path: str) -> Iterable[FieldError]:
    """Check how a Fibre Channel volume is found."""
    if bool(source.targetWWNs) is bool(source.wwids):
        problem = "must specify either targetWWNs or wwids, but not both"
        yield field_required(f"{path}.targetWWNs", problem)
    elif source.targetWWNs and source.lun is None:
        yield field_required(f"{path}.lun", "lun is required if targetWWNs is specified")


def flocker_errors(source: core.FlockerVolumeSource, path: str) -> Iterable[FieldError]:
    """Check which data set a Flocker volume is."""
    if not source.datasetName and not source.datasetUUID:
        yield field_required(path, "one of datasetName and datasetUUID is required")
    elif source.datasetName and source.datasetUUID:
        yield field_invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously")
    if "/" in (source.datasetName or ""):
        yield field_invalid(f"{path}.datasetName", source.datasetName, "must not contain '/'")
