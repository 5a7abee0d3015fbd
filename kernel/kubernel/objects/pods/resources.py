"""The resources that containers ask for: canonical quantities, requests from limits, the QoS class.

Source: Kubernetes' ``pkg/apis/core/v1/defaults.go``, ``validation.go`` and ``helper/qos``.
"""

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_found,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.quantity import QuantityError, canonical, parse_quantity
from kubernel.objects.rules.labels import is_label_key, label_key_errors
from kubernel.objects.rules.maps import Mistyped
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named, required_name

__all__ = [
    "canonicalise",
    "default_pod_requests",
    "default_requests",
    "pod_resource_errors",
    "qos_class",
    "quantity_map_errors",
    "resource_claim_errors",
    "resource_errors",
]

_STANDARD = frozenset({"cpu", "memory", "ephemeral-storage"})
_COMPUTE = ("cpu", "memory")
_HUGE_PAGES = "hugepages-"


def canonicalise(quantities: dict[str, Any] | None) -> None:
    """Rewrite each quantity of a map in canonical form, in place.

    Raises:
        Mistyped: One is not a quantity.
    """
    if not quantities:
        return
    for name, value in quantities.items():
        try:
            quantities[name] = canonical(value)
        except QuantityError as error:
            raise Mistyped(str(error)) from error
        except TypeError as error:  # a list or an object cannot be looked up among the known quantities
            raise Mistyped("quantities must be a string or a number") from error


def default_requests(resources: core.ResourceRequirements) -> None:
    """Request what is limited and not requested."""
    if resources.limits:
        requests = resources.requests or {}
        resources.requests = requests
        for name, limit in resources.limits.items():
            requests.setdefault(name, limit)


def default_pod_requests(spec: core.PodSpec) -> None:
    """Request for the whole pod what its containers request, or else what it is limited to.

    Only where the pod as a whole is limited; containers' defaults must be filled in already.
    """
    whole = spec.resources
    if whole is None or not whole.limits:
        return
    requests = dict(whole.requests or {})
    for name, amount in _requested_together(spec).items():
        if name in _COMPUTE and name not in requests:
            requests[name] = amount
    for name, limit in whole.limits.items():
        if name in _COMPUTE or name.startswith(_HUGE_PAGES):
            requests.setdefault(name, limit)
    if requests:
        whole.requests = requests


def _requested_together(spec: core.PodSpec) -> dict[str, str]:
    """Return what the containers of a pod request at the most at one time; those that begin it end one by one."""
    steady: dict[str, Fraction] = {}
    highest: dict[str, Fraction] = {}
    for container in spec.initContainers or ():
        wanted = _amounts(container)
        if container.restartPolicy == "Always":
            steady = _sum(steady, wanted)
            wanted = {}
        for name, amount in _sum(steady, wanted).items():
            highest[name] = max(highest.get(name, amount), amount)
    for container in spec.containers:
        steady = _sum(steady, _amounts(container))
    for name, amount in steady.items():
        highest[name] = max(highest.get(name, amount), amount)
    return {name: _written(name, amount) for name, amount in highest.items()}


def _amounts(container: core.Container) -> dict[str, Fraction]:
    requests: dict[str, Any] = (container.resources.requests if container.resources else None) or {}
    return {name: parse_quantity(value) for name, value in requests.items()}


def _sum(one: dict[str, Fraction], other: dict[str, Fraction]) -> dict[str, Fraction]:
    return {name: one.get(name, Fraction()) + other.get(name, Fraction()) for name in {**one, **other}}


def _written(name: str, amount: Fraction) -> str:
    if name == "cpu":
        return canonical(f"{ceil(amount * 1000)}m")
    kibibytes = amount / 1024
    return canonical(f"{kibibytes.numerator}Ki" if kibibytes.denominator == 1 else str(ceil(amount)))


def pod_resource_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check what is requested and limited for a pod as a whole."""
    whole = spec.resources or core.ResourceRequirements()
    if whole.claims:
        yield field_forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level")
    if spec.os is not None and spec.os.name == "windows":
        yield field_forbidden(path, "may not be set for a windows pod")
    for kind in ("limits", "requests"):
        for name in getattr(whole, kind) or {}:
            if name not in _COMPUTE and not name.startswith(_HUGE_PAGES):
                yield field_not_supported(f"{path}.{kind}[{name}]", name, ("cpu", "hugepages-", "memory"))
    yield from resource_errors(core.ResourceRequirements(limits=whole.limits, requests=whole.requests), path)
    requests: dict[str, Any] = whole.requests or {}
    for name, amount in _requested_together(spec).items():
        if name in requests and parse_quantity(amount) > parse_quantity(requests[name]):
            why = f"must be greater than or equal to aggregate container requests of {amount}"
            yield field_invalid(f"{path}.requests[{name}]", requests[name], why)
    limits: dict[str, Any] = whole.limits or {}
    for i, container in enumerate(spec.containers):
        own: dict[str, Any] = (container.resources.limits if container.resources else None) or {}
        for name in own.keys() & limits.keys():
            if parse_quantity(own[name]) > parse_quantity(limits[name]):
                where = f"{path.removesuffix('.resources')}.containers[{i}].resources.limits"
                why = f"must be less than or equal to pod limits of {limits[name]}"
                yield field_invalid(where, own[name], why)


def resource_claim_errors(claims: list[core.PodResourceClaim], path: str) -> Iterable[FieldError]:
    """Check which claims for devices a pod brings along."""
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        where = f"{path}[{i}]"
        if claim.name and claim.name in seen:
            yield field_duplicate(f"{where}.name", claim.name)
        else:
            yield from required_name(dns_label_errors, claim.name, f"{where}.name")
        seen.add(claim.name)
        named_, templated = claim.resourceClaimName, claim.resourceClaimTemplateName
        if named_ is not None and templated is not None:
            why = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            yield field_invalid(where, claim, why)
        if named_ is None and templated is None:
            why = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            yield field_invalid(where, claim, why)
        yield from named(dns_subdomain_errors, named_, f"{where}.resourceClaimName")
        yield from named(dns_subdomain_errors, templated, f"{where}.resourceClaimTemplateName")


def quantity_map_errors(quantities: dict[str, Any] | None, path: str) -> Iterable[FieldError]:
    """Check names and signs of a map of resources; the quantities are canonical already."""
    for name, value in (quantities or {}).items():
        where = f"{path}[{name}]"
        if not is_label_key(name):
            yield from (field_invalid(where, name, why) for why in label_key_errors(name))
        if value.startswith("-"):
            yield field_invalid(where, value, "must be greater than or equal to 0")


def _container_names(quantities: dict[str, Any], path: str) -> Iterable[FieldError]:
    for name in quantities:
        if name not in _STANDARD and "/" not in name and not name.startswith("hugepages-"):
            yield field_invalid(path, name, "must be a standard resource for containers")


def _may_overcommit(name: str) -> bool:
    return name in _STANDARD or name.startswith("kubernetes.io/")


def resource_errors(
    resources: core.ResourceRequirements | None, path: str, pod_claims: Collection[str] = ()
) -> Iterable[FieldError]:
    """Check limits, requests and claims, and that no request is above its limit.

    Args:
        resources: What to check; there may be none.
        path: Where it is.
        pod_claims: The names of the claims that the pod brings along.
    """
    if resources is None:
        return
    if resources.claims:
        yield from _claim_errors(resources.claims, pod_claims, f"{path}.claims")
    if not resources.limits and not resources.requests:
        return
    limits: dict[str, Any] = resources.limits or {}
    requests: dict[str, Any] = resources.requests or {}
    yield from quantity_map_errors(limits, f"{path}.limits")
    yield from _container_names(limits, f"{path}.limits")
    yield from quantity_map_errors(requests, f"{path}.requests")
    yield from _container_names(requests, f"{path}.requests")
    for name, request in requests.items():
        limit = limits.get(name)
        if limit is None:
            if not _may_overcommit(name):
                yield field_required(f"{path}.limits", "Limit must be set for non overcommitable resources")
        elif request == limit:
            continue
        elif parse_quantity(request) > parse_quantity(limit):
            yield field_invalid(f"{path}.requests", request, f"must be less than or equal to {name} limit of {limit}")
        elif not _may_overcommit(name):
            yield field_invalid(f"{path}.requests", request, f"must be equal to {name} limit of {limit}")


def _claim_errors(claims: list[core.ResourceClaim], pod_claims: Collection[str], path: str) -> Iterable[FieldError]:
    seen: set[tuple[str, str | None]] = set()
    for i, claim in enumerate(claims):
        if not claim.name:
            yield field_required(f"{path}[{i}]")
        elif (claim.name, claim.request) in seen or (claim.name, None) in seen:
            yield field_duplicate(f"{path}[{i}]", claim.name)
        elif claim.name not in pod_claims:
            yield field_not_found(f"{path}[{i}].name", claim.name)
        seen.add((claim.name, claim.request))


def qos_class(spec: core.PodSpec) -> str:
    """Return ``Guaranteed``, ``Burstable`` or ``BestEffort``, from the pod's CPU and memory."""
    guaranteed, best_effort = True, True
    whole = spec.resources
    is_whole = whole is not None and (_compute(whole.requests) or _compute(whole.limits))
    containers = [c.resources for c in (*spec.containers, *(spec.initContainers or ()))]
    for resources in [whole] if is_whole else containers:
        requests = _compute(resources.requests) if resources else {}
        limits = _compute(resources.limits) if resources else {}
        if requests or limits:
            best_effort = False
        if len(limits) < len(_COMPUTE) or any(requests.get(name, limits[name]) != limits[name] for name in limits):
            guaranteed = False
    return "BestEffort" if best_effort else "Guaranteed" if guaranteed else "Burstable"


def _compute(quantities: dict[str, Any] | None) -> dict[str, str]:
    return {name: q for name in _COMPUTE if quantities and (q := quantities.get(name)) and q != "0"}
