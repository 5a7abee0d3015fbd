"""When must a pod leave its node? A pure reading of taints and tolerations.

A ``NoExecute`` taint drives out every pod that does not tolerate it, at once; a toleration with ``tolerationSeconds``
gives it so long. Only for the taints of trouble (unreachable, not ready) a pod without a toleration has patience too:
Kubernetes writes such tolerations into every pod at admission, we keep the number in one place, the settings.
"""

from datetime import UTC, datetime, timedelta

from kubernel.objects.models import core

from kubernel_controller_node.taints import NO_EXECUTE, NOT_READY, UNREACHABLE

__all__ = ["given_up_at", "leaves_at"]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def leaves_at(pod: core.Pod, node: core.Node, patience: timedelta) -> datetime | None:
    """Return when the pod must leave, maybe in the past; ``None`` when it may stay.

    Args:
        pod: Bound to the node.
        node: Its node.
        patience: For pods that say nothing about a node in trouble.
    """
    taints = (node.spec.taints if node.spec is not None else None) or []
    moments = [_leaves_for(pod, taint, patience) for taint in taints if taint.effect == NO_EXECUTE]
    return min((moment for moment in moments if moment is not None), default=None)


def given_up_at(node: core.Node, patience: timedelta) -> datetime | None:
    """Return when a silent node is given up, so that its pods need not be confirmed dead; ``None`` when it is not."""
    taints = (node.spec.taints if node.spec is not None else None) or []
    added = next((t.timeAdded for t in taints if t.key == UNREACHABLE and t.effect == NO_EXECUTE), None)
    return added + patience if added is not None else None


def _leaves_for(pod: core.Pod, taint: core.Taint, patience: timedelta) -> datetime | None:
    added = taint.timeAdded or _LONG_AGO
    matching = [t for t in (pod.spec.tolerations if pod.spec is not None else None) or [] if _tolerates(t, taint)]
    if not matching:
        return added + patience if taint.key in (UNREACHABLE, NOT_READY) else added
    limits = [t.tolerationSeconds for t in matching if t.tolerationSeconds is not None]
    return added + timedelta(seconds=max(0, min(limits))) if limits else None


def _tolerates(toleration: core.Toleration, taint: core.Taint) -> bool:
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.key and toleration.key != taint.key:
        return False
    if toleration.operator == "Exists":
        return True
    return bool(toleration.key) and (toleration.value or "") == (taint.value or "")
