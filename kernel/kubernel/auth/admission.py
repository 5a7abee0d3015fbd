"""The built-in admission links: what a write must respect beyond its own kind's rules."""

import random
from collections.abc import Callable
from ipaddress import IPv4Network, ip_address, ip_network

from kubernel.objects import errors
from kubernel.objects.kinds.core.namespace import NAMESPACE
from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import core
from kubernel.plugin.hooks import AdmissionRequest, hookimpl
from kubernel.watch import Cache

__all__ = ["NamespaceLifecycle", "ServiceAddresses"]

PROTECTED_NAMESPACES = frozenset({"default", "kube-system", "kube-public"})


class NamespaceLifecycle:
    """Nothing is created in a namespace that does not exist or is going away; three namespaces cannot be deleted."""

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Check creates against their namespace, before anybody else looks at them."""
        if request.old is None and request.kind.namespaced:
            self._check_home(request)

    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Check deletions of namespaces."""
        name = request.attributes.name
        if request.obj is None and request.kind is NAMESPACE and name in PROTECTED_NAMESPACES:
            raise errors.forbidden("namespaces", name, "this namespace may not be deleted")

    def _check_home(self, request: AdmissionRequest) -> None:
        namespace = request.attributes.namespace
        record = self._cache().collection(NAMESPACE).get("", namespace)
        if record is None:
            raise errors.not_found("namespaces", namespace)
        if b'"deletionTimestamp"' in record.data:
            home = record.decode()
            if home.metadata and home.metadata.deletionTimestamp:
                why = f"unable to create new content in namespace {namespace} because it is being terminated"
                raise errors.forbidden(request.kind.plural, request.attributes.name, why, request.kind.group)


class ServiceAddresses:
    """Gives each service its virtual address from the cluster's range, and keeps others from taking it.

    The services themselves are the record of what is taken; an address that was handed out and whose service is not
    committed yet is remembered here until it is, so that two concurrent creates cannot get the same one.
    """

    def __init__(self, cache: Callable[[], Cache], cidr: str) -> None:
        network = ip_network(cidr)
        if not isinstance(network, IPv4Network):
            raise ValueError(f"service range {cidr}: must be an IPv4 network")  # noqa: TRY004 - wrong value
        self._network = network
        self._cache = cache
        self._taken: dict[str, str] = {}
        self._seen_revision = -1

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Allocate an address for a new service, or for one that becomes a ClusterIP service."""
        service = request.obj
        if request.kind is not SERVICE or not isinstance(service, core.Service) or service.spec is None:
            return
        spec, owner = service.spec, _owner(request)
        if spec.type == "ExternalName" or spec.clusterIP == "None":
            return
        old = request.old.spec if isinstance(request.old, core.Service) else None
        if not spec.clusterIP and old is not None and old.clusterIP:
            spec.clusterIP, spec.clusterIPs = old.clusterIP, old.clusterIPs
        self._refresh()
        if not spec.clusterIP:
            spec.clusterIP = self._allocate(owner)
        elif old is None or old.clusterIP != spec.clusterIP:
            self._claim(spec.clusterIP, owner, request)
        spec.clusterIPs = [spec.clusterIP]

    def _refresh(self) -> None:
        """Learn what is taken; entries that belong to no service (its create failed) become free again."""
        cache = self._cache()
        if cache.revision == self._seen_revision:
            return
        self._seen_revision = cache.revision
        committed = {}
        for record in cache.collection(SERVICE).all():
            service = record.decode()
            if isinstance(service, core.Service) and service.spec and service.spec.clusterIP:
                committed[service.spec.clusterIP] = f"{record.namespace}/{record.name}"
        self._taken = committed | {ip: owner for ip, owner in self._taken.items() if ip not in committed}
        self._forget_abandoned(committed)

    def _forget_abandoned(self, committed: dict[str, str]) -> None:
        pending = [ip for ip in self._taken if ip not in committed]
        # More pending addresses than creates can be in flight at once: the oldest are those of failed creates.
        for ip in pending[: max(0, len(pending) - 1_000)]:
            del self._taken[ip]

    def _allocate(self, owner: str) -> str:
        size = self._network.num_addresses - 2
        if len(self._taken) >= size:
            raise errors.internal(f"failed to allocate a serviceIP: range {self._network} is full")
        first = int(self._network.network_address) + 1
        offset = random.randrange(size)
        for step in range(size):
            ip = str(ip_address(first + (offset + step) % size))
            if ip not in self._taken:
                self._taken[ip] = owner
                return ip
        raise errors.internal(f"failed to allocate a serviceIP: range {self._network} is full")

    def _claim(self, ip: str, owner: str, request: AdmissionRequest) -> None:
        problem = ""
        try:
            address = ip_address(ip)
        except ValueError:
            return  # the kind's own validation says so, with the right words
        if address not in self._network:
            problem = (
                "failed to allocate IP "
                f"{ip}: the provided IP ({ip}) is not in the valid range. The range of valid IPs is {self._network}"
            )
        elif self._taken.get(ip, owner) != owner:
            problem = f"failed to allocate IP {ip}: provided IP is already allocated"
        if problem:
            error = errors.field_invalid("spec.clusterIPs", f'["{ip}"]', problem)
            raise errors.invalid("Service", request.attributes.name, [error])
        self._taken[ip] = owner


def _owner(request: AdmissionRequest) -> str:
    meta = request.obj.metadata if request.obj else None
    return f"{request.attributes.namespace}/{(meta.name if meta else None) or request.attributes.name}"
