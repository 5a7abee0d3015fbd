"""From a node's conditions to its taints: how its trouble is told to schedulers and to `evictions`.

Every row of the table is a taint with the circumstance under which a node has it. These taints are ours alone; all
others on a node belong to somebody else and stay as they are.
"""

from collections.abc import Callable
from datetime import datetime

from kubernel.objects.models import core

from kubernel_controller_node.conditions import condition_status

__all__ = ["NOT_READY", "UNREACHABLE", "tainted"]

NO_SCHEDULE, NO_EXECUTE = "NoSchedule", "NoExecute"
UNREACHABLE = "node.kubernetes.io/unreachable"
NOT_READY = "node.kubernetes.io/not-ready"


def _has(condition: str, status: str) -> Callable[[core.Node], bool]:
    return lambda node: condition_status(node, condition) == status


def _is_cordoned(node: core.Node) -> bool:
    return node.spec is not None and bool(node.spec.unschedulable)


_OURS: dict[tuple[str, str], Callable[[core.Node], bool]] = {
    (UNREACHABLE, NO_SCHEDULE): _has("Ready", "Unknown"),
    (UNREACHABLE, NO_EXECUTE): _has("Ready", "Unknown"),
    (NOT_READY, NO_SCHEDULE): _has("Ready", "False"),
    (NOT_READY, NO_EXECUTE): _has("Ready", "False"),
    ("node.kubernetes.io/memory-pressure", NO_SCHEDULE): _has("MemoryPressure", "True"),
    ("node.kubernetes.io/disk-pressure", NO_SCHEDULE): _has("DiskPressure", "True"),
    ("node.kubernetes.io/pid-pressure", NO_SCHEDULE): _has("PIDPressure", "True"),
    ("node.kubernetes.io/network-unavailable", NO_SCHEDULE): _has("NetworkUnavailable", "True"),
    ("node.kubernetes.io/unschedulable", NO_SCHEDULE): _is_cordoned,
}


def tainted(node: core.Node, now: datetime) -> list[core.Taint]:
    """Return the taints that the node should have: others' as they are, ours as its conditions demand."""
    present = (node.spec.taints if node.spec is not None else None) or []
    kept = [taint for taint in present if _holds(taint, node)]
    had = {(taint.key, taint.effect) for taint in kept}
    new = [
        core.Taint(key=key, effect=effect, timeAdded=now)
        for (key, effect), applies in _OURS.items()
        if (key, effect) not in had and applies(node)
    ]
    return kept + new


def _holds(taint: core.Taint, node: core.Node) -> bool:
    applies = _OURS.get((taint.key, taint.effect))
    return applies is None or applies(node)
