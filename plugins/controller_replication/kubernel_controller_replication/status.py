"""The status of a replication controller: what it sees, counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kubernel.client import metadata_of
from kubernel.objects.models import core
from kubernel.objects.pods.state import is_ready, ready_since

from kubernel_controller_replication.replicas import Failure

__all__ = ["next_available_s", "status_of"]


def status_of(
    controller: core.ReplicationController, pods: Sequence[core.Pod], failure: Failure | None, now: datetime
) -> core.ReplicationControllerStatus:
    """Count the pods.

    Args:
        controller: Whose status; its present conditions are kept when they still hold.
        pods: Its active pods.
        failure: Why the number could not be reached, if so.
        now: Timezone-aware, UTC, whole seconds.
    """
    assert controller.spec is not None
    template = controller.spec.template.metadata if controller.spec.template is not None else None
    labels = ((template.labels if template is not None else None) or {}).items()
    patience = timedelta(seconds=controller.spec.minReadySeconds or 0)
    ready = [since for since in map(_ready_since, pods) if since is not None]
    status = core.ReplicationControllerStatus(
        replicas=len(pods),
        fullyLabeledReplicas=sum(labels <= (metadata_of(pod).labels or {}).items() for pod in pods),
        readyReplicas=len(ready),
        availableReplicas=sum(since + patience <= now for since in ready) if patience else len(ready),
        observedGeneration=metadata_of(controller).generation,
    )
    if failure is not None:
        reason = "FailedCreate" if len(pods) < (controller.spec.replicas or 0) else "FailedDelete"
        status.conditions = [_failure_condition(controller, reason, str(failure), now)]
    return status


def next_available_s(controller: core.ReplicationController, pods: Sequence[core.Pod], now: datetime) -> float | None:
    """Return in how many seconds the next ready pod becomes available, or ``None`` when none is waiting."""
    patience = timedelta(seconds=(controller.spec.minReadySeconds if controller.spec is not None else None) or 0)
    waits = [(since + patience - now).total_seconds() for since in map(_ready_since, pods) if since is not None]
    return min((wait for wait in waits if wait > 0), default=None)


def _ready_since(pod: core.Pod) -> datetime | None:
    """Return since when it is ready; a condition without a time counts from the pod's creation."""
    if not is_ready(pod):
        return None
    return ready_since(pod) or metadata_of(pod).creationTimestamp


def _failure_condition(
    controller: core.ReplicationController, reason: str, message: str, now: datetime
) -> core.ReplicationControllerCondition:
    conditions = (controller.status.conditions if controller.status is not None else None) or []
    before = next((condition for condition in conditions if condition.type == "ReplicaFailure"), None)
    since = before.lastTransitionTime if before is not None else None
    return core.ReplicationControllerCondition(
        type="ReplicaFailure", status="True", reason=reason, message=message, lastTransitionTime=since or now
    )
