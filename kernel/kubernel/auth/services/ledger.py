"""Which service has which address and which port of the nodes.

The services themselves are the record of what is taken. What was handed out and whose service is not committed yet is
remembered here until it is, so that two concurrent writes cannot get the same.
"""

from collections.abc import Callable, Hashable, Iterator
from time import monotonic
from typing import Any, Generic, TypeVar

from kubernel.objects.kinds.core.service import SERVICE
from kubernel.objects.models import core
from kubernel.objects.services import HEADLESS, has_node_ports
from kubernel.watch import Cache

__all__ = ["Holdings", "Ledger"]

H = TypeVar("H", bound=Hashable)
PENDING_S = 30.0
"""A write is committed within this time, or it has failed and what it was given is free again."""


class Holdings(Generic[H]):
    """Who has what of one sort.

    Args:
        clock: The time in seconds, from any beginning.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._committed: dict[H, str] = {}
        self._pending: dict[H, tuple[str, float]] = {}

    def __len__(self) -> int:
        return len(self._committed) + len(self._pending)

    def is_free(self, thing: H, owner: str) -> bool:
        """Whether this service may have it: nobody else does."""
        holder = self._committed.get(thing)
        if holder is None and thing in self._pending:
            pending, until = self._pending[thing]
            holder = pending if self._clock() < until else None
        return holder is None or holder == owner

    def hand_out(self, thing: H, owner: str) -> None:
        """Remember that a service gets it, until the service is committed."""
        if thing not in self._committed:
            self._pending[thing] = (owner, self._clock() + PENDING_S)

    def forget(self, owner: str) -> None:
        """Forget what was handed out to a service: it is there, and what is committed counts."""
        self._pending = {thing: pending for thing, pending in self._pending.items() if pending[0] != owner}

    def learn(self, committed: dict[H, str]) -> None:
        """Take what is committed now; what belongs to no service any more is free."""
        now = self._clock()
        self._committed = committed
        self._pending = {
            thing: (owner, until)
            for thing, (owner, until) in self._pending.items()
            if thing not in committed and now < until
        }


class Ledger:
    """What all services have.

    Attributes:
        addresses: Virtual addresses, in canonical text.
        ports: Ports of the nodes, of whatever protocol.
    """

    def __init__(self, cache: Callable[[], Cache]) -> None:
        self._cache = cache
        self._seen: dict[str, tuple[int, list[str], list[int]]] = {}
        self._revision = -1
        self.addresses: Holdings[str] = Holdings()
        self.ports: Holdings[int] = Holdings()

    def forget(self, owner: str) -> None:
        """Forget what was handed out to a service that exists."""
        self.addresses.forget(owner)
        self.ports.forget(owner)

    def refresh(self) -> None:
        """Learn what is taken; only services that changed since the last time are decoded."""
        cache = self._cache()
        if cache.revision == self._revision:
            return
        self._revision = cache.revision
        seen: dict[str, tuple[int, list[str], list[int]]] = {}
        for record in cache.collection(SERVICE).all():
            owner = f"{record.namespace}/{record.name}"
            known = self._seen.get(owner)
            if known is None or known[0] != record.revision:
                service: Any = record.decode()
                known = (record.revision, list(_addresses(service)), list(_ports(service)))
            seen[owner] = known
        self._seen = seen
        self.addresses.learn({address: owner for owner, (_, found, _) in seen.items() for address in found})
        self.ports.learn({port: owner for owner, (_, _, found) in seen.items() for port in found})


def _addresses(service: core.Service) -> Iterator[str]:
    for address in (service.spec.clusterIPs if service.spec else None) or ():
        if address != HEADLESS:
            yield address


def _ports(service: core.Service) -> Iterator[int]:
    spec = service.spec
    if spec is None or not has_node_ports(spec):
        return
    yield from (port.nodePort for port in spec.ports or () if port.nodePort)
    if spec.healthCheckNodePort:
        yield spec.healthCheckNodePort
