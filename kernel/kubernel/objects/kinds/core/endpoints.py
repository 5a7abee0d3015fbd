"""The kind ``Endpoints``: the addresses behind a service, ready and not."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, first_few
from kubernel.objects.errors import FieldError, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import ip_errors, special_ip_errors
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named, one_of, required_name, within

__all__ = ["ENDPOINTS"]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PORT_MAX = 65535


def _default(endpoints: core.Endpoints) -> None:
    for subset in endpoints.subsets or ():
        for port in subset.ports or ():
            port.protocol = port.protocol or "TCP"


def _validate(endpoints: core.Endpoints) -> Iterable[FieldError]:
    for i, subset in enumerate(endpoints.subsets or ()):
        path = f"subsets[{i}]"
        if not subset.addresses and not subset.notReadyAddresses:
            yield field_required(path, "must specify `addresses` or `notReadyAddresses`")
        for name in ("addresses", "notReadyAddresses"):
            addresses: list[core.EndpointAddress] = getattr(subset, name) or []
            for j, address in enumerate(addresses):
                yield from _address_errors(address, f"{path}.{name}[{j}]")
        ports = subset.ports or []
        for j, port in enumerate(ports):
            yield from _port_errors(port, f"{path}.ports[{j}]", needs_name=len(ports) > 1)


def _address_errors(address: core.EndpointAddress, path: str) -> Iterable[FieldError]:
    wrong = list(ip_errors(address.ip, f"{path}.ip"))
    yield from wrong
    yield from named(dns_label_errors, address.hostname, f"{path}.hostname")
    yield from named(dns_subdomain_errors, address.nodeName, f"{path}.nodeName")
    if not wrong:
        yield from special_ip_errors(address.ip, f"{path}.ip")


def _port_errors(port: core.EndpointPort, path: str, *, needs_name: bool) -> Iterable[FieldError]:
    if needs_name or port.name:
        yield from required_name(dns_label_errors, port.name, f"{path}.name")
    yield from within(port.port, 1, PORT_MAX, f"{path}.port")
    yield from one_of(port.protocol, PROTOCOLS, f"{path}.protocol")
    yield from named(label_key_errors, port.appProtocol, f"{path}.appProtocol")


def _addresses(endpoints: core.Endpoints) -> Iterator[str]:
    for subset in endpoints.subsets or ():
        for port in subset.ports or (None,):
            for address in subset.addresses or ():
                host = f"[{address.ip}]" if port and ":" in address.ip else address.ip
                yield f"{host}:{port.port}" if port else host


def _cell(endpoints: core.Endpoints, _now: datetime) -> str:
    return first_few(list(_addresses(endpoints)))


ENDPOINTS = Kind(
    type=core.Endpoints,
    group="",
    version="v1",
    name="Endpoints",
    plural="endpoints",
    singular="endpoints",
    namespaced=True,
    short_names=("ep",),
    default=_default,
    validate=_validate,
    columns=(NAME, Column("Endpoints", _cell, description="The addresses that are ready."), AGE),
)
