"""Rules of a service's ports. Source: Kubernetes' ``pkg/apis/core/validation`` (``validateServicePort``)."""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import dns_label_errors, port_number_errors
from kubernel.objects.rules.values import one_of, port_or_name, required_name
from kubernel.objects.services.spec import CLUSTER_IP, EXTERNAL_NAME, LOAD_BALANCER, is_headless

__all__ = ["port_errors"]

PROTOCOLS = ("SCTP", "TCP", "UDP")
AGENT_PORT = 10250
PATH = "spec.ports"


def port_errors(spec: core.ServiceSpec) -> Iterable[FieldError]:
    """Check the ports, each by itself and all together."""
    ports = spec.ports or []
    if not ports and not is_headless(spec) and spec.type != EXTERNAL_NAME:
        yield field_required(PATH)
    names: set[str] = set()
    for i, port in enumerate(ports):
        where = f"{PATH}[{i}]"
        if port.name or len(ports) > 1:
            yield from required_name(dns_label_errors, port.name, f"{where}.name")
        if port.name and port.name in names:
            yield field_duplicate(f"{where}.name", port.name)
        names.add(port.name or "")
        yield from _one_errors(port, where)
        yield from _type_errors(port, spec, where)
    yield from _repeated_errors(ports)


def _one_errors(port: core.ServicePort, path: str) -> Iterable[FieldError]:
    yield from (field_invalid(f"{path}.port", port.port, why) for why in port_number_errors(port.port))
    yield from one_of(port.protocol, PROTOCOLS, f"{path}.protocol")
    if port.targetPort is not None:
        yield from port_or_name(port.targetPort, f"{path}.targetPort")
    if port.appProtocol is not None:
        for why in label_key_errors(port.appProtocol):
            yield field_invalid(f"{path}.appProtocol", port.appProtocol, why)


def _type_errors(port: core.ServicePort, spec: core.ServiceSpec, path: str) -> Iterable[FieldError]:
    if spec.type == LOAD_BALANCER and port.port == AGENT_PORT:
        why = f"may not expose port {AGENT_PORT} externally since it is used by kubelet"
        yield field_invalid(path, port.port, why)
    if spec.type == CLUSTER_IP and port.nodePort:
        yield field_forbidden(f"{path}.nodePort", "may not be used when `type` is 'ClusterIP'")


def _repeated_errors(ports: list[core.ServicePort]) -> Iterable[FieldError]:
    on_nodes: set[tuple[str | None, int]] = set()
    for i, port in enumerate(ports):
        if port.nodePort and (port.protocol, port.nodePort) in on_nodes:
            yield field_duplicate(f"{PATH}[{i}].nodePort", port.nodePort)
        on_nodes.add((port.protocol, port.nodePort or 0))
    served: set[tuple[str | None, int]] = set()
    for i, port in enumerate(ports):
        if (port.protocol, port.port) in served:
            yield field_duplicate(f"{PATH}[{i}]", core.ServicePort(port=port.port, protocol=port.protocol))
        served.add((port.protocol, port.port))
