"""Rules of a pod's volumes: one source each, and what the common sources need.

Sources that only a cloud's or a vendor's storage serves are kept as they are. Source: Kubernetes'
``pkg/apis/core/validation`` (``ValidateVolumes``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.defaults import VOLUME_SOURCES
from kubernel.objects.pods.environment import field_reference_errors, resource_reference_errors
from kubernel.objects.quantity import QuantityError, parse_quantity
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.values import config_mode, duplicates, one_of, relative_path, required_name, within

__all__ = ["host_path_errors", "nfs_errors", "volume_errors"]

HOST_PATH_TYPES = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)
FILE_FIELDS = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)
"""What a file of a downward API volume can show of its pod."""

TOKEN_MIN_S, TOKEN_MAX_S = 600, 2**32


def volume_errors(volumes: list[core.Volume], path: str) -> Iterable[FieldError]:
    """Check the volumes of a spec, with defaults filled in."""
    for i, volume in enumerate(volumes):
        where = f"{path}[{i}]"
        yield from required_name(dns_label_errors, volume.name, f"{where}.name")
        yield from _source_errors(volume, where)
    yield from duplicates((volume.name for volume in volumes), lambda i: f"{path}[{i}].name")


def _source_errors(volume: core.Volume, path: str) -> Iterable[FieldError]:
    found = [name for name in VOLUME_SOURCES if getattr(volume, name) is not None]
    for name in found[1:]:
        yield field_forbidden(f"{path}.{name}", "may not specify more than 1 volume type")
    check = _CHECKS.get(found[0])
    if check is not None:
        yield from check(getattr(volume, found[0]), f"{path}.{found[0]}")


def host_path_errors(source: core.HostPathVolumeSource, path: str) -> Iterable[FieldError]:
    """Check a path of the node."""
    if not source.path:
        yield field_required(f"{path}.path")
    elif ".." in source.path.split("/"):
        yield field_invalid(f"{path}.path", source.path, "must not contain '..'")
    if source.type:
        yield from one_of(source.type, HOST_PATH_TYPES, f"{path}.type")


def _empty_dir(source: core.EmptyDirVolumeSource, path: str) -> Iterable[FieldError]:
    if source.sizeLimit is None:
        return
    try:
        if parse_quantity(source.sizeLimit) < 0:
            yield field_forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")
    except QuantityError as error:
        yield field_invalid(f"{path}.sizeLimit", source.sizeLimit, str(error))


def _config_map(source: core.ConfigMapVolumeSource | core.ConfigMapProjection, path: str) -> Iterable[FieldError]:
    if not source.name:
        yield field_required(f"{path}.name")
    yield from _items(source, path)


def _secret(source: core.SecretVolumeSource, path: str) -> Iterable[FieldError]:
    if not source.secretName:
        yield field_required(f"{path}.secretName")
    yield from _items(source, path)


def _items(source: Any, path: str) -> Iterable[FieldError]:  # noqa: ANN401 - four models share these fields
    yield from config_mode(getattr(source, "defaultMode", None), f"{path}.defaultMode")
    items: list[core.KeyToPath] = source.items or []
    for i, item in enumerate(items):
        if not item.key:
            yield field_required(f"{path}.items[{i}].key")
        yield from _file(item.path, f"{path}.items[{i}].path")
        yield from config_mode(item.mode, f"{path}.items[{i}].mode")


def _file(value: str, path: str) -> Iterable[FieldError]:
    if not value:
        yield field_required(path)
    else:
        yield from relative_path(value, path)


def _downward(source: core.DownwardAPIVolumeSource | core.DownwardAPIProjection, path: str) -> Iterable[FieldError]:
    for i, item in enumerate(source.items or ()):
        where = f"{path}.items[{i}]"
        yield from _file(item.path, f"{where}.path")
        yield from config_mode(item.mode, f"{where}.mode")
        if item.fieldRef:
            yield from field_reference_errors(item.fieldRef, f"{where}.fieldRef", FILE_FIELDS)
        if item.resourceFieldRef:
            yield from resource_reference_errors(item.resourceFieldRef, f"{where}.resourceFieldRef")
        if not item.fieldRef and not item.resourceFieldRef:
            yield field_required(where, "one of fieldRef and resourceFieldRef is required")


def _projected(source: core.ProjectedVolumeSource, path: str) -> Iterable[FieldError]:
    yield from config_mode(source.defaultMode, f"{path}.defaultMode")
    for i, projection in enumerate(source.sources or ()):
        where = f"{path}.sources[{i}]"
        found = [name for name in core.VolumeProjection.__struct_fields__ if getattr(projection, name) is not None]
        for name in found[1:]:
            yield field_forbidden(f"{where}.{name}", "may not specify more than 1 volume type")
        if projection.configMap:
            yield from _config_map(projection.configMap, f"{where}.configMap")
        if projection.secret:
            if not projection.secret.name:
                yield field_required(f"{where}.secret.name")
            yield from _items(projection.secret, f"{where}.secret")
        if projection.downwardAPI:
            yield from _downward(projection.downwardAPI, f"{where}.downwardAPI")
        if projection.serviceAccountToken:
            yield from _token(projection.serviceAccountToken, f"{where}.serviceAccountToken")


def _token(source: core.ServiceAccountTokenProjection, path: str) -> Iterable[FieldError]:
    yield from within(source.expirationSeconds, TOKEN_MIN_S, TOKEN_MAX_S, f"{path}.expirationSeconds")
    yield from _file(source.path, f"{path}.path")


def _claim(source: core.PersistentVolumeClaimVolumeSource, path: str) -> Iterable[FieldError]:
    if not source.claimName:
        yield field_required(f"{path}.claimName")


def nfs_errors(source: core.NFSVolumeSource, path: str) -> Iterable[FieldError]:
    """Check a path of an NFS server."""
    if not source.server:
        yield field_required(f"{path}.server")
    if not source.path:
        yield field_required(f"{path}.path")
    elif not source.path.startswith("/"):
        yield field_invalid(f"{path}.path", source.path, "must be an absolute path")


_CHECKS: dict[str, Callable[[Any, str], Iterable[FieldError]]] = {
    "configMap": _config_map,
    "downwardAPI": _downward,
    "emptyDir": _empty_dir,
    "hostPath": host_path_errors,
    "nfs": nfs_errors,
    "persistentVolumeClaim": _claim,
    "projected": _projected,
    "secret": _secret,
}
