"""Which backend gets the next client: round robin, or the one that the client had before."""

import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence

from kubernel.plugin.contracts.proxy import Backend, ServicePort

__all__ = ["Balancer"]

REMEMBERED_MAX = 10_000
"""Clients whose backend is remembered for session affinity; the longest silent one is forgotten first."""


class Balancer:
    """The backends of one port. A changed list goes on where the old one was, so that nobody is served twice."""

    def __init__(self, port: ServicePort, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: Backend | None = None
        self._sticky: OrderedDict[str, tuple[Backend, float]] = OrderedDict()
        self.update(port)

    def update(self, port: ServicePort) -> None:
        """Take over a changed list; clients of removed backends will get another one."""
        self._backends = port.backends
        self._affinity_s = port.session_affinity_s
        if self._affinity_s is None:
            self._sticky.clear()

    def candidates(self, client: str) -> Sequence[Backend]:
        """Return every backend once, in the order in which this client should try them."""
        if not self._backends:
            return ()
        preferred = self._remembered(client)
        if preferred is None:
            preferred = self._last = self._next()
        start = self._backends.index(preferred)
        return self._backends[start:] + self._backends[:start]

    def settled(self, client: str, backend: Backend) -> None:
        """Remember that the client got through to this backend."""
        if self._affinity_s is None:
            return
        self._sticky[client] = (backend, self._clock())
        self._sticky.move_to_end(client)
        if len(self._sticky) > REMEMBERED_MAX:
            self._sticky.popitem(last=False)

    def _next(self) -> Backend:
        """Return the backend behind the last one in sorted order, whether that still exists or not."""
        behind = bisect_right(self._backends, self._last) if self._last is not None else 0
        return self._backends[behind % len(self._backends)]

    def _remembered(self, client: str) -> Backend | None:
        backend, used_s = self._sticky.get(client, (None, 0.0))
        if backend not in self._backends or self._clock() - used_s > (self._affinity_s or 0):
            return None
        return backend
