"""How a pod is doing, read from its status: what controllers count and rank by."""

from datetime import datetime

from kubernel.objects.models import core

__all__ = ["condition_of", "is_active", "is_finished", "is_ready", "ready_since"]


def condition_of(pod: core.Pod, type: str) -> core.PodCondition | None:  # noqa: A002 - the field's name
    """Return the pod's condition of this type, such as ``Ready``."""
    conditions = pod.status.conditions if pod.status is not None else None
    return next((c for c in conditions or () if c.type == type), None)


def is_finished(pod: core.Pod) -> bool:
    """Whether all its containers ended for good."""
    return pod.status is not None and pod.status.phase in ("Succeeded", "Failed")


def is_active(pod: core.Pod) -> bool:
    """Whether it runs or will: neither finished nor being deleted."""
    return not is_finished(pod) and (pod.metadata is None or pod.metadata.deletionTimestamp is None)


def is_ready(pod: core.Pod) -> bool:
    """Whether it says that it can serve."""
    ready = condition_of(pod, "Ready")
    return ready is not None and ready.status == "True"


def ready_since(pod: core.Pod) -> datetime | None:
    """Return since when it is ready, or ``None`` when it is not."""
    ready = condition_of(pod, "Ready")
    return ready.lastTransitionTime if ready is not None and ready.status == "True" else None
