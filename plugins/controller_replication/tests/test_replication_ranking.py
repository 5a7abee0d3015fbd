"""Which pods go first when there are too many."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import core, meta
from kubernel_controller_replication.ranking import DELETION_COST, least_missed_first

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _pod(
    name: str,
    *,
    node: str | None = "n1",
    phase: str = "Running",
    ready_for_s: int | None = 60,
    restarts: int = 0,
    age_s: int = 100,
    cost: str | None = None,
) -> core.Pod:
    conditions = []
    if ready_for_s is not None:
        since = NOON - timedelta(seconds=ready_for_s)
        conditions.append(core.PodCondition(type="Ready", status="True", lastTransitionTime=since))
    container = core.ContainerStatus(name="c", image="host", imageID="", ready=True, restartCount=restarts)
    return core.Pod(
        metadata=meta.ObjectMeta(
            name=name,
            creationTimestamp=NOON - timedelta(seconds=age_s),
            annotations={DELETION_COST: cost} if cost is not None else None,
        ),
        spec=core.PodSpec(containers=[], nodeName=node),
        status=core.PodStatus(phase=phase, conditions=conditions, containerStatuses=[container]),
    )


def _order(*pods: core.Pod) -> list[str]:
    return [(pod.metadata and pod.metadata.name) or "" for pod in least_missed_first(pods)]


def test_unassigned_goes_before_assigned() -> None:
    assert _order(_pod("placed"), _pod("free", node=None)) == ["free", "placed"]


def test_pending_goes_before_unknown_before_running() -> None:
    pods = [_pod(phase.lower(), phase=phase) for phase in ("Running", "Unknown", "Pending")]

    assert _order(*pods) == ["pending", "unknown", "running"]


def test_unready_goes_before_ready() -> None:
    assert _order(_pod("ready"), _pod("unready", ready_for_s=None)) == ["unready", "ready"]


def test_cheap_goes_before_dear_and_nonsense_costs_nothing() -> None:
    pods = [_pod("dear", cost="10"), _pod("nonsense", cost="ten"), _pod("cheap", cost="-5")]

    assert _order(*pods) == ["cheap", "nonsense", "dear"]


def test_pod_with_siblings_on_its_node_goes_before_a_lonely_one() -> None:
    assert _order(_pod("lonely", node="n2"), _pod("twin-1"), _pod("twin-2"))[-1] == "lonely"


def test_shorter_ready_then_more_restarts_then_younger_goes_first() -> None:
    assert _order(_pod("long", ready_for_s=60), _pod("short", ready_for_s=5)) == ["short", "long"]
    assert _order(_pod("calm"), _pod("restless", restarts=3)) == ["restless", "calm"]
    assert _order(_pod("old", age_s=100), _pod("young", age_s=5)) == ["young", "old"]


@given(st.permutations(range(6)))
def test_order_does_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    pods = [_pod(str(i), restarts=i, node=None if i % 2 else "n1") for i in range(6)]

    assert _order(*(pods[i] for i in order)) == _order(*pods)
