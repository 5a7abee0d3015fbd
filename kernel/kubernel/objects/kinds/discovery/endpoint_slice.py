"""The kind ``EndpointSlice``: some of the addresses behind a service."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, UNSET, first_few
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_many,
)
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import discovery
from kubernel.objects.rules.addresses import family_errors, ip_errors, special_ip_errors
from kubernel.objects.rules.domains import domain_name_errors
from kubernel.objects.rules.labels import label_key_errors, label_value_errors
from kubernel.objects.rules.names import NameRule, dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import immutable, named, one_of

__all__ = ["ENDPOINT_SLICE"]

ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
PROTOCOLS = ("SCTP", "TCP", "UDP")
ADDRESSES_MAX, PORTS_MAX, ENDPOINTS_MAX, HINTS_MAX = 100, 20_000, 1000, 8


def _default(piece: discovery.EndpointSlice) -> None:
    for port in piece.ports or ():
        port.name = port.name or ""
        port.protocol = port.protocol or "TCP"
    for endpoint in piece.endpoints or ():
        endpoint.deprecatedTopology = None  # it can be read in old objects and not be written


def _validate(piece: discovery.EndpointSlice) -> Iterable[FieldError]:
    yield from one_of(piece.addressType, ADDRESS_TYPES, "addressType")
    endpoints, ports = piece.endpoints or [], piece.ports or []
    if len(endpoints) > ENDPOINTS_MAX:
        yield field_too_many("endpoints", len(endpoints), ENDPOINTS_MAX)
    else:
        for i, endpoint in enumerate(endpoints):
            yield from _endpoint_errors(endpoint, piece.addressType, f"endpoints[{i}]")
    if len(ports) > PORTS_MAX:
        yield field_too_many("ports", len(ports), PORTS_MAX)
    else:
        yield from _port_errors(ports, "ports")


def _endpoint_errors(endpoint: discovery.Endpoint, family: str, path: str) -> Iterable[FieldError]:
    where, addresses = f"{path}.addresses", endpoint.addresses
    if not addresses:
        yield field_required(where, "must contain at least 1 address")
    elif len(addresses) > ADDRESSES_MAX:
        yield field_too_many(where, len(addresses), ADDRESSES_MAX)
    else:
        for i, address in enumerate(addresses):
            yield from _address_errors(address, family, f"{where}[{i}]")
    yield from named(dns_subdomain_errors, endpoint.nodeName, f"{path}.nodeName")
    if endpoint.hostname is not None:
        for why in dns_label_errors(endpoint.hostname):
            yield field_invalid(f"{path}.hostname", endpoint.hostname, why)
    if endpoint.hints is not None:
        zones = [zone.name for zone in endpoint.hints.forZones or ()]
        nodes = [node.name for node in endpoint.hints.forNodes or ()]
        yield from _hint_errors(zones, label_value_errors, f"{path}.hints.forZones")
        yield from _hint_errors(nodes, dns_subdomain_errors, f"{path}.hints.forNodes")


def _address_errors(address: str, family: str, path: str) -> Iterable[FieldError]:
    if family == "FQDN":
        yield from domain_name_errors(address, path)
    elif family in ADDRESS_TYPES:
        wrong = list(ip_errors(address, path))
        yield from wrong
        if not wrong:
            yield from family_errors(address, family, path)
            yield from special_ip_errors(address, path)


def _hint_errors(names: list[str], rule: NameRule, path: str) -> Iterable[FieldError]:
    if len(names) > HINTS_MAX:
        yield field_too_many(path, len(names), HINTS_MAX)
        return
    for i, name in enumerate(names):
        if name in names[:i]:
            yield field_duplicate(f"{path}[{i}].name", name)
        for why in rule(name):
            yield field_invalid(f"{path}[{i}].name", name, why)


def _port_errors(ports: list[discovery.EndpointPort], path: str) -> Iterable[FieldError]:
    names: set[str] = set()
    for i, port in enumerate(ports):
        where, name = f"{path}[{i}]", port.name or ""
        yield from named(dns_label_errors, name, f"{where}.name")
        if name in names:
            yield field_duplicate(f"{where}.name", name)
        names.add(name)
        if port.protocol not in PROTOCOLS:
            yield field_not_supported(f"{where}.protocol", port.protocol, PROTOCOLS)
        if port.appProtocol is not None:
            for why in label_key_errors(port.appProtocol):
                yield field_invalid(f"{where}.appProtocol", port.appProtocol, why)


def _ports(piece: discovery.EndpointSlice, _now: datetime) -> str:
    ports = piece.ports or []
    return first_few([str(p.port) if p.port is not None else "*" if p.name is None else p.name for p in ports], UNSET)


def _endpoints(piece: discovery.EndpointSlice, _now: datetime) -> str:
    return first_few([address for endpoint in piece.endpoints or () for address in endpoint.addresses], UNSET)


ENDPOINT_SLICE = Kind(
    type=discovery.EndpointSlice,
    group="discovery.k8s.io",
    version="v1",
    name="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    namespaced=True,
    default=_default,
    validate=_validate,
    validate_update=lambda new, old: immutable(new.addressType, old.addressType, "addressType"),
    columns=(
        NAME,
        Column("AddressType", lambda s, _: s.addressType, description="What its addresses are."),
        Column("Ports", _ports, description="The ports that are served."),
        Column("Endpoints", _endpoints, description="The addresses that serve."),
        AGE,
    ),
    counted_fields=("addressType", "endpoints", "ports", "metadata.labels"),
)
