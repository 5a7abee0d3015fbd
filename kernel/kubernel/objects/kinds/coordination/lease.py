"""The kind ``Lease``: a claim that lasts only while it is renewed; leaders and nodes' heartbeats use it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import coordination
from kubernel.objects.rules.values import at_least_zero

__all__ = ["LEASE"]


def _validate(lease: coordination.Lease) -> Iterable[FieldError]:
    spec = lease.spec
    if spec is None:
        return
    if spec.leaseDurationSeconds is not None and spec.leaseDurationSeconds <= 0:
        yield field_invalid("spec.leaseDurationSeconds", spec.leaseDurationSeconds, "must be greater than 0")
    yield from at_least_zero(spec.leaseTransitions, "spec.leaseTransitions")


def _holder(lease: coordination.Lease, _now: datetime) -> str:
    return (lease.spec and lease.spec.holderIdentity) or ""


LEASE = Kind(
    type=coordination.Lease,
    group="coordination.k8s.io",
    version="v1",
    name="Lease",
    plural="leases",
    singular="lease",
    namespaced=True,
    validate=_validate,
    columns=(NAME, Column("Holder", _holder, description="Who holds it."), AGE),
)
