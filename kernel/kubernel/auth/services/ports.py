"""Ports of the nodes for services: each node answers for the service there."""

import random

from kubernel.auth.services.ledger import Holdings
from kubernel.objects.errors import FieldError, field_invalid, internal
from kubernel.objects.models import core
from kubernel.objects.services import has_node_ports, needs_health_check

__all__ = ["give_ports"]

FIRST, LAST = 30_000, 32_767
"""Kubernetes' own range, which firewalls and people know."""


def give_ports(spec: core.ServiceSpec, owner: str, taken: Holdings[int]) -> list[FieldError]:
    """Give a service the ports that it asks for, or any, in place.

    Returns:
        Why it cannot have what it asks for.

    Raises:
        StatusError: 500, no port is left.
    """
    errors: list[FieldError] = []
    if not has_node_ports(spec):
        return errors
    own: dict[int, int] = {}  # two protocols of one port share the node's port too
    for i, port in enumerate(spec.ports or ()):
        if port.nodePort:
            errors += _errors(port.nodePort, owner, taken, f"spec.ports[{i}].nodePort")
        elif spec.type != "LoadBalancer" or spec.allocateLoadBalancerNodePorts:
            given = {p.nodePort for p in spec.ports or () if p.protocol == port.protocol}
            shared = own.get(port.port)
            port.nodePort = shared if shared and shared not in given else _any(owner, taken, _all(spec))
        if port.nodePort:
            own.setdefault(port.port, port.nodePort)
    if needs_health_check(spec):
        if spec.healthCheckNodePort:
            errors += _errors(spec.healthCheckNodePort, owner, taken, "spec.healthCheckNodePort")
        else:
            spec.healthCheckNodePort = _any(owner, taken, _all(spec))
    return errors


def _all(spec: core.ServiceSpec) -> set[int]:
    return {port.nodePort or 0 for port in spec.ports or ()} | {spec.healthCheckNodePort or 0}


def _errors(port: int, owner: str, taken: Holdings[int], path: str) -> list[FieldError]:
    if not FIRST <= port <= LAST:
        why = f"provided port is not in the valid range. The range of valid ports is {FIRST}-{LAST}"
        return [field_invalid(path, port, why)]
    if not taken.is_free(port, owner):
        return [field_invalid(path, port, "provided port is already allocated")]
    return []


def _any(owner: str, taken: Holdings[int], own: set[int]) -> int:
    size = LAST - FIRST + 1
    offset = random.randrange(size)
    for step in range(size):
        port = FIRST + (offset + step) % size
        # The service may keep what it has, but a port that it gives up now is not given to it again.
        if port not in own and taken.is_free(port, owner):
            return port
    raise internal(f"failed to allocate a nodePort: range is full ({FIRST}-{LAST})")
