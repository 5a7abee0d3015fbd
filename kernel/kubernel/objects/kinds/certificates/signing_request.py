"""The kind ``CertificateSigningRequest``: somebody asks for a certificate; who asks is written in by the server."""

from collections.abc import Iterable
from datetime import UTC, datetime

from kubernel.objects.cells import AGE, NAME, NONE, duration
from kubernel.objects.certificates import (
    approval_errors,
    certificate_errors,
    condition_errors,
    request_errors,
    stamp_conditions,
    status_errors,
    take_approval,
)
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind, Part
from kubernel.objects.models import certificates
from kubernel.objects.rules.names import path_segment_errors

__all__ = ["SIGNING_REQUEST"]

Request = certificates.CertificateSigningRequest


def _reset(request: Request) -> None:
    request.status = certificates.CertificateSigningRequestStatus()


def _default(request: Request) -> None:
    if request.status is None:
        _reset(request)


def _prepare_update(new: Request, old: Request) -> None:
    """Keep what was asked for; it cannot change."""
    new.spec = old.spec
    stamp_conditions(new, old, datetime.now(UTC).replace(microsecond=0))


def _validate(request: Request) -> Iterable[FieldError]:
    yield from request_errors(request.spec)
    yield from condition_errors(request)
    yield from certificate_errors(request.status.certificate if request.status else None, "status.certificate")


def _condition(request: Request, _now: datetime) -> str:
    status = request.status or certificates.CertificateSigningRequestStatus()
    types = {condition.type for condition in status.conditions or ()}
    words = ["Denied" if "Denied" in types else "Approved" if "Approved" in types else "Pending"]
    if "Failed" in types:
        words.append("Failed")
    if status.certificate:
        words.append("Issued")
    return ",".join(words)


def _lasts(request: Request, _now: datetime) -> str:
    seconds = request.spec.expirationSeconds
    return NONE if seconds is None else duration(seconds)


SIGNING_REQUEST = Kind(
    type=Request,
    group="certificates.k8s.io",
    version="v1",
    name="CertificateSigningRequest",
    plural="certificatesigningrequests",
    singular="certificatesigningrequest",
    namespaced=False,
    short_names=("csr",),
    name_errors=path_segment_errors,
    default=_default,
    prepare_create=_reset,
    prepare_update=_prepare_update,
    validate=_validate,
    validate_status=status_errors,
    columns=(
        NAME,
        AGE,
        Column("SignerName", lambda r, _: r.spec.signerName or NONE, description="Who should sign it."),
        Column("Requestor", lambda r, _: r.spec.username or "", description="Who asks."),
        Column("RequestedDuration", _lasts, description="How long the certificate should be valid."),
        Column("Condition", _condition, description="What became of it."),
    ),
    selectable={"spec.signerName": lambda r: r.spec.signerName},
    has_status=True,
    parts={"approval": Part(take_approval, approval_errors)},
)
