"""The kind ``ResourceClaim``: devices that somebody asks for, and which ones they are."""

from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.devices import claim_errors, claim_status_errors, default_claim
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import resource
from kubernel.objects.rules.values import immutable

__all__ = ["RESOURCE_CLAIM"]


def _prepare_create(claim: resource.ResourceClaim) -> None:
    claim.status = resource.ResourceClaimStatus()


def _state(claim: resource.ResourceClaim, _now: datetime) -> str:
    status = claim.status or resource.ResourceClaimStatus()
    is_deleted = claim.metadata is not None and claim.metadata.deletionTimestamp is not None
    states = {
        "deleted": is_deleted,
        "pending": status.allocation is None and not is_deleted,
        "allocated": status.allocation is not None,
        "reserved": status.allocation is not None and bool(status.reservedFor),
    }
    return ",".join(state for state, holds in states.items() if holds)


RESOURCE_CLAIM = Kind(
    type=resource.ResourceClaim,
    group="resource.k8s.io",
    version="v1",
    name="ResourceClaim",
    plural="resourceclaims",
    singular="resourceclaim",
    namespaced=True,
    default=lambda claim: default_claim(claim.spec),
    prepare_create=_prepare_create,
    validate=lambda claim: claim_errors(claim.spec, "spec"),
    validate_changed=lambda _new, _old: (),
    validate_update=lambda new, old: immutable(new.spec, old.spec, "spec"),
    validate_status=claim_status_errors,
    columns=(NAME, Column("State", _state, description="Whether it has its devices, and whether they are used."), AGE),
    has_status=True,
)
