"""What a service is when it does not say: source ``pkg/apis/core/v1/defaults.go``, ``pkg/registry/core/service``."""

from kubernel.objects.models import core
from kubernel.objects.rules.addresses import family_of
from kubernel.objects.services.spec import (
    CLUSTER_IP,
    LOAD_BALANCER,
    has_addresses,
    is_exposed,
    is_headless,
    spec_of,
)

__all__ = ["default_service", "reset_status"]

AFFINITY_S = 10800
_FAMILIES = ("IPv4", "IPv6")


def reset_status(service: core.Service) -> None:
    """Give a new service the status of one that nobody serves yet."""
    service.status = core.ServiceStatus(loadBalancer=core.LoadBalancerStatus())


def default_service(service: core.Service) -> None:
    """Fill in what the client left out, in place."""
    spec = spec_of(service)
    spec.type = spec.type or CLUSTER_IP
    _default_affinity(spec)
    for port in spec.ports or ():
        port.protocol = port.protocol or "TCP"
        if port.targetPort in {None, 0, ""}:
            port.targetPort = port.port
    if has_addresses(spec):
        spec.internalTrafficPolicy = spec.internalTrafficPolicy or "Cluster"
        _default_addresses(spec)
    if is_exposed(spec):
        spec.externalTrafficPolicy = spec.externalTrafficPolicy or "Cluster"
    if spec.type == LOAD_BALANCER and spec.allocateLoadBalancerNodePorts is None:
        spec.allocateLoadBalancerNodePorts = True
    if service.status is None:
        reset_status(service)
    for point in _points(service):
        if point.ip and point.ipMode is None:
            point.ipMode = "VIP"


def _points(service: core.Service) -> list[core.LoadBalancerIngress]:
    balancer = service.status.loadBalancer if service.status else None
    return (balancer.ingress if balancer else None) or []


def _default_affinity(spec: core.ServiceSpec) -> None:
    spec.sessionAffinity = spec.sessionAffinity or "None"
    if spec.sessionAffinity == "None":
        spec.sessionAffinityConfig = None
    elif spec.sessionAffinity == "ClientIP":
        config = spec.sessionAffinityConfig
        if config is None or config.clientIP is None or config.clientIP.timeoutSeconds is None:
            spec.sessionAffinityConfig = core.SessionAffinityConfig(core.ClientIPConfig(timeoutSeconds=AFFINITY_S))


def _default_addresses(spec: core.ServiceSpec) -> None:
    """Say the families of the addresses.

    The cluster has one family, the one of the service range; only a service without an address and without a selector
    (whose addresses others write) has both.
    """
    if spec.clusterIP and not spec.clusterIPs:
        spec.clusterIPs = [spec.clusterIP]
    if is_headless(spec) and not spec.selector:
        spec.ipFamilies = spec.ipFamilies or [_FAMILIES[0]]
        if len(spec.ipFamilies) == 1 and spec.ipFamilyPolicy != "SingleStack":
            spec.ipFamilies = [*spec.ipFamilies, *(f for f in _FAMILIES if f not in spec.ipFamilies)][:2]
        spec.ipFamilyPolicy = spec.ipFamilyPolicy or "RequireDualStack"
        return
    is_dual = len(spec.clusterIPs or ()) > 1 or len(spec.ipFamilies or ()) > 1
    spec.ipFamilyPolicy = spec.ipFamilyPolicy or ("RequireDualStack" if is_dual else "SingleStack")
    if not spec.ipFamilies:
        known = dict.fromkeys(family for address in spec.clusterIPs or () if (family := family_of(address)))
        spec.ipFamilies = list(known) or [_FAMILIES[0]]
