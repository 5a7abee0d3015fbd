"""The kind ``Service``: one address for the pods that a selector names."""

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from kubernel.objects.cells import AGE, NAME, NONE, labels_text
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import ip_errors
from kubernel.objects.rules.labels import label_errors
from kubernel.objects.rules.names import dns_label_errors, dns_service_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import one_of, port_or_name, required_name, within

__all__ = ["SERVICE"]

PROTOCOLS = ("SCTP", "TCP", "UDP")
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
AFFINITIES = ("ClientIP", "None")
POLICIES = ("Cluster", "Local")
FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
_EXPOSED = frozenset({"NodePort", "LoadBalancer"})
HEADLESS = "None"
AFFINITY_S, AFFINITY_MAX_S = 10800, 86400
PORT_MAX = 65535


def _spec(service: core.Service) -> core.ServiceSpec:
    if service.spec is None:
        service.spec = core.ServiceSpec()
    return service.spec


def _default(service: core.Service) -> None:
    spec = _spec(service)
    spec.type = spec.type or "ClusterIP"
    spec.sessionAffinity = spec.sessionAffinity or "None"
    if spec.sessionAffinity == "ClientIP" and not (spec.sessionAffinityConfig and spec.sessionAffinityConfig.clientIP):
        spec.sessionAffinityConfig = core.SessionAffinityConfig(core.ClientIPConfig(timeoutSeconds=AFFINITY_S))
    elif spec.sessionAffinity == "None":
        spec.sessionAffinityConfig = None
    for port in spec.ports or ():
        port.protocol = port.protocol or "TCP"
        if port.targetPort in {None, 0, ""}:
            port.targetPort = port.port
    if spec.type != "ExternalName":
        spec.internalTrafficPolicy = spec.internalTrafficPolicy or "Cluster"
        _default_addresses(spec)
    if spec.type in _EXPOSED:
        spec.externalTrafficPolicy = spec.externalTrafficPolicy or "Cluster"
    if spec.type == "LoadBalancer" and spec.allocateLoadBalancerNodePorts is None:
        spec.allocateLoadBalancerNodePorts = True
    if service.status is None:
        service.status = core.ServiceStatus(loadBalancer=core.LoadBalancerStatus())


def _default_addresses(spec: core.ServiceSpec) -> None:
    """Mirror ``clusterIP`` and ``clusterIPs``, and say the family of an address that is known."""
    if spec.clusterIP and not spec.clusterIPs:
        spec.clusterIPs = [spec.clusterIP]
    elif spec.clusterIPs and not spec.clusterIP:
        spec.clusterIP = spec.clusterIPs[0]
    spec.ipFamilyPolicy = spec.ipFamilyPolicy or "SingleStack"
    if not spec.ipFamilies:
        spec.ipFamilies = ["IPv6" if _is_ipv6(spec.clusterIP) else "IPv4"]


def _is_ipv6(address: str | None) -> bool:
    try:
        return isinstance(ip_address(address or ""), IPv6Address)
    except ValueError:
        return False


def _prepare_create(service: core.Service) -> None:
    service.status = core.ServiceStatus(loadBalancer=core.LoadBalancerStatus())


def _prepare_update(new: core.Service, old: core.Service) -> None:
    """Keep the address that was allocated, when the client left it out; drop what the new type does not have."""
    was, spec = _spec(old), _spec(new)
    if not spec.clusterIP and was.clusterIP and "ExternalName" not in {spec.type, was.type}:
        spec.clusterIP, spec.clusterIPs = was.clusterIP, was.clusterIPs
        spec.ipFamilies = was.ipFamilies
    if spec.type != was.type:
        _drop_unneeded(spec, was)


def _drop_unneeded(spec: core.ServiceSpec, was: core.ServiceSpec) -> None:
    """Clear fields of the old type that the client merely left as they were (source: ``dropTypeDependentFields``)."""
    dropped: list[str] = []
    if spec.type == "ExternalName":
        dropped += ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]
    if spec.type not in _EXPOSED:
        dropped.append("externalTrafficPolicy")
        had = {port.nodePort for port in was.ports or ()}
        for port in spec.ports or ():
            port.nodePort = None if port.nodePort in had else port.nodePort
    if spec.type != "LoadBalancer":
        dropped += ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
    for name in dropped:
        if getattr(spec, name) == getattr(was, name):
            setattr(spec, name, None)


def _validate(service: core.Service) -> Iterable[FieldError]:
    spec = _spec(service)
    if not spec.ports and spec.clusterIP != HEADLESS and spec.type != "ExternalName":
        yield field_required("spec.ports")
    yield from _type_errors(spec)
    yield from _port_errors(spec, "spec.ports")
    yield from label_errors(spec.selector, "spec.selector")
    yield from one_of(spec.sessionAffinity, AFFINITIES, "spec.sessionAffinity")
    config = spec.sessionAffinityConfig
    if config and config.clientIP:
        where = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        yield from within(config.clientIP.timeoutSeconds, 1, AFFINITY_MAX_S, where)
    if spec.clusterIP and spec.clusterIP != HEADLESS:
        yield from ip_errors(spec.clusterIP, "spec.clusterIPs[0]")
    for i, address in enumerate(spec.externalIPs or ()):
        yield from ip_errors(address, f"spec.externalIPs[{i}]")
    for name in ("internalTrafficPolicy", "externalTrafficPolicy"):
        if (policy := getattr(spec, name)) and policy not in POLICIES:
            yield field_not_supported(f"spec.{name}", policy, POLICIES)
    if spec.ipFamilyPolicy and spec.ipFamilyPolicy not in FAMILY_POLICIES:
        yield field_not_supported("spec.ipFamilyPolicy", spec.ipFamilyPolicy, FAMILY_POLICIES)


def _type_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    yield from one_of(spec.type, TYPES, "spec.type")
    if spec.type in _EXPOSED and spec.clusterIP == HEADLESS:
        why = f"may not be set to 'None' for {spec.type} services"
        yield field_invalid("spec.clusterIPs[0]", spec.clusterIP, why)
    if spec.type == "ExternalName":
        if spec.clusterIP:
            yield field_forbidden("spec.clusterIP", "may not be set when `type` is 'ExternalName'")
        yield from required_name(dns_subdomain_errors, spec.externalName, "spec.externalName")


def _port_errors(spec: core.ServiceSpec, path: str) -> Iterable[FieldError]:
    ports = spec.ports or []
    names: set[str] = set()
    served: set[tuple[str | None, int]] = set()
    for i, port in enumerate(ports):
        where = f"{path}[{i}]"
        if port.name or len(ports) > 1:
            yield from required_name(dns_label_errors, port.name, f"{where}.name")
        if port.name and port.name in names:
            yield field_duplicate(f"{where}.name", port.name)
        names.add(port.name or "")
        yield from within(port.port, 1, PORT_MAX, f"{where}.port")
        yield from one_of(port.protocol, PROTOCOLS, f"{where}.protocol")
        if port.targetPort is not None:
            yield from port_or_name(port.targetPort, f"{where}.targetPort")
        if port.nodePort and spec.type == "ClusterIP":
            yield field_forbidden(f"{where}.nodePort", "may not be used when `type` is 'ClusterIP'")
        if (port.protocol, port.port) in served:
            yield field_duplicate(where, core.ServicePort(port=port.port, protocol=port.protocol))
        served.add((port.protocol, port.port))


def _validate_update(new: core.Service, old: core.Service) -> Iterable[FieldError]:
    spec, was = _spec(new), _spec(old)
    if "ExternalName" not in {spec.type, was.type} and was.clusterIP and spec.clusterIP != was.clusterIP:
        yield field_invalid("spec.clusterIPs[0]", spec.clusterIPs or [], "may not change once set")


def _external(service: core.Service, _now: datetime) -> str:
    spec = _spec(service)
    if spec.type == "ExternalName":
        return spec.externalName or ""
    addresses = list(spec.externalIPs or ())
    if spec.type == "LoadBalancer":
        balancer = service.status.loadBalancer if service.status else None
        given = [(i.ip or i.hostname or "") for i in (balancer.ingress if balancer else None) or ()]
        return ",".join([*given, *addresses]) or "<pending>"
    return ",".join(addresses) or NONE


def _ports(service: core.Service, _now: datetime) -> str:
    return ",".join(map(_port, _spec(service).ports or ())) or NONE


def _port(port: core.ServicePort) -> str:
    return f"{port.port}:{port.nodePort}/{port.protocol}" if port.nodePort else f"{port.port}/{port.protocol}"


SERVICE = Kind(
    type=core.Service,
    group="",
    version="v1",
    name="Service",
    plural="services",
    singular="service",
    namespaced=True,
    short_names=("svc",),
    categories=("all",),
    name_errors=dns_service_label_errors,
    default=_default,
    prepare_create=_prepare_create,
    prepare_update=_prepare_update,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Type", lambda s, _: _spec(s).type, description="How the service is reached."),
        Column("Cluster-IP", lambda s, _: _spec(s).clusterIP or NONE, description="Its address in the cluster."),
        Column("External-IP", _external, description="Its addresses from outside."),
        Column("Port(s)", _ports, description="The ports it serves."),
        AGE,
        Column("Selector", lambda s, _: labels_text(_spec(s).selector), priority=1, description="Which pods serve."),
    ),
    selectable={
        "spec.clusterIP": lambda s: _spec(s).clusterIP or "",
        "spec.type": lambda s: _spec(s).type or "",
    },
    has_status=True,
    subresources=("proxy",),
    is_returned_by_deletion=True,
)
