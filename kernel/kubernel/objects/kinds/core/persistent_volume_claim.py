"""The kind ``PersistentVolumeClaim``: storage that somebody wants, and the volume that he got."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from fractions import Fraction
from typing import Any

from kubernel.objects.cells import AGE, NAME, UNSET
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core, meta_of
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.pods.storage.claims import claim_spec_errors, default_claim_spec
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.resource_names import is_native, quantity_errors
from kubernel.objects.rules.values import immutable
from kubernel.objects.volumes.columns import CLASS_ANNOTATION, class_name, modes_text
from kubernel.objects.warnings import STORAGE_CLASS_WARNING, fraction_warnings

__all__ = ["PERSISTENT_VOLUME_CLAIM"]

Claim = core.PersistentVolumeClaim
RESIZING = (
    "ControllerResizeInProgress",
    "ControllerResizeInfeasible",
    "NodeResizePending",
    "NodeResizeInProgress",
    "NodeResizeInfeasible",
)


def _spec(claim: Claim) -> core.PersistentVolumeClaimSpec:
    return claim.spec or core.PersistentVolumeClaimSpec()


def _status(claim: Claim) -> core.PersistentVolumeClaimStatus:
    return claim.status or core.PersistentVolumeClaimStatus()


def _default(claim: Claim) -> None:
    claim.spec, claim.status = spec, status = _spec(claim), _status(claim)
    status.phase = status.phase or "Pending"
    default_claim_spec(spec)
    spec.resources = spec.resources or core.VolumeResourceRequirements()
    canonicalise(status.capacity)
    canonicalise(status.allocatedResources)


def _prepare_create(claim: Claim) -> None:
    """Start pending, and say where the data come from in both of the fields that can say so."""
    claim.status = core.PersistentVolumeClaimStatus(phase="Pending")
    spec = _spec(claim)
    source, reference = spec.dataSource, spec.dataSourceRef
    if source is not None and reference is None:
        spec.dataSourceRef = core.TypedObjectReference(kind=source.kind, name=source.name, apiGroup=source.apiGroup)
    elif reference is not None and source is None and not reference.namespace:
        spec.dataSource = core.TypedLocalObjectReference(
            kind=reference.kind, name=reference.name, apiGroup=reference.apiGroup
        )


def _prepare_update(new: Claim, old: Claim) -> None:
    """Keep the second of the two fields for a source, when a client knows only the first."""
    if _spec(new).dataSourceRef is None and _spec(new).dataSource == _spec(old).dataSource:
        _spec(new).dataSourceRef = _spec(old).dataSourceRef


def _validate_update(new: Claim, old: Claim) -> Iterable[FieldError]:
    yield from _annotation_errors(new, old)
    if _comparable(new, old) != _comparable(old, new):
        why = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        yield field_forbidden("spec", why)
    yield from _size_errors(new, old)
    spec, was = _spec(new), _spec(old)
    yield from immutable(spec.volumeMode, was.volumeMode, "volumeMode")
    if was.volumeAttributesClassName is not None and not spec.volumeAttributesClassName:
        to = "nil" if spec.volumeAttributesClassName is None else "an empty string"
        why = f"update from non-nil value to {to} is forbidden"
        yield field_forbidden("spec.volumeAttributesClassName", why)


def _annotation_errors(new: Claim, old: Claim) -> Iterable[FieldError]:
    said, was = ((meta_of(claim).annotations or {}).get(CLASS_ANNOTATION) for claim in (new, old))
    is_moved = was is not None and said is None and _spec(new).storageClassName == was
    if said != was and not is_moved:
        yield from immutable(said or "", was or "", f"metadata.annotations[{CLASS_ANNOTATION}]")


def _comparable(claim: Claim, other: Claim) -> core.PersistentVolumeClaimSpec:
    """Return what of a spec must be the same before and after.

    A claim gets its volume once and its class once; bound, it may grow.
    """
    spec = copy(_spec(claim))
    theirs = _spec(other)
    spec.volumeAttributesClassName = None
    if not spec.volumeName or not theirs.volumeName:
        spec.volumeName = None
    if spec.storageClassName is None or theirs.storageClassName is None:
        spec.storageClassName = None
    if _status(claim).phase == "Bound" and spec.resources is not None:
        requests = {name: value for name, value in (spec.resources.requests or {}).items() if name != "storage"}
        spec.resources = core.VolumeResourceRequirements(limits=spec.resources.limits, requests=requests or None)
    return spec


def _storage(amounts: dict[str, Any] | None) -> Any:  # noqa: ANN401 - a quantity
    return (amounts or {}).get("storage", "0")


def _requested(claim: Claim) -> Fraction:
    resources = _spec(claim).resources
    return parse_quantity(_storage(resources.requests if resources else None))


def _size_errors(new: Claim, old: Claim) -> Iterable[FieldError]:
    """Let a claim shrink only while it has not grown yet: that undoes a growth that failed."""
    wanted, was = _requested(new), _requested(old)
    if wanted < was and wanted <= parse_quantity(_storage(_status(old).capacity)):
        yield field_forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")


def _validate_status(new: Claim, _old: Claim) -> Iterable[FieldError]:
    status = _status(new)
    for name, value in (status.capacity or {}).items():
        if parse_quantity(value) < 0:
            yield field_invalid(f"status.capacity[{name}]", value, "must be a valid resource quantity")
    path = "status.allocatedResourceStatus"
    for name, value in (status.allocatedResourceStatuses or {}).items():
        yield from _key_errors(name, path)
        if value not in RESIZING:
            yield field_not_supported(path, name, sorted(RESIZING))
    path = "status.allocatedResources"
    for name, value in (status.allocatedResources or {}).items():
        wrong = list(_key_errors(name, path))
        yield from wrong or quantity_errors("storage", value, f"{path}[{name}]")


def _key_errors(name: str, path: str) -> Iterable[FieldError]:
    whys = label_key_errors(name)
    yield from (field_invalid(path, name, why) for why in whys)
    if not whys and is_native(name) and name != "storage":
        yield field_not_supported(path, name, ("storage",))


def _phase(claim: Claim, _now: datetime) -> str:
    return "Terminating" if meta_of(claim).deletionTimestamp is not None else _status(claim).phase or ""


def _capacity(claim: Claim, _now: datetime) -> str:
    return str(_storage(_status(claim).capacity)) if _spec(claim).volumeName else ""


def _modes(claim: Claim, _now: datetime) -> str:
    return modes_text(_status(claim).accessModes) if _spec(claim).volumeName else ""


def _class(claim: Claim, _now: datetime) -> str:
    return class_name(claim.metadata, _spec(claim).storageClassName)


def _or_unset(value: str | None) -> str:
    return UNSET if value is None else value


def _warnings(new: core.PersistentVolumeClaim, _old: core.PersistentVolumeClaim | None) -> Iterable[str]:
    if CLASS_ANNOTATION in (meta_of(new).annotations or {}):
        yield STORAGE_CLASS_WARNING
    resources = _spec(new).resources or core.VolumeResourceRequirements()
    for name, amounts in (("requests", resources.requests), ("limits", resources.limits)):
        yield from fraction_warnings(amounts, f"spec.resources.{name}")


PERSISTENT_VOLUME_CLAIM = Kind(
    type=core.PersistentVolumeClaim,
    group="",
    version="v1",
    name="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    singular="persistentvolumeclaim",
    namespaced=True,
    short_names=("pvc",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=lambda claim: claim_spec_errors(_spec(claim), "spec"),
    warnings=_warnings,
    validate_update=_validate_update,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column("Status", _phase, description="Whether it has a volume."),
        Column("Volume", lambda c, _: _spec(c).volumeName or "", description="The volume that it has."),
        Column("Capacity", _capacity, description="How large the volume is."),
        Column("Access Modes", _modes, description="How the volume can be mounted."),
        Column("StorageClass", _class, description="The class that it asks for."),
        Column(
            "VolumeAttributesClass",
            lambda c, _: _or_unset(_spec(c).volumeAttributesClassName),
            description="The class of its attributes.",
        ),
        AGE,
        Column(
            "VolumeMode",
            lambda c, _: _or_unset(_spec(c).volumeMode),
            priority=1,
            description="Filesystem, or Block.",
        ),
    ),
    has_status=True,
)
