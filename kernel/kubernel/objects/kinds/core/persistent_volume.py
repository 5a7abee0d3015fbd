"""The kind ``PersistentVolume``: storage that is there, whoever uses it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from kubernel.objects.cells import AGE, NAME, UNSET
from kubernel.objects.errors import FieldError, field_forbidden
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core, meta_of
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.rules.values import immutable
from kubernel.objects.volumes.columns import CLASS_ANNOTATION, class_name, modes_text
from kubernel.objects.volumes.sources import default_source, source_of
from kubernel.objects.volumes.spec import volume_spec_errors
from kubernel.objects.warnings import STORAGE_CLASS_WARNING, expression_warnings, source_warnings

__all__ = ["PERSISTENT_VOLUME"]

Volume = core.PersistentVolume


def _spec(volume: Volume) -> core.PersistentVolumeSpec:
    return volume.spec or core.PersistentVolumeSpec()


def _status(volume: Volume) -> core.PersistentVolumeStatus:
    return volume.status or core.PersistentVolumeStatus()


def _default(volume: Volume) -> None:
    volume.spec, volume.status = spec, status = _spec(volume), _status(volume)
    status.phase = status.phase or "Pending"
    spec.persistentVolumeReclaimPolicy = spec.persistentVolumeReclaimPolicy or "Retain"
    spec.volumeMode = spec.volumeMode or "Filesystem"
    default_source(spec)
    canonicalise(spec.capacity)


def _prepare_create(volume: Volume) -> None:
    changed = datetime.now(UTC).replace(microsecond=0)
    volume.status = core.PersistentVolumeStatus(phase="Pending", lastPhaseTransitionTime=changed)


def _prepare_update(new: Volume, old: Volume) -> None:
    """Note when the phase changed, for who reports a phase without saying so."""
    status, was = _status(new), _status(old)
    if status.phase != was.phase and status.lastPhaseTransitionTime in {None, was.lastPhaseTransitionTime}:
        status.lastPhaseTransitionTime = datetime.now(UTC).replace(microsecond=0)


def _validate_update(new: Volume, old: Volume) -> Iterable[FieldError]:
    spec, was = _spec(new), _spec(old)
    if _fixed(spec, was) != source_of(was):
        why = "spec.persistentvolumesource is immutable after creation"
        yield field_forbidden("spec.persistentvolumesource", why)
    yield from immutable(spec.volumeMode, was.volumeMode, "volumeMode")
    if was.nodeAffinity is not None:
        yield from immutable(spec.nodeAffinity, was.nodeAffinity, "nodeAffinity")
    if was.volumeAttributesClassName is not None and spec.volumeAttributesClassName is None:
        why = "update from non-nil value to nil is forbidden"
        yield field_forbidden("spec.volumeAttributesClassName", why)


def _fixed(spec: core.PersistentVolumeSpec, was: core.PersistentVolumeSpec) -> dict[str, object]:
    """Return the source without what may be added to it later: the secret for growing a volume."""
    source = source_of(spec)
    if spec.csi is not None and was.csi is not None and was.csi.controllerExpandSecretRef is None:
        source["csi"] = replace(spec.csi, controllerExpandSecretRef=None)
    return source


def _phase(volume: Volume, _now: datetime) -> str:
    return "Terminating" if meta_of(volume).deletionTimestamp is not None else _status(volume).phase or ""


def _claim(volume: Volume, _now: datetime) -> str:
    claim = _spec(volume).claimRef
    return f"{claim.namespace or ''}/{claim.name or ''}" if claim is not None else ""


def _class(volume: Volume, _now: datetime) -> str:
    return class_name(volume.metadata, _spec(volume).storageClassName)


def _attributes_class(volume: Volume, _now: datetime) -> str:
    name = _spec(volume).volumeAttributesClassName
    return UNSET if name is None else name


def _warnings(new: Volume, _old: Volume | None) -> Iterable[str]:
    spec, path = _spec(new), "spec.nodeAffinity.required.nodeSelectorTerms"
    chosen = spec.nodeAffinity.required if spec.nodeAffinity else None
    for i, term in enumerate(chosen.nodeSelectorTerms if chosen is not None else ()):
        yield from expression_warnings(term.matchExpressions, f"{path}[{i}].matchExpressions")
    if CLASS_ANNOTATION in (meta_of(new).annotations or {}):
        yield STORAGE_CLASS_WARNING
    if spec.persistentVolumeReclaimPolicy == "Recycle":
        yield (
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended "
            "approach is to use dynamic provisioning."
        )
    yield from source_warnings(spec, "spec")


PERSISTENT_VOLUME = Kind(
    type=core.PersistentVolume,
    group="",
    version="v1",
    name="PersistentVolume",
    plural="persistentvolumes",
    singular="persistentvolume",
    namespaced=False,
    short_names=("pv",),
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=lambda volume: volume_spec_errors(_spec(volume), "spec"),
    validate_update=_validate_update,
    warnings=_warnings,
    columns=(
        NAME,
        Column("Capacity", lambda v, _: (_spec(v).capacity or {}).get("storage", "0"), description="How large it is."),
        Column("Access Modes", lambda v, _: modes_text(_spec(v).accessModes), description="How it can be mounted."),
        Column(
            "Reclaim Policy",
            lambda v, _: _spec(v).persistentVolumeReclaimPolicy or "",
            description="What becomes of it when its claim goes.",
        ),
        Column("Status", _phase, description="Whether a claim has it."),
        Column("Claim", _claim, description="The claim that has it."),
        Column("StorageClass", _class, description="Its class."),
        Column("VolumeAttributesClass", _attributes_class, description="The class of its attributes."),
        Column("Reason", lambda v, _: _status(v).reason or "", description="Why it is in this state."),
        AGE,
        Column(
            "VolumeMode",
            lambda v, _: UNSET if _spec(v).volumeMode is None else _spec(v).volumeMode,
            priority=1,
            description="Filesystem, or Block.",
        ),
    ),
    has_status=True,
)
