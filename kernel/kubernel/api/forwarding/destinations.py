"""Where ``proxy`` requests go: from ``https:web:8443`` to an address that the cluster itself knows.

Only addresses of objects are dialled: a pod's own, or an endpoint's that is a pod's; never a name, and no address that
would reach many or nobody in particular. Source: the ``ResourceLocation`` functions of kube-apiserver's registries.
"""

import random
from ipaddress import ip_address

from kubernel.api.forwarding.backends import Destination
from kubernel.api.forwarding.places import Place, ready_places
from kubernel.api.request.call import Call
from kubernel.objects.errors import StatusError, bad_request, not_found, unavailable
from kubernel.objects.kinds.core.node import NODE
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import core
from kubernel.objects.registry import AnyKind
from kubernel.watch import Record

__all__ = ["node_destination", "pod_destination", "service_destination"]

_SCHEMES = frozenset({"", "http", "https"})
_PORT_MAX = 65_535


def pod_destination(call: Call) -> Destination:
    """Return a pod's address, and the port that is named, else the first that it declares.

    Raises:
        StatusError: 400 or 404.
    """
    scheme, name, port = _split(call, "pod")
    pod = _find(call, POD, call.target.namespace, name).decode()
    assert isinstance(pod, core.Pod)
    containers = (pod.spec.containers if pod.spec else None) or []
    declared = next((c.ports[0].containerPort for c in containers if c.ports), None)
    number = _port_number(port) if port else declared
    return _destination(scheme, _pod_ips(pod)[0] if _pod_ips(pod) else "", number)


def service_destination(call: Call) -> Destination:
    """Return one ready pod behind a service, at the port that is named or numbered.

    Raises:
        StatusError: 400, 404, or 503, nobody is there.
    """
    scheme, name, port = _split(call, "service")
    service = _find(call, SERVICE, call.target.namespace, name).decode()
    assert isinstance(service, core.Service)
    places = [place for place in ready_places(call, name, _port_name(service, port, name)) if _is_a_pods(call, place)]
    if not places:
        raise unavailable(f'no endpoints available for service "{call.target.name}"')
    place = random.choice(places)
    return _destination(scheme, place.ip, place.port)


def node_destination(call: Call) -> Destination:
    """Return a node's agent; other ports of a node are not the cluster's to open.

    Raises:
        StatusError: 400, 404 or 503.
    """
    _, name, port = _split(call, "node")
    _find(call, NODE, "", name)
    if port:
        raise bad_request("address not allowed")
    return call.state.backends.agent(name)


def _split(call: Call, what: str) -> tuple[str, str, str]:
    """Split ``[SCHEME:]NAME[:PORT]``."""
    parts = call.target.name.split(":")
    if len(parts) == 1:
        parts = ["", parts[0], ""]
    elif len(parts) == 2:
        parts = ["", *parts]
    if len(parts) != 3 or parts[0] not in _SCHEMES or not parts[1]:
        raise bad_request(f'invalid {what} request "{call.target.name}"')
    return parts[0], parts[1], parts[2]


def _find(call: Call, kind: AnyKind, namespace: str, name: str) -> Record:
    record = call.state.cache.collection(kind).get(namespace, name)
    if record is None:
        raise not_found(kind.plural, name)
    return record


def _port_number(port: str) -> int:
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= _PORT_MAX):
        raise bad_request(f'invalid port "{port}": must be a number between 1 and 65535')
    return int(port)


def _port_name(service: core.Service, port: str, name: str) -> str:
    """Return the name of the service's port, which is how endpoints know it; it may be empty."""
    if not port.isdecimal():
        return port
    for declared in (service.spec.ports if service.spec else None) or ():
        if str(declared.port) == port:
            return declared.name or ""
    raise unavailable(f'no service port {port} found for service "{name}"')


def _pod_ips(pod: core.Pod) -> list[str]:
    status = pod.status or core.PodStatus()
    ips = [each.ip for each in status.podIPs or () if each.ip]
    return ips or ([status.podIP] if status.podIP else [])


def _is_a_pods(call: Call, place: Place) -> bool:
    """Whether an endpoint is what it says: the address of that pod."""
    record = call.state.cache.collection(POD).get(call.target.namespace, place.pod) if place.pod else None
    pod = record.decode() if record is not None else None
    return isinstance(pod, core.Pod) and place.ip in _pod_ips(pod)


def _destination(scheme: str, ip: str, port: int | None) -> Destination:
    is_tls = scheme == "https"
    number = port or (443 if is_tls else 80)
    try:
        address = ip_address(ip)
    except ValueError as error:
        raise _not_allowed() from error
    if address.is_unspecified or address.is_multicast or address.is_link_local or address.is_reserved:
        raise _not_allowed()
    return Destination(f"{ip}:{number}", str(address), number, is_tls)


def _not_allowed() -> StatusError:
    return bad_request("address not allowed")
