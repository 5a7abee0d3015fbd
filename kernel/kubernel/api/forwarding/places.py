"""The places behind a service, from its EndpointSlices or, when it has none, from its Endpoints."""

from collections.abc import Iterator
from dataclasses import dataclass

from lightkube.models import discovery_v1 as discovery

from kubernel.api.request.call import Call
from kubernel.objects.kinds.core.endpoints import ENDPOINTS
from kubernel.objects.kinds.discovery.endpoint_slice import ENDPOINT_SLICE
from kubernel.objects.models import core, meta_of

__all__ = ["Place", "ready_places"]

_SERVICE = "kubernetes.io/service-name"
"""The label by which a slice says whose it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One address and port where a service is said to be served.

    Attributes:
        ip, port: Where.
        pod: The pod of the service's namespace whose address it is said to be; empty when it is nobody's.
    """

    ip: str
    port: int
    pod: str


def ready_places(call: Call, service: str, port: str) -> list[Place]:
    """Return where a service's port of this name (it may be empty) is ready to be served."""
    return list(_of_slices(call, service, port)) or list(_of_endpoints(call, service, port))


def _of_slices(call: Call, service: str, port: str) -> Iterator[Place]:
    marked = f'"{_SERVICE}":"{service}"'.encode()
    for record in call.state.cache.collection(ENDPOINT_SLICE).all():
        if record.namespace != call.target.namespace or marked not in record.data:
            continue
        found = record.decode()
        if not isinstance(found, discovery.EndpointSlice) or (meta_of(found).labels or {}).get(_SERVICE) != service:
            continue
        numbers = [each.port for each in found.ports or () if (each.name or "") == port and each.port]
        for endpoint in found.endpoints or ():
            is_ready = endpoint.conditions is None or endpoint.conditions.ready is not False
            if numbers and is_ready and endpoint.addresses:
                yield Place(endpoint.addresses[0], numbers[0], _pod(call, endpoint.targetRef))


def _of_endpoints(call: Call, service: str, port: str) -> Iterator[Place]:
    record = call.state.cache.collection(ENDPOINTS).get(call.target.namespace, service)
    endpoints = record.decode() if record is not None else core.Endpoints()
    assert isinstance(endpoints, core.Endpoints)
    for subset in endpoints.subsets or ():
        numbers = [each.port for each in subset.ports or () if (each.name or "") == port]
        for address in subset.addresses or () if numbers else ():
            yield Place(address.ip, numbers[0], _pod(call, address.targetRef))


def _pod(call: Call, reference: core.ObjectReference | None) -> str:
    if reference is None or reference.kind != "Pod" or reference.namespace not in (None, "", call.target.namespace):
        return ""
    return reference.name or ""
