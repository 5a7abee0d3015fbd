"""What a node's conditions say, and what they must say when it is silent."""

from datetime import datetime

from kubernel.objects.models import core

__all__ = ["condition_status", "is_unknown", "newest_heartbeat", "silenced"]

SILENT_CONDITIONS = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
"""The conditions that only the node itself can know."""


def condition_status(node: core.Node, type: str) -> str:  # noqa: A002 - the field's name
    """Return ``True``, ``False`` or ``Unknown``; the empty string when the node never reported it."""
    conditions = node.status.conditions if node.status is not None else None
    return next((condition.status for condition in conditions or () if condition.type == type), "")


def is_unknown(node: core.Node) -> bool:
    """Whether the node is marked as silent."""
    return condition_status(node, "Ready") == "Unknown"


def newest_heartbeat(node: core.Node) -> datetime | None:
    """Return the newest heartbeat time in the status."""
    conditions = (node.status.conditions if node.status is not None else None) or []
    return max((c.lastHeartbeatTime for c in conditions if c.lastHeartbeatTime is not None), default=None)


def silenced(node: core.Node, now: datetime) -> list[core.NodeCondition]:
    """Return the node's conditions as they must be while it is silent; its own are not changed.

    Source: Kubernetes' node lifecycle controller, also for the words.
    """
    present = {c.type: c for c in (node.status.conditions if node.status is not None else None) or []}
    unknown = {type_: _unknown(type_, present.get(type_), node, now) for type_ in SILENT_CONDITIONS}
    return list({**present, **unknown}.values())


def _unknown(type_: str, before: core.NodeCondition | None, node: core.Node, now: datetime) -> core.NodeCondition:
    if before is None:
        created = node.metadata.creationTimestamp if node.metadata is not None else None
        return core.NodeCondition(
            type=type_,
            status="Unknown",
            reason="NodeStatusNeverUpdated",
            message="Kubelet never posted node status.",
            lastHeartbeatTime=created,
            lastTransitionTime=now,
        )
    if before.status == "Unknown":
        return before
    return core.NodeCondition(
        type=type_,
        status="Unknown",
        reason="NodeStatusUnknown",
        message="Kubelet stopped posting node status.",
        lastHeartbeatTime=before.lastHeartbeatTime,
        lastTransitionTime=now,
    )
