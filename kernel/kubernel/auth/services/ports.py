"""Ports of the nodes for services: each node answers for the service there."""

import random
from collections.abc import Iterator

from kubernel.auth.services.ledger import Holdings
from kubernel.objects.errors import FieldError, field_invalid, internal
from kubernel.objects.models import core
from kubernel.objects.services import LOAD_BALANCER, has_node_ports, needs_health_check

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
    if not has_node_ports(spec):
        return []
    ports = spec.ports or []
    wanted = {port.nodePort or 0 for port in ports} | {spec.healthCheckNodePort or 0}
    free = _free(owner, taken, wanted)
    errors: list[FieldError] = []
    for i, port in enumerate(ports):
        if port.nodePort:
            errors += _errors(port.nodePort, owner, taken, f"spec.ports[{i}].nodePort")
    if spec.type != LOAD_BALANCER or spec.allocateLoadBalancerNodePorts:
        _give_each(ports, free)
    if needs_health_check(spec):
        if spec.healthCheckNodePort:
            errors += _errors(spec.healthCheckNodePort, owner, taken, "spec.healthCheckNodePort")
        else:
            spec.healthCheckNodePort = next(free)
    return errors


def _give_each(ports: list[core.ServicePort], free: Iterator[int]) -> None:
    used = {(port.protocol, port.nodePort) for port in ports}
    of_port: dict[int, int] = {}  # two protocols of one port share the node's port too
    for port in ports:
        if not port.nodePort:
            shared = of_port.get(port.port)
            port.nodePort = shared if shared and (port.protocol, shared) not in used else next(free)
            used.add((port.protocol, port.nodePort))
        of_port.setdefault(port.port, port.nodePort)


def _errors(port: int, owner: str, taken: Holdings[int], path: str) -> list[FieldError]:
    if not FIRST <= port <= LAST:
        why = f"provided port is not in the valid range. The range of valid ports is {FIRST}-{LAST}"
        return [field_invalid(path, port, why)]
    if not taken.is_free(port, owner):
        return [field_invalid(path, port, "provided port is already allocated")]
    return []


def _free(owner: str, taken: Holdings[int], wanted: set[int]) -> Iterator[int]:
    """Yield ports that nobody has, from any place on; the range is walked through once, however many are needed."""
    size = LAST - FIRST + 1
    offset = random.randrange(size)
    for step in range(size):
        port = FIRST + (offset + step) % size
        # The service may keep what it has, but a port that it gives up now is not given to it again.
        if port not in wanted and taken.is_free(port, owner):
            yield port
    raise internal(f"failed to allocate a nodePort: range is full ({FIRST}-{LAST})")
