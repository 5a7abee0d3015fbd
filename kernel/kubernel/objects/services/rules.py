"""Rules of a service as a whole. Source: Kubernetes' ``pkg/apis/core/validation`` (``ValidateService``)."""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import cidr_errors, ip_errors, special_ip_errors
from kubernel.objects.rules.domains import not_an_address
from kubernel.objects.rules.labels import label_errors, label_key_errors
from kubernel.objects.rules.names import dns_subdomain_errors, port_number_errors
from kubernel.objects.rules.values import named, one_of, required_name, within
from kubernel.objects.services.addresses import address_errors
from kubernel.objects.services.ports import port_errors
from kubernel.objects.services.spec import (
    CLUSTER_IP,
    EXTERNAL_NAME,
    LOAD_BALANCER,
    NODE_PORT,
    has_addresses,
    has_node_ports,
    is_exposed,
    is_headless,
    needs_health_check,
)

__all__ = ["service_errors", "status_errors"]

TYPES = (CLUSTER_IP, EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT)
AFFINITIES = ("ClientIP", "None")
AFFINITY_MAX_S = 86400
POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
IP_MODES = ("Proxy", "VIP")
_ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"


def service_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    """Check a spec with defaults filled in and everything allocated."""
    yield from _type_errors(spec)
    yield from port_errors(spec)
    yield from label_errors(spec.selector, "spec.selector")
    yield from _affinity_errors(spec)
    yield from address_errors(spec)
    for i, address in enumerate(spec.externalIPs or ()):
        wrong = list(ip_errors(address, f"spec.externalIPs[{i}]"))
        yield from wrong or special_ip_errors(address, f"spec.externalIPs[{i}]")
    yield from one_of(spec.type, TYPES, "spec.type")
    yield from _balancer_errors(spec)
    yield from _policy_errors(spec)


def _type_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    if has_node_ports(spec) and is_headless(spec):
        why = f"may not be set to 'None' for {spec.type} services"
        yield field_invalid("spec.clusterIPs[0]", spec.clusterIP, why)
    if spec.type != EXTERNAL_NAME:
        return
    for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if getattr(spec, name):
            yield field_forbidden(f"spec.{name}", "may not be set for ExternalName services")
    name = (spec.externalName or "").removesuffix(".")
    yield from required_name(dns_subdomain_errors, name, "spec.externalName")


def _affinity_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    yield from one_of(spec.sessionAffinity, AFFINITIES, "spec.sessionAffinity")
    config = spec.sessionAffinityConfig
    if config is not None and config.clientIP is not None:
        where = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        yield from within(config.clientIP.timeoutSeconds, 1, AFFINITY_MAX_S, where)


def _balancer_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    is_balanced = spec.type == LOAD_BALANCER
    where = "spec.LoadBalancerSourceRanges"  # spelled so in Kubernetes too
    if spec.loadBalancerSourceRanges and not is_balanced:
        yield field_forbidden(where, _ONLY_BALANCED)
    for i, value in enumerate(spec.loadBalancerSourceRanges or ()):
        yield from cidr_errors(value.strip(), f"{where}[{i}]")
    if spec.allocateLoadBalancerNodePorts is not None and not is_balanced:
        yield field_forbidden("spec.allocateLoadBalancerNodePorts", _ONLY_BALANCED)
    if spec.loadBalancerClass is None:
        return
    if not is_balanced:
        yield field_forbidden("spec.loadBalancerClass", _ONLY_BALANCED)
    else:
        for why in label_key_errors(spec.loadBalancerClass):
            yield field_invalid("spec.loadBalancerClass", spec.loadBalancerClass, why)


def _policy_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    external, internal = spec.externalTrafficPolicy, spec.internalTrafficPolicy
    if is_exposed(spec):
        yield from one_of(external, POLICIES, "spec.externalTrafficPolicy")
    elif external:
        why = "may only be set for externally-accessible services"
        yield field_invalid("spec.externalTrafficPolicy", external, why)
    yield from _health_errors(spec, "spec.healthCheckNodePort")
    if internal is not None and internal not in POLICIES:
        yield field_not_supported("spec.internalTrafficPolicy", internal, POLICIES)
    elif internal is None and has_addresses(spec):
        yield field_required("spec.internalTrafficPolicy")
    if spec.trafficDistribution is not None and spec.trafficDistribution not in DISTRIBUTIONS:
        yield field_not_supported("spec.trafficDistribution", spec.trafficDistribution, DISTRIBUTIONS)


def _health_errors(spec: core.ServiceSpec, path: str) -> Iterable[FieldError]:
    port = spec.healthCheckNodePort
    if needs_health_check(spec):
        if not port:
            yield field_required(path)
        else:
            yield from (field_invalid(path, port, why) for why in port_number_errors(port))
    elif port:
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield field_invalid(path, port, why)


def status_errors(spec: core.ServiceSpec, status: core.ServiceStatus | None) -> Iterable[FieldError]:
    """Check where a load balancer answers for the service."""
    balancer = status.loadBalancer if status else None
    points = (balancer.ingress if balancer else None) or []
    path = "status.loadBalancer.ingress"
    if points and spec.type != LOAD_BALANCER:
        yield field_forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")
        return
    for i, point in enumerate(points):
        yield from _point_errors(point, f"{path}[{i}]")


def _point_errors(point: core.LoadBalancerIngress, path: str) -> Iterable[FieldError]:
    if point.ip:
        yield from ip_errors(point.ip, f"{path}.ip")
    if point.ipMode is None:
        if point.ip:
            yield field_required(f"{path}.ipMode", "must be specified when `ip` is set")
    elif not point.ip:
        yield field_forbidden(f"{path}.ipMode", "may not be specified when `ip` is not set")
    elif point.ipMode not in IP_MODES:
        yield field_not_supported(f"{path}.ipMode", point.ipMode, IP_MODES)
    if point.hostname:
        yield from named(dns_subdomain_errors, point.hostname, f"{path}.hostname")
        yield from not_an_address(point.hostname, f"{path}.hostname")
