"""The settings of the node agent."""

import msgspec

__all__ = ["NodeSettings"]


class NodeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of the node agent; the defaults are the kubelet's where it has one.

    Attributes:
        cpu, memory: What each node offers, as quantities. Empty is the machine's, divided among its nodes; with a
            runtime without containers it is 8 cores and 32Gi.
        pods: How many pods a node takes.
        back_off_first_s, back_off_limit_s: The wait before the second restart of a container that keeps ending
            (the first is free) and before the second pull of a missing image; it doubles up to the limit.
        back_off_reset_s: A container that ran so long has recovered: its next end counts as the first.
        lease_period_s: How often each node's Lease is renewed.
        lease_duration_s: After how much silence others may take the node for dead.
        status_period_s: How often a node's status is written although nothing changed.
        resync_s: How often every pod is looked at although nothing happened.
        workers: How many pods are worked on at a time. More than this and the API server only queues.
        orphan_grace_s: How long the containers of a pod that nobody knows any more get to end.
        shutdown_grace_s: How long containers get to end when the whole cluster is shut down.
    """

    cpu: str = ""
    memory: str = ""
    pods: int = 110
    back_off_first_s: float = 10.0
    back_off_limit_s: float = 300.0
    back_off_reset_s: float = 600.0
    lease_period_s: float = 10.0
    lease_duration_s: int = 40
    status_period_s: float = 300.0
    resync_s: float = 60.0
    workers: int = 48
    orphan_grace_s: float = 2.0
    shutdown_grace_s: float = 3.0
