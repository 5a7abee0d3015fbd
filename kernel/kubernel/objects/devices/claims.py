"""What a claim asks for: requests, what the devices for them must have in common, and how they are configured."""

from collections.abc import Iterable, Mapping

from kubernel.objects.devices.configuration import configuration_errors
from kubernel.objects.devices.names import device_name_errors, full_name_errors
from kubernel.objects.devices.requests import default_request, request_errors
from kubernel.objects.devices.selecting import selectors
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import resource
from kubernel.objects.rules.values import each, each_once

__all__ = [
    "CONFIGURATIONS_MAX",
    "Requested",
    "claim_errors",
    "default_claim",
    "reference_errors",
    "request_name_errors",
    "requested",
]

REQUESTS_MAX = CONSTRAINTS_MAX = CONFIGURATIONS_MAX = 32
Requested = Mapping[str, frozenset[str]]
"""The names of a claim's requests, each with those of its alternatives."""


def default_claim(spec: resource.ResourceClaimSpec | None) -> None:
    """Fill in what a claim leaves out; there may be none."""
    for request in _devices(spec).requests or ():
        default_request(request)


def claim_errors(spec: resource.ResourceClaimSpec | None, path: str) -> Iterable[FieldError]:
    """Check what a claim asks for, with defaults filled in."""
    devices, names, rule = _devices(spec), requested(spec), selectors()
    path = f"{path}.devices"
    yield from each_once(
        devices.requests,
        f"{path}.requests",
        lambda request, where: request_errors(request, where, rule),
        lambda request: request.name,
        REQUESTS_MAX,
    )
    yield from each(
        devices.constraints,
        f"{path}.constraints",
        lambda constraint, where: _constraint_errors(constraint, where, names),
        CONSTRAINTS_MAX,
    )
    yield from each(
        devices.config,
        f"{path}.config",
        lambda config, where: _config_errors(config, where, names),
        CONFIGURATIONS_MAX,
    )


def requested(spec: resource.ResourceClaimSpec | None) -> Requested:
    """Return the names that the rest of a claim can refer to."""
    return {
        request.name: frozenset(wanted.name for wanted in request.firstAvailable or ())
        for request in _devices(spec).requests or ()
    }


def reference_errors(names: list[str] | None, path: str, known: Requested) -> Iterable[FieldError]:
    """Check a list of names of requests, or of requests and alternatives with a slash between them."""
    return each_once(names, path, lambda name, where: request_name_errors(name, where, known), str, REQUESTS_MAX)


def request_name_errors(name: str, path: str, known: Requested) -> Iterable[FieldError]:
    """Check one such name."""
    request, slash, alternative = name.partition("/")
    is_known = request in known and (not slash or alternative in known[request])
    if "/" not in alternative:
        yield from device_name_errors(request, path)
        if slash:
            yield from device_name_errors(alternative, path)
    if not is_known:
        why = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
        yield field_invalid(path, name, why)


def _constraint_errors(constraint: resource.DeviceConstraint, path: str, known: Requested) -> Iterable[FieldError]:
    yield from reference_errors(constraint.requests, f"{path}.requests", known)
    if constraint.matchAttribute is not None:
        yield from full_name_errors(constraint.matchAttribute, f"{path}.matchAttribute")
    elif constraint.distinctAttribute is not None:
        yield from full_name_errors(constraint.distinctAttribute, f"{path}.distinctAttribute")
    else:
        why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'
        yield field_required(path, why)


def _config_errors(config: resource.DeviceClaimConfiguration, path: str, known: Requested) -> Iterable[FieldError]:
    yield from reference_errors(config.requests, f"{path}.requests", known)
    yield from configuration_errors(config.opaque, path)


def _devices(spec: resource.ResourceClaimSpec | None) -> resource.DeviceClaim:
    return (spec.devices if spec is not None else None) or resource.DeviceClaim()
