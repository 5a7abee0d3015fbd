"""Whether those who serve groups answer: asked when something changed, and again and again.

The words of conditions are kube-aggregator's (source: its ``remote_available_controller``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from kubernel.api.aggregation.remotes import Remote
from kubernel.api.outside.calling import Caller
from kubernel.api.outside.endpoints import OutsideError
from kubernel.objects.kinds.core.endpoints import ENDPOINTS
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import Plain, core
from kubernel.watch import Cache

__all__ = ["Found", "look"]

_CHECK_S = 5.0
_IDENTITY = {"X-Remote-User": "system:kube-aggregator", "X-Remote-Group": "system:masters"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a server found.

    Attributes:
        reason, message: Of the condition ``Available``.
        resources: What the server has; ``None`` when it cannot be asked.
    """

    reason: str
    message: str
    resources: list[Plain] | None = None


async def look(remote: Remote, cache: Cache, caller: Caller) -> Found:
    """Ask a server what it has."""
    problem = _service_problem(remote, cache)
    if problem is not None:
        return problem
    try:
        to = remote.destination(cache)
        where = f"{to.origin}{remote.path}"
        try:
            answer = await caller.get(to, remote.path, _IDENTITY, _CHECK_S)
        except OutsideError as error:
            raise OutsideError(f"failing or missing response from {where}: {error}") from error
    except OutsideError as error:
        return Found("FailedDiscoveryCheck", str(error))
    return Found("Passed", "all checks passed", _resources(answer))


def _resources(answer: bytes) -> list[Plain]:
    try:
        document = msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    listed = document.get("resources") if isinstance(document, dict) else None
    return [item for item in listed or () if isinstance(item, dict) and isinstance(item.get("name"), str)]


def _service_problem(remote: Remote, cache: Cache) -> Found | None:
    reference = remote.service
    if reference is None:
        return None
    name, namespace, wanted = reference.name or "", reference.namespace or "", reference.port or 443
    record = cache.collection(SERVICE).get(namespace, name)
    service = record.decode() if record is not None else None
    if not isinstance(service, core.Service) or service.spec is None:
        return Found("ServiceNotFound", f'service/{name} in "{namespace}" is not present')
    if service.spec.type != "ClusterIP":
        return None
    port = next((p for p in service.spec.ports or () if p.port == wanted), None)
    if port is None:
        return Found("ServicePortError", f'service/{name} in "{namespace}" is not listening on port {wanted}')
    found = cache.collection(ENDPOINTS).get(namespace, name)
    endpoints = found.decode() if found is not None else None
    if not isinstance(endpoints, core.Endpoints):
        return Found("EndpointsNotFound", f'cannot find endpoints for service/{name} in "{namespace}"')
    if not _has_address(endpoints.subsets or (), port.name or ""):
        what = f'endpoints for service/{name} in "{namespace}" have no addresses with port name "{port.name or ""}"'
        return Found("MissingEndpoints", what)
    return None


def _has_address(subsets: Sequence[core.EndpointSubset], port_name: str) -> bool:
    return any(s.addresses and any((p.name or "") == port_name for p in s.ports or ()) for s in subsets)
