"""The resources that containers ask for: canonical quantities, requests from limits, the QoS class.

Source: Kubernetes' ``pkg/apis/core/v1/defaults.go``, ``validation.go`` and ``helper/qos``.
"""

from collections.abc import Collection, Iterable
from typing import Any

from kubernel.objects.errors import (
    FieldError,
    field_invalid,
    field_required,
)
from kubernel.objects.models import core
from kubernel.objects.pods.devices import container_claim_errors
from kubernel.objects.quantity import QuantityError, canonical, parse_quantity
from kubernel.objects.rules.labels import is_label_key, label_key_errors
from kubernel.objects.rules.maps import Mistyped

__all__ = [
    "canonicalise",
    "default_requests",
    "qos_class",
    "quantity_map_errors",
    "resource_errors",
]

_STANDARD = frozenset({"cpu", "memory", "ephemeral-storage"})
_COMPUTE = ("cpu", "memory")


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
        yield from container_claim_errors(resources.claims, pod_claims, f"{path}.claims")
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
