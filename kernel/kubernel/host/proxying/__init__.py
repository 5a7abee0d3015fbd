"""Everything around a proxy's work: watching Services and Endpoints, the wanted table, events and retries.

A `Proxy` makes one table true; `ProxyLoop` hands it the table whenever that changed (`table` builds it, `notices` tells
people what could not be served or is served elsewhere).
"""

from kubernel.host.proxying.loop import ProxyLoop

__all__ = ["ProxyLoop"]
