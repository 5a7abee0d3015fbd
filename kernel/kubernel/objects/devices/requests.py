"""Requests for devices: exactly these, or the first that is available of several."""

from collections.abc import Iterable

from kubernel.objects.devices.names import device_name_errors
from kubernel.objects.devices.selecting import SelectorRule, selector_errors
from kubernel.objects.devices.taints import toleration_errors
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.models import resource
from kubernel.objects.pods.resources import canonicalise
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import each, each_once, required_name

__all__ = ["default_request", "request_errors"]

ALL, EXACT_COUNT = "All", "ExactCount"
ALTERNATIVES_MAX, TOLERATIONS_MAX = 8, 16
Wanted = resource.ExactDeviceRequest | resource.DeviceSubRequest


def default_request(request: resource.DeviceRequest) -> None:
    """Ask for one device where nothing is said of how many."""
    alternatives: list[Wanted] = [*(request.firstAvailable or ())]
    for wanted in [request.exactly, *alternatives] if request.exactly is not None else alternatives:
        wanted.allocationMode = wanted.allocationMode or EXACT_COUNT
        if wanted.allocationMode == EXACT_COUNT and not wanted.count:
            wanted.count = 1
        for toleration in wanted.tolerations or ():
            toleration.operator = toleration.operator or "Equal"
        if wanted.capacity is not None:
            canonicalise(wanted.capacity.requests)


def request_errors(request: resource.DeviceRequest, path: str, rule: SelectorRule) -> Iterable[FieldError]:
    """Check a request with defaults filled in."""
    yield from device_name_errors(request.name, f"{path}.name")
    why = "exactly one of `exactly` or `firstAvailable` is required"
    if request.exactly is not None and request.firstAvailable:
        yield field_invalid(path, None, f"{why}, but multiple fields are set")
    elif request.exactly is not None:
        yield from _wanted_errors(request.exactly, f"{path}.exactly", rule)
    elif request.firstAvailable:
        yield from each_once(
            request.firstAvailable,
            f"{path}.firstAvailable",
            lambda wanted, where: _alternative_errors(wanted, where, rule),
            lambda wanted: wanted.name,
            ALTERNATIVES_MAX,
        )
    else:
        yield field_required(path, why)


def _alternative_errors(wanted: resource.DeviceSubRequest, path: str, rule: SelectorRule) -> Iterable[FieldError]:
    yield from device_name_errors(wanted.name, f"{path}.name")
    yield from _wanted_errors(wanted, path, rule)


def _wanted_errors(wanted: Wanted, path: str, rule: SelectorRule) -> Iterable[FieldError]:
    yield from required_name(dns_subdomain_errors, wanted.deviceClassName, f"{path}.deviceClassName")
    yield from selector_errors(wanted.selectors, f"{path}.selectors", rule)
    mode, count = wanted.allocationMode, wanted.count or 0
    if mode == ALL and count:
        yield field_invalid(f"{path}.count", count, f"must not be specified when allocationMode is '{mode}'")
    elif mode == EXACT_COUNT and count <= 0:
        yield field_invalid(f"{path}.count", count, "must be greater than zero")
    elif mode not in {ALL, EXACT_COUNT}:
        yield field_not_supported(f"{path}.allocationMode", mode, (ALL, EXACT_COUNT))
    yield from each(wanted.tolerations, f"{path}.tolerations", toleration_errors, TOLERATIONS_MAX)
