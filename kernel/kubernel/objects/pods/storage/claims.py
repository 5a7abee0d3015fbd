"""What a claim for storage asks for: by itself, as a StatefulSet's template, and as a pod's ephemeral volume.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidatePersistentVolumeClaimSpec``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named
from kubernel.objects.selectors import label_selector_errors

__all__ = ["ACCESS_MODES", "VOLUME_MODES", "access_mode_errors", "claim_spec_errors", "default_claim_spec"]

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
_ALONE = "ReadWriteOncePod"
_CLAIM = "PersistentVolumeClaim"


def default_claim_spec(spec: core.PersistentVolumeClaimSpec) -> None:
    """Fill in what a claim leaves out, and write its quantities in canonical form."""
    spec.volumeMode = spec.volumeMode or "Filesystem"
    if spec.resources is not None:
        canonicalise(spec.resources.limits)
        canonicalise(spec.resources.requests)


def claim_spec_errors(spec: core.PersistentVolumeClaimSpec, path: str) -> Iterable[FieldError]:
    """Check a claim's spec with defaults filled in."""
    yield from access_mode_errors(spec.accessModes or [], f"{path}.accessModes", "at least 1 access mode is required")
    yield from label_selector_errors(spec.selector, f"{path}.selector")
    yield from _storage_errors(spec.resources, f"{path}.resources[storage]")
    yield from named(dns_subdomain_errors, spec.storageClassName, f"{path}.storageClassName")
    if spec.volumeMode not in VOLUME_MODES:
        yield field_not_supported(f"{path}.volumeMode", spec.volumeMode, VOLUME_MODES)
    yield from _source_errors(spec, path)
    yield from named(dns_subdomain_errors, spec.volumeAttributesClassName, f"{path}.volumeAttributesClassName")


def access_mode_errors(modes: list[str], path: str, why_required: str = "") -> Iterable[FieldError]:
    """Check how a claim or a volume may be mounted; one of the modes goes with no other."""
    if not modes:
        yield field_required(path, why_required)
    for mode in modes:
        if mode not in ACCESS_MODES:
            yield field_not_supported(path, mode, ACCESS_MODES)
    if _ALONE in modes and any(mode != _ALONE and mode in ACCESS_MODES for mode in modes):
        yield field_forbidden(path, f"may not use {_ALONE} with other access modes")


def _storage_errors(resources: core.VolumeResourceRequirements | None, path: str) -> Iterable[FieldError]:
    storage = (resources.requests or {}).get("storage") if resources else None
    if storage is None:
        yield field_required(path)
    elif parse_quantity(storage) <= 0:
        yield field_invalid(path, storage, "must be greater than zero")


def _source_errors(spec: core.PersistentVolumeClaimSpec, path: str) -> Iterable[FieldError]:
    source, reference = spec.dataSource, spec.dataSourceRef
    if source is not None:
        yield from _reference_errors(source, f"{path}.dataSource")
    if reference is not None:
        yield from _reference_errors(reference, f"{path}.dataSourceRef")
        yield from named(dns_label_errors, reference.namespace, f"{path}.dataSourceRef.namespace")
    if source is None or reference is None:
        return
    if reference.namespace:
        why = "may not be specified when dataSourceRef.namespace is specified"
        yield field_invalid(path, f"{path}.dataSource", why)
    elif (source.apiGroup, source.kind, source.name) != (reference.apiGroup, reference.kind, reference.name):
        yield field_invalid(path, f"{path}.dataSource", "must match dataSourceRef")


def _reference_errors(
    source: core.TypedLocalObjectReference | core.TypedObjectReference, path: str
) -> Iterable[FieldError]:
    if not source.name:
        yield field_required(f"{path}.name")
    if not source.kind:
        yield field_required(f"{path}.kind")
    if not source.apiGroup and source.kind != _CLAIM:
        why = f"must be '{_CLAIM}' when referencing the default apiGroup"
        yield field_invalid(path, source.kind, why)
    yield from named(dns_subdomain_errors, source.apiGroup, f"{path}.apiGroup")
