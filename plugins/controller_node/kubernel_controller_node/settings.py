"""How patient the node controller is."""

import msgspec

__all__ = ["NodeSettings"]


class NodeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings; the defaults are Kubernetes'.

    Attributes:
        grace_s: A node that sent no heartbeat for so long is silent. Agents renew their Lease every 10 s, so three
            may be lost. Also how long pods may name a node that does not exist before they are deleted.
        eviction_after_s: Pods leave a node that is silent or not ready after so long, unless their tolerations say
            otherwise. Long, because most silent nodes come back, and starting everything elsewhere is not free.
        workers: Nodes, and as many pods, looked at side by side.
    """

    grace_s: float = 40.0
    eviction_after_s: float = 300.0
    workers: int = 8
