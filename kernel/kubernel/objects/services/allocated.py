"""What an update keeps of the addresses and ports that the server gave a service, and what its new type drops.

Source: Kubernetes' ``pkg/registry/core/service`` (``dropTypeDependentFields``, ``patchAllocatedValues``).
"""

from kubernel.objects.models import core
from kubernel.objects.services.spec import (
    EXTERNAL_NAME,
    LOAD_BALANCER,
    has_addresses,
    has_node_ports,
    is_exposed,
    needs_health_check,
)

__all__ = ["carry_over"]


def carry_over(spec: core.ServiceSpec, was: core.ServiceSpec) -> None:
    """Complete a changed spec from the one before, in place; safe to repeat.

    A client that changes the type need not clear what it did not set itself, and one that left out what the server had
    allocated gets it back.
    """
    _drop(spec, was)
    if has_addresses(spec) and has_addresses(was) and spec.type != EXTERNAL_NAME:
        _keep_addresses(spec, was)
    if has_node_ports(spec) and has_node_ports(was):
        _keep_ports(spec, was)
    if needs_health_check(spec) and needs_health_check(was) and not spec.healthCheckNodePort:
        spec.healthCheckNodePort = was.healthCheckNodePort


def _drop(spec: core.ServiceSpec, was: core.ServiceSpec) -> None:
    gone: list[str] = []
    if has_addresses(was) and not has_addresses(spec):
        gone += ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]
    if has_node_ports(was) and not has_node_ports(spec):
        had = {port.nodePort for port in was.ports or ()}
        for port in spec.ports or ():
            port.nodePort = None if port.nodePort in had else port.nodePort
    if is_exposed(was) and not is_exposed(spec):
        gone.append("externalTrafficPolicy")
    if needs_health_check(was) and not needs_health_check(spec):
        gone.append("healthCheckNodePort")
    if was.type == LOAD_BALANCER and spec.type != LOAD_BALANCER:
        gone += ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
    for name in gone:
        if getattr(spec, name) == getattr(was, name):
            setattr(spec, name, None)


def _keep_addresses(spec: core.ServiceSpec, was: core.ServiceSpec) -> None:
    if not spec.clusterIP and not (spec.clusterIPs and spec.clusterIPs != was.clusterIPs):
        spec.clusterIP, spec.clusterIPs = was.clusterIP, was.clusterIPs
        if was.clusterIP:
            spec.ipFamilies = was.ipFamilies
    elif spec.clusterIP != was.clusterIP and spec.clusterIPs == was.clusterIPs:
        spec.clusterIPs = [spec.clusterIP] if spec.clusterIP else None


def _keep_ports(spec: core.ServiceSpec, was: core.ServiceSpec) -> None:
    given = {port.nodePort for port in spec.ports or ()}
    had = {(port.protocol, port.port): port.nodePort for port in was.ports or ()}
    for port in spec.ports or ():
        node_port = had.get((port.protocol, port.port))
        if not port.nodePort and node_port not in given:
            port.nodePort = node_port
