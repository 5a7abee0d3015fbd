"""The kind ``ServiceCIDR``: a range from which services get their addresses."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import networking
from kubernel.objects.rules.addresses import canonical_cidr_errors, family_of
from kubernel.objects.rules.values import IMMUTABLE

__all__ = ["SERVICE_CIDR"]

PATH = "spec.cidrs"
FAMILIES = 2


def _ranges(cidr: networking.ServiceCIDR) -> list[str]:
    return (cidr.spec.cidrs if cidr.spec else None) or []


def _validate(cidr: networking.ServiceCIDR) -> Iterable[FieldError]:
    ranges = _ranges(cidr)
    if not ranges:
        yield field_required(PATH, "at least one CIDR required")
    elif len(ranges) > FAMILIES:
        yield field_invalid(PATH, ranges, "may only hold up to 2 values")
    else:
        for i, value in enumerate(ranges):
            yield from canonical_cidr_errors(value, f"{PATH}[{i}]")
        families = [family_of(value) for value in ranges]
        if len(families) == FAMILIES and families[0] == families[1] != "":
            why = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
            yield field_invalid(PATH, ranges, why)


def _validate_update(new: networking.ServiceCIDR, old: networking.ServiceCIDR) -> Iterable[FieldError]:
    """Let a second family be added, and nothing else change."""
    wanted, had = _ranges(new), _ranges(old)
    if len(wanted) != len(had) and (len(had), len(wanted)) != (1, FAMILIES):
        yield field_invalid(PATH, wanted, IMMUTABLE)
        return
    for i, value in enumerate(had):
        if wanted[i] != value:
            yield field_invalid(f"{PATH}[{i}]", wanted[i], IMMUTABLE)


def _cidrs(cidr: networking.ServiceCIDR, _now: datetime) -> str:
    return ",".join(_ranges(cidr))


SERVICE_CIDR = Kind(
    type=networking.ServiceCIDR,
    group="networking.k8s.io",
    version="v1",
    name="ServiceCIDR",
    plural="servicecidrs",
    singular="servicecidr",
    namespaced=False,
    validate=_validate,
    validate_update=_validate_update,
    columns=(NAME, Column("CIDRs", _cidrs, description="The ranges."), AGE),
    has_status=True,
)
