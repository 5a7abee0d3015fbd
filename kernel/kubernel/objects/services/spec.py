"""What the type of a service means for the rest of its spec."""

from kubernel.objects.models import core

__all__ = [
    "CLUSTER_IP",
    "EXTERNAL_NAME",
    "HEADLESS",
    "LOAD_BALANCER",
    "NODE_PORT",
    "has_addresses",
    "has_node_ports",
    "is_exposed",
    "is_headless",
    "needs_health_check",
    "spec_of",
]

CLUSTER_IP, NODE_PORT, LOAD_BALANCER, EXTERNAL_NAME = "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"
HEADLESS = "None"
"""Instead of an address: the service has none, and its name means its pods."""


def spec_of(service: core.Service) -> core.ServiceSpec:
    """Return the service's spec, attaching an empty one when it has none."""
    if service.spec is None:
        service.spec = core.ServiceSpec()
    return service.spec


def is_headless(spec: core.ServiceSpec) -> bool:
    """Whether the service has no address of its own."""
    return spec.clusterIP == HEADLESS


def has_addresses(spec: core.ServiceSpec) -> bool:
    """Whether the service has an address in the cluster, or says that it wants none."""
    return spec.type != EXTERNAL_NAME


def has_node_ports(spec: core.ServiceSpec) -> bool:
    """Whether every node answers for the service at a port of its own."""
    return spec.type in {NODE_PORT, LOAD_BALANCER}


def is_exposed(spec: core.ServiceSpec) -> bool:
    """Whether the service can be reached from outside."""
    return has_node_ports(spec) or (spec.type == CLUSTER_IP and bool(spec.externalIPs))


def needs_health_check(spec: core.ServiceSpec) -> bool:
    """Whether a load balancer must ask each node if it has pods of the service."""
    return spec.type == LOAD_BALANCER and spec.externalTrafficPolicy == "Local"
