"""From a service and its pods to subsets: the pure heart of this controller.

A subset is a set of addresses that all have the same ports. Usually there is one; a named ``targetPort`` that means
8080 in some pods and 9090 in others makes two (source: Kubernetes' endpoints controller and ``RepackSubsets``).
"""

from collections.abc import Iterable
from typing import NamedTuple

from kubernel.client import metadata_of
from kubernel.objects.models import core
from kubernel.objects.pods.state import is_finished, is_ready

__all__ = ["subsets_of"]


class _Port(NamedTuple):
    """A port of the service as one pod serves it; sorts as the subsets list it."""

    port: int
    name: str
    protocol: str
    app_protocol: str

    def endpoint(self) -> core.EndpointPort:
        return core.EndpointPort(
            port=self.port, name=self.name or None, protocol=self.protocol, appProtocol=self.app_protocol or None
        )


def subsets_of(service: core.Service, pods: Iterable[core.Pod]) -> list[core.EndpointSubset]:
    """Return the subsets, in an order that depends on nothing but the content.

    Args:
        service: With its selector; ``publishNotReadyAddresses`` makes every pod count as ready.
        pods: The pods that the selector matches, in any order.
    """
    assert service.spec is not None
    publishes_all = bool(service.spec.publishNotReadyAddresses)
    ready: dict[tuple[_Port, ...], list[core.EndpointAddress]] = {}
    waiting: dict[tuple[_Port, ...], list[core.EndpointAddress]] = {}
    for pod in pods:
        if not _belongs(pod, publishes_all=publishes_all):
            continue
        ports = _ports_of(service, pod)
        if not ports and service.spec.ports:
            continue  # it serves none of the service's ports
        group = ready if publishes_all or is_ready(pod) else waiting
        group.setdefault(ports, []).append(_address_of(service, pod))
    return [_subset(ports, ready.get(ports), waiting.get(ports)) for ports in sorted(ready.keys() | waiting.keys())]


def _belongs(pod: core.Pod, *, publishes_all: bool) -> bool:
    if pod.status is None or not pod.status.podIP or is_finished(pod):
        return False
    return publishes_all or metadata_of(pod).deletionTimestamp is None


def _ports_of(service: core.Service, pod: core.Pod) -> tuple[_Port, ...]:
    assert service.spec is not None
    found = set()
    for port in service.spec.ports or ():
        number = _target(port, pod)
        if number is not None:
            found.add(_Port(number, port.name or "", port.protocol or "TCP", port.appProtocol or ""))
    return tuple(sorted(found))


def _target(port: core.ServicePort, pod: core.Pod) -> int | None:
    """Return the number of the pod's port, or ``None`` when the pod has no port of the wanted name."""
    target = port.targetPort or port.port
    if isinstance(target, int):
        return target
    for container in (pod.spec.containers if pod.spec is not None else None) or ():
        for candidate in container.ports or ():
            if candidate.name == target and (candidate.protocol or "TCP") == (port.protocol or "TCP"):
                return candidate.containerPort
    return None


def _address_of(service: core.Service, pod: core.Pod) -> core.EndpointAddress:
    about = metadata_of(pod)
    assert pod.status is not None
    assert pod.spec is not None
    is_named = bool(pod.spec.hostname) and pod.spec.subdomain == metadata_of(service).name
    return core.EndpointAddress(
        ip=pod.status.podIP or "",
        hostname=pod.spec.hostname if is_named else None,
        nodeName=pod.spec.nodeName,
        targetRef=core.ObjectReference(kind="Pod", namespace=about.namespace, name=about.name, uid=about.uid),
    )


def _subset(
    ports: tuple[_Port, ...],
    ready: list[core.EndpointAddress] | None,
    waiting: list[core.EndpointAddress] | None,
) -> core.EndpointSubset:
    return core.EndpointSubset(
        addresses=sorted(ready, key=_order) if ready else None,
        notReadyAddresses=sorted(waiting, key=_order) if waiting else None,
        ports=[port.endpoint() for port in ports] or None,
    )


def _order(address: core.EndpointAddress) -> tuple[str, str]:
    return address.ip, (address.targetRef.uid if address.targetRef is not None else None) or ""
