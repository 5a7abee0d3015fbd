"""Tells people what happened to a pod: events, and the condition ``PodScheduled``.

The words are kube-scheduler's, because people and tools look for them.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from kubernel.client import Client, EventRecorder, PatchType
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.scheduler import PodInfo

__all__ = ["Reports", "unschedulable_message"]


def unschedulable_message(reasons: Mapping[str, int], nodes: int) -> str:
    """Return the sentence: ``0/3 nodes are available: 1 Too many pods, 2 Insufficient cpu.``."""
    if not nodes:
        return "no nodes available to schedule pods"
    counted = ", ".join(sorted(f"{count} {reason}" for reason, count in reasons.items()))
    return f"0/{nodes} nodes are available: {counted}." if counted else f"0/{nodes} nodes are available."


class Reports:
    """Files what the loop tells it."""

    def __init__(self, client: Client, recorder: EventRecorder, log: logging.Logger) -> None:
        self._client = client
        self._recorder = recorder
        self._log = log

    def scheduled(self, pod: PodInfo, node: str) -> None:
        """A binding was written."""
        self._recorder.event(pod.pod, "Normal", "Scheduled", f"Successfully assigned {pod.key} to {node}")

    def unschedulable(self, pod: PodInfo, message: str) -> None:
        """No node takes the pod now."""
        self._recorder.event(pod.pod, "Warning", "FailedScheduling", message)

    def failed(self, pod: PodInfo, message: str) -> None:
        """The scheduler itself failed on the pod."""
        self._log.error("%s: %s", pod.key, message)
        self._recorder.event(pod.pod, "Warning", "FailedScheduling", message)

    async def set_condition(self, pod: PodInfo, reason: str, message: str) -> None:
        """Write ``PodScheduled=False`` into the pod's status unless it says so already.

        Raises:
            StatusError: The pod cannot be written, usually because it is gone.
            Unreachable: No answer came.
        """
        if _says(pod.pod, reason, message):
            return
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "reason": reason,
            "message": message,
            "lastProbeTime": None,
            "lastTransitionTime": _since(pod.pod).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        metadata = meta_of(pod.pod)
        await self._client.patch(
            core.Pod,
            metadata.name or "",
            {"metadata": {"uid": metadata.uid}, "status": {"conditions": [condition]}},
            metadata.namespace,
            patch_type=PatchType.STRATEGIC,
            subresource="status",
        )


def _condition(pod: core.Pod) -> core.PodCondition | None:
    conditions = (pod.status and pod.status.conditions) or ()
    return next((condition for condition in conditions if condition.type == "PodScheduled"), None)


def _says(pod: core.Pod, reason: str, message: str) -> bool:
    now = _condition(pod)
    return now is not None and (now.status, now.reason, now.message) == ("False", reason, message)


def _since(pod: core.Pod) -> datetime:
    """Return when the condition became false: now, unless it was false already."""
    now = _condition(pod)
    if now is not None and now.status == "False" and now.lastTransitionTime is not None:
        return now.lastTransitionTime
    return datetime.now(UTC)
