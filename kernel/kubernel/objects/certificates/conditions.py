"""What is said about a request: approved or denied by one side, served or failed by the other.

``status`` is the signer's: it brings the certificate, or says that it failed. ``approval`` is the approver's: it says
yes or no, and neither can be taken back. Source: Kubernetes' ``pkg/apis/certificates/validation``,
``pkg/registry/certificates``.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import certificates

__all__ = ["approval_errors", "condition_errors", "stamp_conditions", "status_errors", "take_approval"]

Request = certificates.CertificateSigningRequest
Condition = certificates.CertificateSigningRequestCondition
APPROVED, DENIED, FAILED = "Approved", "Denied", "Failed"
PATH = "status.conditions"
_STATUSES = ("False", "True", "Unknown")


def _status(request: Request) -> certificates.CertificateSigningRequestStatus:
    return request.status or certificates.CertificateSigningRequestStatus()


def _of_type(request: Request, name: str) -> list[Condition]:
    return [condition for condition in _status(request).conditions or () if condition.type == name]


def condition_errors(request: Request) -> Iterable[FieldError]:
    """Check the conditions by themselves."""
    seen: set[str] = set()
    for i, condition in enumerate(_status(request).conditions or ()):
        path = f"{PATH}[{i}]"
        if not condition.type:
            yield field_required(f"{path}.type")
        allowed = ("True",) if condition.type in {APPROVED, DENIED, FAILED} else _STATUSES
        if not condition.status:
            yield field_required(f"{path}.status")
        elif condition.status not in allowed:
            yield field_not_supported(f"{path}.status", condition.status, allowed)
        if {condition.type} | seen >= {APPROVED, DENIED} and condition.type in {APPROVED, DENIED}:
            why = "Approved and Denied conditions are mutually exclusive"
            yield field_invalid(f"{path}.type", condition.type, why)
        if condition.type in seen:
            yield field_duplicate(f"{path}.type", condition.type)
        seen.add(condition.type)


def take_approval(kept: Request, sent: Request) -> None:
    """Copy the conditions, which are the approver's to say, and nothing else."""
    stamp_conditions(sent, kept, datetime.now(UTC).replace(microsecond=0))
    kept.status = certificates.CertificateSigningRequestStatus(
        certificate=_status(kept).certificate, conditions=_status(sent).conditions
    )


def approval_errors(new: Request, old: Request) -> Iterable[FieldError]:
    """Check what a write of ``approval`` changed: it may add its conditions, and take back none that decides."""
    return _removal_errors(new, old)


def status_errors(new: Request, old: Request) -> Iterable[FieldError]:
    """Check what a write of ``status`` changed: neither what the approver said, nor a certificate that was given."""
    yield from _removal_errors(new, old)
    for name in (APPROVED, DENIED):
        now, before = _of_type(new, name), _of_type(old, name)
        if len(now) > len(before):
            yield field_forbidden(PATH, f'updates may not add a condition of type "{name}"')
        elif len(now) == len(before) and now != before:
            yield field_forbidden(PATH, f'updates may not modify a condition of type "{name}"')
    given, had = _status(new).certificate or "", _status(old).certificate or ""
    if had and given != had:
        yield field_forbidden("status.certificate", "updates may not modify existing certificate content")


def _removal_errors(new: Request, old: Request) -> Iterable[FieldError]:
    for name in (APPROVED, DENIED, FAILED):
        if len(_of_type(new, name)) < len(_of_type(old, name)):
            yield field_forbidden(PATH, f'updates may not remove a condition of type "{name}"')


def stamp_conditions(new: Request, old: Request, now: datetime) -> None:
    """Say when each condition came, and when its status changed, where the client did not; in place."""
    before = {condition.type: condition for condition in _status(old).conditions or ()}
    for condition in _status(new).conditions or ():
        condition.lastUpdateTime = condition.lastUpdateTime or now
        if condition.lastTransitionTime is None:
            was = before.get(condition.type)
            is_same = was is not None and was.status == condition.status
            condition.lastTransitionTime = was.lastTransitionTime if was is not None and is_same else now
