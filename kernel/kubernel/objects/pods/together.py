"""What a pod asks for as a whole, beside what its containers ask for.

Source: Kubernetes' ``pkg/apis/core/v1/defaults.go`` (``defaultPodRequests``), ``pkg/apis/core/validation``
(``validatePodResources``), component-helpers ``resource``.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported
from kubernel.objects.models import core
from kubernel.objects.pods.resources import resource_errors
from kubernel.objects.quantity import canonical, parse_quantity

__all__ = ["default_pod_requests", "pod_resource_errors"]

_COMPUTE = ("cpu", "memory")
_HUGE_PAGES = "hugepages-"
_LARGEST = 2**63 - 1
"""Sums are capped where Kubernetes caps them."""


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
    amount = min(amount, Fraction(_LARGEST))
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
        for name in sorted(own.keys() & limits.keys()):
            if parse_quantity(own[name]) > parse_quantity(limits[name]):
                where = f"{path.removesuffix('.resources')}.containers[{i}].resources.limits"
                why = f"must be less than or equal to pod limits of {limits[name]}"
                yield field_invalid(where, own[name], why)
