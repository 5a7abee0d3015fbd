"""Rules of a service's addresses in the cluster and of their families, and of how they may change.

Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateServiceClusterIPsRelatedFields``,
``validateUpgradeDowngrade…``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import family_of, ip_errors
from kubernel.objects.rules.values import repeats
from kubernel.objects.services.spec import HEADLESS, has_addresses, is_headless

__all__ = ["address_change_errors", "address_errors"]

FAMILIES = ("IPv4", "IPv6")
FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
ADDRESSES, FIRST_ADDRESS = "spec.clusterIPs", "spec.clusterIPs[0]"
FIRST_FAMILY, POLICY = "spec.ipFamilies[0]", "spec.ipFamilyPolicy"
_SET = "may not change once set"


def address_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    """Check addresses, families and how they go together."""
    if not has_addresses(spec):
        return
    addresses, families = spec.clusterIPs or [], spec.ipFamilies or []
    yield from _mirror_errors(spec, addresses)
    for i, family, is_repeated in repeats(families):
        if family not in FAMILIES:
            yield field_not_supported(f"spec.ipFamilies[{i}]", family, FAMILIES)
        if is_repeated:
            yield field_duplicate(f"spec.ipFamilies[{i}]", family)
    if spec.ipFamilyPolicy and spec.ipFamilyPolicy not in FAMILY_POLICIES:
        yield field_not_supported(POLICY, spec.ipFamilyPolicy, FAMILY_POLICIES)
    wrong = list(_each_errors(addresses))
    yield from wrong
    if len(addresses) > len(FAMILIES):
        yield field_invalid(ADDRESSES, addresses, "may only hold up to 2 values")
    if not wrong and not is_headless(spec):
        yield from _family_errors(addresses, families)


def _mirror_errors(spec: core.ServiceSpec, addresses: list[str]) -> Iterable[FieldError]:
    if not spec.clusterIP:
        if addresses:
            yield field_invalid(ADDRESSES, addresses, "must be empty when `clusterIP` is not specified")
    elif not addresses:
        yield field_required(ADDRESSES)
    elif addresses[0] != spec.clusterIP:
        yield field_invalid(ADDRESSES, addresses, "first value must match `clusterIP`")


def _each_errors(addresses: list[str]) -> Iterable[FieldError]:
    for i, address in enumerate(addresses):
        if i == 0 and address == HEADLESS:
            if len(addresses) > 1:
                yield field_invalid(ADDRESSES, addresses, "'None' must be the first and only value")
        else:
            yield from ip_errors(address, f"spec.clusterIPs[{i}]")


def _family_errors(addresses: list[str], families: list[str]) -> Iterable[FieldError]:
    if len(addresses) > 1 and len({family_of(address) for address in addresses}) < len(FAMILIES):
        yield field_invalid(ADDRESSES, addresses, "may specify no more than one IP for each IP family")
    for i, (address, family) in enumerate(zip(addresses, families, strict=False)):
        if family in FAMILIES and family_of(address) != family:
            why = f"expected an {family} value as indicated by `ipFamilies[{i}]`"
            yield field_invalid(f"spec.clusterIPs[{i}]", address, why)


def address_change_errors(spec: core.ServiceSpec, was: core.ServiceSpec) -> Iterable[FieldError]:
    """Check that a service keeps its first address and family; a second one may come and go."""
    if not has_addresses(spec) or not has_addresses(was):
        return
    if not (is_headless(spec) and is_headless(was)):
        yield from _changes(spec.clusterIPs or [], was.clusterIPs or [], ADDRESSES, spec, "clusterIP")
    if not is_headless(spec) and not is_headless(was):
        yield from _changes(spec.ipFamilies or [], was.ipFamilies or [], "spec.ipFamilies", spec, "ipFamily")


def _changes(now: list[str], before: list[str], path: str, spec: core.ServiceSpec, called: str) -> Iterable[FieldError]:
    if len(now) == len(before):
        for i, value in enumerate(before):
            if value != now[i]:
                yield field_invalid(f"{path}[{i}]", now, _SET)
    elif not now:
        yield field_invalid(f"{path}[0]", now, f"primary {called} can not be unset")
    elif before and now[0] != before[0]:
        yield field_invalid(f"{path}[0]", now, _SET)
    elif len(now) < len(before) and spec.ipFamilyPolicy != "SingleStack":
        why = f"must be set to 'SingleStack' when releasing the secondary {called}"
        yield field_invalid(POLICY, spec.ipFamilyPolicy, why)
