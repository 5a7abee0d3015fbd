"""What the status counts."""

from datetime import UTC, datetime, timedelta

from kubernel.objects.errors import forbidden
from kubernel.objects.models import core, meta
from kubernel_controller_replication.status import next_available_s, status_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _controller(min_ready_s: int = 0) -> core.ReplicationController:
    template = core.PodTemplateSpec(metadata=meta.ObjectMeta(labels={"App": "Nifty", "tier": "web"}))
    spec = core.ReplicationControllerSpec(replicas=3, minReadySeconds=min_ready_s, template=template)
    return core.ReplicationController(metadata=meta.ObjectMeta(name="rc", uid="u", generation=4), spec=spec)


def _pod(labels: dict[str, str], ready_for_s: int | None) -> core.Pod:
    conditions = []
    if ready_for_s is not None:
        since = NOON - timedelta(seconds=ready_for_s)
        conditions.append(core.PodCondition(type="Ready", status="True", lastTransitionTime=since))
    return core.Pod(metadata=meta.ObjectMeta(labels=labels), status=core.PodStatus(conditions=conditions))


FULL = {"App": "Nifty", "tier": "web"}


def test_status_counts_all_fully_labelled_and_ready_pods() -> None:
    pods = [_pod(FULL, 5), _pod({"App": "Nifty"}, 5), _pod(FULL, None)]

    status = status_of(_controller(), pods, None, NOON)

    assert (status.replicas, status.fullyLabeledReplicas, status.readyReplicas) == (3, 2, 2)
    assert (status.availableReplicas, status.observedGeneration, status.conditions) == (2, 4, None)


def test_status_counts_as_available_only_after_min_ready_seconds() -> None:
    pods = [_pod(FULL, 5), _pod(FULL, 30)]

    status = status_of(_controller(min_ready_s=30), pods, None, NOON)

    assert (status.readyReplicas, status.availableReplicas) == (2, 1)
    assert next_available_s(_controller(min_ready_s=30), pods, NOON) == 25


def test_status_says_why_pods_are_missing_and_since_when() -> None:
    failure = forbidden("pods", "", "quota exceeded")
    controller = _controller()
    controller.status = status_of(controller, [], failure, NOON)

    later = status_of(controller, [], failure, NOON + timedelta(hours=1))

    assert later.conditions is not None
    condition = later.conditions[0]
    assert (condition.type, condition.reason, condition.status) == ("ReplicaFailure", "FailedCreate", "True")
    assert "quota exceeded" in (condition.message or "")
    assert condition.lastTransitionTime == NOON
