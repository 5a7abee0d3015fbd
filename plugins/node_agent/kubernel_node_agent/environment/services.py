"""The variables by which a program finds services without DNS: ``NIFTY_SVC_SERVICE_HOST`` and its kin.

A pod sees the services of its namespace that were there when its container started, and the API's own
(source: kubernetes ``pkg/kubelet/envvars``).
"""

from collections.abc import Iterable

from kubernel.objects.models import core, meta_of

__all__ = ["service_variables"]


def service_variables(services: Iterable[core.Service]) -> dict[str, str]:
    """Return the variables of these services; those without an address of their own have none."""
    variables: dict[str, str] = {}
    for service in services:
        spec = service.spec
        if spec is None or not spec.clusterIP or spec.clusterIP == "None" or not spec.ports:
            continue
        prefix = (meta_of(service).name or "").upper().replace("-", "_")
        variables[f"{prefix}_SERVICE_HOST"] = spec.clusterIP
        variables[f"{prefix}_SERVICE_PORT"] = str(spec.ports[0].port)
        for port in spec.ports:
            if port.name:
                name = port.name.upper().replace("-", "_")
                variables[f"{prefix}_SERVICE_PORT_{name}"] = str(port.port)
        variables |= _link_variables(prefix, spec.clusterIP, spec.ports)
    return variables


def _link_variables(prefix: str, address: str, ports: list[core.ServicePort]) -> dict[str, str]:
    """Return the variables that Docker's links had; old images read them."""
    variables: dict[str, str] = {}
    for number, port in enumerate(ports):
        protocol = (port.protocol or "TCP").lower()
        url = f"{protocol}://{address}:{port.port}"
        if number == 0:
            variables[f"{prefix}_PORT"] = url
        each = f"{prefix}_PORT_{port.port}_{protocol.upper()}"
        variables[each] = url
        variables[f"{each}_PROTO"] = protocol
        variables[f"{each}_PORT"] = str(port.port)
        variables[f"{each}_ADDR"] = address
    return variables
