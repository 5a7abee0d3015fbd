"""Rules of a pod's volumes: one source each, and what each source needs.

Sources that only a cloud's or a vendor's storage serves must have what they cannot do without. Source: Kubernetes'
``pkg/apis/core/validation`` (``ValidateVolumes``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.defaults import VOLUME_SOURCES
from kubernel.objects.pods.storage.claims import claim_spec_errors
from kubernel.objects.pods.storage.projections import config_map_errors, downward_errors, item_errors, projection_errors
from kubernel.objects.quantity import QuantityError, parse_quantity
from kubernel.objects.rules.labels import annotation_errors, label_errors
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.rules.values import duplicates, one_of, relative_path, required_name
from kubernel.objects.volumes.drivers import driver_name_errors
from kubernel.objects.volumes.members import NEEDED, fc_errors, flocker_errors

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
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_CLAIM_METADATA = frozenset({"annotations", "creationTimestamp", "labels"})


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
    source, where = getattr(volume, found[0]), f"{path}.{found[0]}"
    if (check := _CHECKS.get(found[0])) is not None:
        yield from check(source, where)
    else:
        yield from (field_required(f"{where}.{m}") for m in NEEDED.get(found[0], ()) if not getattr(source, m))


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


def _secret(source: core.SecretVolumeSource, path: str) -> Iterable[FieldError]:
    if not source.secretName:
        yield field_required(f"{path}.secretName")
    yield from item_errors(source, path)


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


def _csi(source: core.CSIVolumeSource, path: str) -> Iterable[FieldError]:
    yield from driver_name_errors(source.driver, f"{path}.driver")
    if source.nodePublishSecretRef is not None and not source.nodePublishSecretRef.name:
        yield field_required(f"{path}.nodePublishSecretRef.name")


def _ephemeral(source: core.EphemeralVolumeSource, path: str) -> Iterable[FieldError]:
    template, where = source.volumeClaimTemplate, f"{path}.volumeClaimTemplate"
    if template is None:
        yield field_required(where)
        return
    metadata = template.metadata
    if metadata is not None:
        yield from label_errors(metadata.labels, f"{where}.metadata.labels")
        yield from annotation_errors(metadata.annotations, f"{where}.metadata.annotations")
        for name in metadata.__struct_fields__:
            if name not in _CLAIM_METADATA and getattr(metadata, name) not in (None, "", [], {}):
                yield field_forbidden(f"{where}.metadata.{name}", "cannot be set for an ephemeral volume")
    yield from claim_spec_errors(template.spec, f"{where}.spec")


def _git_repo(source: core.GitRepoVolumeSource, path: str) -> Iterable[FieldError]:
    if not source.repository:
        yield field_required(f"{path}.repository")
    if source.directory:
        yield from relative_path(source.directory, f"{path}.directory")


def _image(source: core.ImageVolumeSource, path: str) -> Iterable[FieldError]:
    if not source.reference:
        yield field_required(f"{path}.reference")
    elif source.reference != source.reference.strip():
        yield field_invalid(f"{path}.reference", source.reference, "must not have leading or trailing whitespace")
    yield from one_of(source.pullPolicy, PULL_POLICIES, f"{path}.pullPolicy")


_CHECKS: dict[str, Callable[[Any, str], Iterable[FieldError]]] = {
    "configMap": config_map_errors,
    "csi": _csi,
    "downwardAPI": downward_errors,
    "emptyDir": _empty_dir,
    "ephemeral": _ephemeral,
    "fc": fc_errors,
    "flocker": flocker_errors,
    "gitRepo": _git_repo,
    "hostPath": host_path_errors,
    "image": _image,
    "nfs": nfs_errors,
    "persistentVolumeClaim": _claim,
    "projected": projection_errors,
    "secret": _secret,
}
