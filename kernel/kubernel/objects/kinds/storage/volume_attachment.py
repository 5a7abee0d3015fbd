"""The kind ``VolumeAttachment``: a volume that should be, and is or is not, attached to a node."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required, field_too_long
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storage
from kubernel.objects.rules.maps import require_texts
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import immutable, named
from kubernel.objects.volumes.drivers import driver_name_errors
from kubernel.objects.volumes.spec import inline_spec_errors

__all__ = ["VOLUME_ATTACHMENT"]

METADATA_MAX_BYTES, MESSAGE_MAX = 256 * 1024, 1024
CODE_MAX = 2**31 - 1
_ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"


def _default(attachment: storage.VolumeAttachment) -> None:
    attachment.status = attachment.status or storage.VolumeAttachmentStatus(attached=False)


def _prepare_create(attachment: storage.VolumeAttachment) -> None:
    attachment.status = storage.VolumeAttachmentStatus(attached=False)


def _validate(attachment: storage.VolumeAttachment) -> Iterable[FieldError]:
    yield from _source_errors(attachment.spec.source, "spec.source")
    for why in dns_subdomain_errors(attachment.spec.nodeName):
        yield field_invalid("spec.nodeName", attachment.spec.nodeName, why)
    if attachment.status is not None:
        yield from _status_errors(attachment.status, "status")


def _validate_create(attachment: storage.VolumeAttachment) -> Iterable[FieldError]:
    yield from driver_name_errors(attachment.spec.attacher, "spec.attacher")
    name = attachment.spec.source.persistentVolumeName
    yield from named(dns_subdomain_errors, name, "spec.source.persistentVolumeName")


def _source_errors(source: storage.VolumeAttachmentSource, path: str) -> Iterable[FieldError]:
    if source.inlineVolumeSpec is None and source.persistentVolumeName is None:
        yield field_required(path, _ONE_SOURCE)
    elif source.inlineVolumeSpec is not None and source.persistentVolumeName is not None:
        yield field_forbidden(path, _ONE_SOURCE)
    elif source.inlineVolumeSpec is not None:
        yield from inline_spec_errors(source.inlineVolumeSpec, f"{path}.inlineVolumeSpec")
    elif not source.persistentVolumeName:
        yield field_required(f"{path}.persistentVolumeName", "must specify non empty persistentVolumeName")


def _status_errors(status: storage.VolumeAttachmentStatus, path: str) -> Iterable[FieldError]:
    metadata: dict[str, str] = status.attachmentMetadata or {}
    require_texts(metadata, f"{path}.attachmentMetadata")
    if sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items()) > METADATA_MAX_BYTES:
        yield field_too_long(f"{path}.attachmentMetadata", METADATA_MAX_BYTES)
    for name in ("attachError", "detachError"):
        error: storage.VolumeError | None = getattr(status, name)
        if error is None:
            continue
        if len((error.message or "").encode()) > MESSAGE_MAX:
            # Kubernetes checks against the one limit and names the other.
            yield field_too_long(f"{path}.{name}.message", METADATA_MAX_BYTES)
        if error.errorCode is not None and error.errorCode < 0:
            why = f"must be between 0 and {CODE_MAX}, inclusive"
            yield field_invalid(f"{path}.{name}.errorCode", error.errorCode, why)


def _volume(attachment: storage.VolumeAttachment, _now: datetime) -> str:
    return attachment.spec.source.persistentVolumeName or ""


VOLUME_ATTACHMENT = Kind(
    type=storage.VolumeAttachment,
    group="storage.k8s.io",
    version="v1",
    name="VolumeAttachment",
    plural="volumeattachments",
    singular="volumeattachment",
    namespaced=False,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    validate_create=_validate_create,
    validate_update=lambda new, old: immutable(new.spec, old.spec, "spec"),
    columns=(
        NAME,
        Column("Attacher", lambda a, _: a.spec.attacher, format="name", description="The driver that attaches it."),
        Column("PV", _volume, description="The volume."),
        Column("Node", lambda a, _: a.spec.nodeName, description="The node."),
        Column(
            "Attached",
            lambda a, _: bool(a.status and a.status.attached),
            type="boolean",
            description="Whether the volume is attached.",
        ),
        AGE,
    ),
    has_status=True,
)
