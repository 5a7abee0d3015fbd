"""What an Ingress leads to: a service's port, or another object of the namespace.

Source: Kubernetes' ``pkg/apis/networking/validation`` (``validateIngressBackend``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import core, networking
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors, path_segment_errors
from kubernel.objects.rules.values import named, port_or_name, required_name

__all__ = ["backend_errors", "object_reference_errors"]

Reference = core.TypedLocalObjectReference | networking.IngressClassParametersReference


def backend_errors(backend: networking.IngressBackend, path: str) -> Iterable[FieldError]:
    """Check a backend: exactly one of a service and a resource."""
    if backend.resource is not None and backend.service is not None:
        yield field_invalid(path, "", "cannot set both resource and service backends")
    elif backend.resource is not None:
        yield from object_reference_errors(backend.resource, f"{path}.resource")
    elif backend.service is not None:
        yield from required_name(dns_label_errors, backend.service.name, f"{path}.service.name")
        yield from _port_errors(backend.service.port or networking.ServiceBackendPort(), path)
    else:
        yield field_invalid(path, "", "resource or service backend is required")


def _port_errors(port: networking.ServiceBackendPort, path: str) -> Iterable[FieldError]:
    if port.name and port.number:
        yield field_invalid(path, "", "cannot set both port name & port number")
    elif port.name:
        yield from port_or_name(port.name, f"{path}.service.port.name")
    elif port.number:
        yield from port_or_name(port.number, f"{path}.service.port.number")
    else:
        yield field_required(path, "port name or number is required")


def object_reference_errors(ref: Reference, path: str) -> Iterable[FieldError]:
    """Check a reference by group, kind and name."""
    if ref.apiGroup is not None:
        for why in dns_subdomain_errors(ref.apiGroup):
            yield field_invalid(f"{path}.apiGroup", ref.apiGroup, why)
    for name in ("kind", "name"):
        value: str = getattr(ref, name)
        if not value:
            yield field_required(f"{path}.{name}")
        yield from named(path_segment_errors, value, f"{path}.{name}")
