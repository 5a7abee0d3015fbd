"""The kind ``IPAddress``: one address that somebody has, so that nobody else gets it."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import networking
from kubernel.objects.rules.addresses import canonical_ip_errors
from kubernel.objects.rules.names import dns_subdomain_errors, path_segment_errors
from kubernel.objects.rules.values import immutable, named, required_name

__all__ = ["IP_ADDRESS"]


def _name_errors(name: str) -> list[str]:
    """Check the name, which is the address in its canonical form."""
    return [error.detail.partition('": ')[2] for error in canonical_ip_errors(name, "")]


def _validate(address: networking.IPAddress) -> Iterable[FieldError]:
    parent, path = address.spec.parentRef, "spec.parentRef"
    yield from named(dns_subdomain_errors, parent.group, f"{path}.group")
    yield from required_name(path_segment_errors, parent.resource, f"{path}.resource")
    yield from required_name(path_segment_errors, parent.name, f"{path}.name")
    yield from named(path_segment_errors, parent.namespace, f"{path}.namespace")


def _parent(address: networking.IPAddress, _now: datetime) -> str:
    parent = address.spec.parentRef
    resource = f"{parent.resource}.{parent.group}" if parent.group else parent.resource
    return "/".join(part for part in (resource.lower(), parent.namespace, parent.name) if part)


IP_ADDRESS = Kind(
    type=networking.IPAddress,
    group="networking.k8s.io",
    version="v1",
    name="IPAddress",
    plural="ipaddresses",
    singular="ipaddress",
    namespaced=False,
    short_names=("ip",),
    name_errors=_name_errors,
    validate=_validate,
    validate_update=lambda new, old: immutable(new.spec.parentRef, old.spec.parentRef, "spec.parentRef"),
    columns=(NAME, Column("ParentRef", _parent, description="Whose address it is."), AGE),
    selectable={
        "spec.parentRef.group": lambda a: a.spec.parentRef.group or "",
        "spec.parentRef.resource": lambda a: a.spec.parentRef.resource,
        "spec.parentRef.namespace": lambda a: a.spec.parentRef.namespace or "",
        "spec.parentRef.name": lambda a: a.spec.parentRef.name,
    },
)
