"""Which limits an object breaks, in Kubernetes' words.

Source: Kubernetes' ``plugin/pkg/admission/limitranger``.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from kubernel.objects.models import core
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.quotas import pod_amounts, shown_amount

__all__ = ["broken_limits"]

Amounts = Mapping[str, Fraction]
_NOTHING: dict[str, Any] = {}


def broken_limits(limit: core.LimitRangeItem, obj: core.Pod | core.PersistentVolumeClaim) -> Iterable[str]:
    """Yield a sentence for each broken limit of one item of a LimitRange."""
    if isinstance(obj, core.PersistentVolumeClaim):
        if limit.type == "PersistentVolumeClaim" and obj.spec is not None:
            requests = _parsed(obj.spec.resources.requests if obj.spec.resources is not None else None)
            yield from _too_little(limit, requests, {})
            yield from _too_much_requested(limit, requests)
        return
    spec = obj.spec
    if spec is None:
        return
    if limit.type == "Container":
        for container in (*spec.containers, *(spec.initContainers or ())):
            resources = container.resources or core.ResourceRequirements()
            yield from _outside(limit, _parsed(resources.requests), _parsed(resources.limits))
    elif limit.type == "Pod":
        yield from _outside(limit, pod_amounts(spec, "requests"), pod_amounts(spec, "limits"))


def _outside(limit: core.LimitRangeItem, requests: Amounts, limits: Amounts) -> Iterable[str]:
    yield from _too_little(limit, requests, limits)
    yield from _too_much(limit, requests, limits)
    yield from _too_far_apart(limit, requests, limits)


def _too_little(limit: core.LimitRangeItem, requests: Amounts, limits: Amounts) -> Iterable[str]:
    for name, least, said in _bounds(limit, limit.min, "minimum"):
        if name not in requests:
            yield f"{said}. No request is specified"
        elif requests[name] < least:
            yield f"{said}, but request is {shown_amount(name, requests[name])}"
        elif name in limits and limits[name] < least:
            yield f"{said}, but limit is {shown_amount(name, limits[name])}"


def _too_much(limit: core.LimitRangeItem, requests: Amounts, limits: Amounts) -> Iterable[str]:
    for name, most, said in _bounds(limit, limit.max, "maximum"):
        if name not in limits:
            yield f"{said}. No limit is specified"
        elif limits[name] > most:
            yield f"{said}, but limit is {shown_amount(name, limits[name])}"
        elif name in requests and requests[name] > most:
            yield f"{said}, but request is {shown_amount(name, requests[name])}"


def _too_much_requested(limit: core.LimitRangeItem, requests: Amounts) -> Iterable[str]:
    for name, most, said in _bounds(limit, limit.max, "maximum"):
        if name not in requests:
            yield f"{said}. No request is specified"
        elif requests[name] > most:
            yield f"{said}, but request is {shown_amount(name, requests[name])}"


def _too_far_apart(limit: core.LimitRangeItem, requests: Amounts, limits: Amounts) -> Iterable[str]:
    for name, text in sorted((limit.maxLimitRequestRatio or _NOTHING).items()):
        said = f"{name} max limit to request ratio per {limit.type} is {text}"
        request, most = requests.get(name), limits.get(name)
        if not request:
            yield f"{said}, but no request is specified or request is 0"
        elif not most:
            yield f"{said}, but no limit is specified or limit is 0"
        elif most / request > parse_quantity(text):
            yield f"{said}, but provided ratio is {float(most / request):f}"


def _bounds(
    limit: core.LimitRangeItem, bounds: dict[str, Any] | None, called: str
) -> Iterable[tuple[str, Fraction, str]]:
    for name, text in sorted((bounds or _NOTHING).items()):
        yield name, parse_quantity(text), f"{called} {name} usage per {limit.type} is {text}"


def _parsed(quantities: dict[str, Any] | None) -> Amounts:
    return {name: parse_quantity(text) for name, text in (quantities or _NOTHING).items()}
