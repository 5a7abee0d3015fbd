"""Where a container sees the pod's volumes: as directories, or as block devices.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateVolumeMounts``, ``ValidateVolumeDevices``).
"""

from collections.abc import Iterable, Mapping

from kubernel.objects.errors import (
    FieldError,
    field_forbidden,
    field_invalid,
    field_not_found,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.pods.confinement.systems import AnyContainer
from kubernel.objects.rules.values import relative_path

__all__ = ["Volumes", "mount_errors"]

Volumes = Mapping[str, core.Volume | None]
"""The volumes that containers may mount, by name; ``None`` for one that comes from elsewhere."""

PROPAGATION = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def mount_errors(container: AnyContainer, volumes: Volumes, path: str) -> Iterable[FieldError]:
    """Check the mounts and the devices of one container."""
    mounts, devices = container.volumeMounts or [], container.volumeDevices or []
    if mounts:
        names, paths = {d.name for d in devices}, {d.devicePath for d in devices}
        yield from _directory_errors(container, volumes, names, f"{path}.volumeMounts")
        for i, mount in enumerate(mounts):
            if mount.mountPath in paths:
                why = "must not already exist as a path in volumeDevices"
                yield field_invalid(f"{path}.volumeMounts[{i}].mountPath", mount.mountPath, why)
    if devices:
        yield from _device_errors(devices, mounts, volumes, f"{path}.volumeDevices")


def _directory_errors(container: AnyContainer, volumes: Volumes, devices: set[str], path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, mount in enumerate(container.volumeMounts or ()):
        where = f"{path}[{i}]"
        if not mount.name:
            yield field_required(f"{where}.name")
        elif mount.name not in volumes:
            yield field_not_found(f"{where}.name", mount.name)
        if not mount.mountPath:
            yield field_required(f"{where}.mountPath")
        elif mount.mountPath in seen:
            yield field_invalid(f"{where}.mountPath", mount.mountPath, "must be unique")
        seen.add(mount.mountPath)
        if mount.name in devices:
            yield field_invalid(f"{where}.name", mount.name, "must not already exist in volumeDevices")
        yield from _part_errors(mount, where)
        if mount.mountPropagation is not None:
            yield from _propagation_errors(container, mount.mountPropagation, f"{where}.mountPropagation")
        if mount.recursiveReadOnly is not None:
            yield from _recursion_errors(mount, f"{where}.recursiveReadOnly")


def _part_errors(mount: core.VolumeMount, path: str) -> Iterable[FieldError]:
    if mount.subPath and mount.subPathExpr:
        why = "subPathExpr and subPath are mutually exclusive"
        yield field_invalid(f"{path}.subPathExpr", mount.subPathExpr, why)
    for name in ("subPath", "subPathExpr"):
        if value := getattr(mount, name):
            yield from relative_path(value, f"{path}.{name}")


def _propagation_errors(container: AnyContainer, propagation: str, path: str) -> Iterable[FieldError]:
    if propagation not in PROPAGATION:
        yield field_not_supported(path, propagation, PROPAGATION)
    context = container.securityContext
    if propagation == "Bidirectional" and not (context is not None and context.privileged):
        yield field_forbidden(path, "Bidirectional mount propagation is available only to privileged containers")


def _recursion_errors(mount: core.VolumeMount, path: str) -> Iterable[FieldError]:
    if mount.recursiveReadOnly not in RECURSIVE:
        yield field_not_supported(path, mount.recursiveReadOnly, RECURSIVE)
    elif mount.recursiveReadOnly != "Disabled":
        if not mount.readOnly:
            yield field_forbidden(path, "may only be specified when readOnly is true")
        if mount.mountPropagation not in {None, "None"}:
            yield field_forbidden(path, "may only be specified when mountPropagation is None or not specified")


def _device_errors(
    devices: list[core.VolumeDevice], mounts: list[core.VolumeMount], volumes: Volumes, path: str
) -> Iterable[FieldError]:
    mounted, mount_paths = {m.name for m in mounts}, {m.mountPath for m in mounts}
    names: set[str] = set()
    paths: set[str] = set()
    for i, device in enumerate(devices):
        where = f"{path}[{i}]"
        yield from _device_name_errors(device, volumes, f"{where}.name")
        if device.name and device.name in names:
            yield field_invalid(f"{where}.name", device.name, "must be unique")
        if not device.devicePath:
            yield field_required(f"{where}.devicePath")
        elif device.devicePath in paths:
            yield field_invalid(f"{where}.devicePath", device.devicePath, "must be unique")
        elif ".." in device.devicePath.split("/"):
            yield field_invalid(f"{where}.devicePath", device.devicePath, "can not contain backsteps ('..')")
        if device.name in mounted:
            yield field_invalid(f"{where}.name", device.name, "must not already exist in volumeMounts")
        if device.devicePath in mount_paths:
            why = "must not already exist as a path in volumeMounts"
            yield field_invalid(f"{where}.devicePath", device.devicePath, why)
        names.add(device.name)
        paths.add(device.devicePath)


def _device_name_errors(device: core.VolumeDevice, volumes: Volumes, path: str) -> Iterable[FieldError]:
    if not device.name:
        yield field_required(path)
    elif device.name not in volumes:
        yield field_not_found(path, device.name)
    else:
        volume = volumes[device.name]
        if volume is not None and volume.persistentVolumeClaim is None and volume.ephemeral is None:
            why = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            yield field_invalid(path, device.name, why)
