"""Which pods go first when there are too many: the ones that will be missed least.

Source: Kubernetes' ``ActivePodsWithRanks``. In this order: not yet assigned to a node; pending, then unknown, then
running; not ready; the lower ``pod-deletion-cost``; more siblings on the same node; ready for a shorter time; more
restarts; younger.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from kubernel.client import metadata_of
from kubernel.objects.models import core
from kubernel.objects.pods.state import is_ready, ready_since

__all__ = ["least_missed_first"]

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}
_NEVER = datetime.max.replace(tzinfo=UTC)

_Rank = tuple[bool, int, bool, int, int, float, int, float]


def least_missed_first(pods: Sequence[core.Pod]) -> list[core.Pod]:
    """Return the pods in the order in which they should go; equal ones stay in their order."""
    siblings = Counter(_node_of(pod) for pod in pods)
    return sorted(pods, key=lambda pod: _rank(pod, siblings[_node_of(pod)]))


def _rank(pod: core.Pod, siblings: int) -> _Rank:
    return (
        bool(_node_of(pod)),
        _PHASES.get((pod.status.phase if pod.status is not None else None) or "Pending", 0),
        is_ready(pod),
        _deletion_cost(pod),
        -siblings,
        -(ready_since(pod) or _NEVER).timestamp(),
        -_restarts(pod),
        -(metadata_of(pod).creationTimestamp or _NEVER).timestamp(),
    )


def _node_of(pod: core.Pod) -> str:
    return (pod.spec.nodeName if pod.spec is not None else None) or ""


def _deletion_cost(pod: core.Pod) -> int:
    text = (metadata_of(pod).annotations or {}).get(DELETION_COST, "0")
    try:
        return int(text)
    except ValueError:
        return 0


def _restarts(pod: core.Pod) -> int:
    statuses = pod.status.containerStatuses if pod.status is not None else None
    return max((status.restartCount for status in statuses or ()), default=0)
