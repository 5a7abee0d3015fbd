"""The spec of a persistent volume, in an object of its own or inside an attachment.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidatePersistentVolumeSpec``).
"""

from collections.abc import Iterable
from posixpath import normpath

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.placement.scheduling import node_selector_errors
from kubernel.objects.pods.storage.claims import VOLUME_MODES, access_mode_errors
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import named
from kubernel.objects.volumes.sources import source_errors

__all__ = ["inline_spec_errors", "volume_spec_errors"]

RECLAIM_POLICIES = ("Delete", "Recycle", "Retain")
_INLINE = "may not be specified in the context of inline volumes"


def volume_spec_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    """Check the spec of a volume, with defaults filled in."""
    yield from access_mode_errors(spec.accessModes or [], f"{path}.accessModes")
    yield from _capacity_errors(spec, f"{path}.capacity")
    policy, where = spec.persistentVolumeReclaimPolicy, f"{path}.persistentVolumeReclaimPolicy"
    if policy and policy not in RECLAIM_POLICIES:
        yield field_not_supported(where, policy, RECLAIM_POLICIES)
    yield from _place_errors(spec, f"{path}.nodeAffinity")
    yield from source_errors(spec, path)
    if spec.hostPath is not None and normpath(f"/{spec.hostPath.path.lstrip('/')}") == "/" and policy == "Recycle":
        yield field_forbidden(where, "may not be 'recycle' for a hostPath mount of '/'")
    yield from named(dns_subdomain_errors, spec.storageClassName, f"{path}.storageClassName")
    if spec.volumeMode is not None and spec.volumeMode not in VOLUME_MODES:
        yield field_not_supported(f"{path}.volumeMode", spec.volumeMode, VOLUME_MODES)
    yield from _attributes_errors(spec, path)


def _capacity_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    capacity: dict[str, str] = spec.capacity or {}
    if not capacity:
        yield field_required(path)
    if capacity.keys() != {"storage"}:
        yield field_not_supported(path, capacity, ("storage",))
    for name, value in capacity.items():
        if parse_quantity(value) <= 0:
            yield field_invalid(f"{path}[{name}]", value, "must be greater than zero")


def _place_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    if spec.nodeAffinity is None:
        if spec.local is not None:
            yield field_required(path, "Local volume requires node affinity")
    elif spec.nodeAffinity.required is None:
        yield field_required(f"{path}.required", "must specify required node constraints")
    else:
        yield from node_selector_errors(spec.nodeAffinity.required, f"{path}.required")


def _attributes_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    name = spec.volumeAttributesClassName
    if name is None:
        return
    if not name:
        yield field_required(f"{path}.volumeAttributesClassName", "an empty string is disallowed")
    yield from named(dns_subdomain_errors, name, f"{path}.volumeAttributesClassName")
    if spec.csi is None:
        yield field_required(f"{path}.csi", "has to be specified when using volumeAttributesClassName")


def inline_spec_errors(spec: core.PersistentVolumeSpec, path: str) -> Iterable[FieldError]:
    """Check the spec of a volume that has no object of its own: a CSI volume that an attachment describes."""
    for name in ("claimRef", "capacity"):
        if getattr(spec, name):
            yield field_forbidden(f"{path}.{name}", _INLINE)
    if spec.csi is None:
        yield field_required(f"{path}.csi", "has to be specified in the context of inline volumes")
    yield from access_mode_errors(spec.accessModes or [], f"{path}.accessModes")
    if spec.persistentVolumeReclaimPolicy not in {None, "", "Retain"}:
        why = "may only be Retain in the context of inline volumes"
        yield field_forbidden(f"{path}.persistentVolumeReclaimPolicy", why)
    for name in ("nodeAffinity", "storageClassName"):
        if getattr(spec, name):
            yield field_forbidden(f"{path}.{name}", _INLINE)
    yield from source_errors(spec, path)
    if spec.volumeMode not in {None, "Filesystem"}:
        why = "may not specify volumeMode other than Filesystem in the context of inline volumes"
        yield field_forbidden(f"{path}.volumeMode", why)
