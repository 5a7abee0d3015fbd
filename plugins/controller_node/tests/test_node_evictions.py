"""When a pod must leave its node."""

from datetime import UTC, datetime, timedelta

import pytest
from kubernel.objects.models import core, meta
from kubernel_controller_node.evictions import given_up_at, leaves_at
from kubernel_controller_node.taints import UNREACHABLE

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PATIENCE = timedelta(seconds=300)
Toleration = core.Toleration


def _node(*taints: core.Taint) -> core.Node:
    return core.Node(metadata=meta.ObjectMeta(name="n1"), spec=core.NodeSpec(taints=list(taints)))


def _pod(*tolerations: core.Toleration) -> core.Pod:
    return core.Pod(spec=core.PodSpec(containers=[], nodeName="n1", tolerations=list(tolerations)))


UNREACHABLE_NOW = core.Taint(key=UNREACHABLE, effect="NoExecute", timeAdded=NOON)
MAINTENANCE = core.Taint(key="maintenance", value="today", effect="NoExecute", timeAdded=NOON)


def test_pod_stays_on_a_sound_node() -> None:
    assert leaves_at(_pod(), _node(), PATIENCE) is None


def test_taint_without_no_execute_drives_nobody_out() -> None:
    assert leaves_at(_pod(), _node(core.Taint(key="x", effect="NoSchedule")), PATIENCE) is None


def test_pod_leaves_a_silent_node_after_the_patience() -> None:
    assert leaves_at(_pod(), _node(UNREACHABLE_NOW), PATIENCE) == NOON + PATIENCE


def test_pod_leaves_at_once_for_a_taint_that_a_person_set() -> None:
    assert leaves_at(_pod(), _node(MAINTENANCE), PATIENCE) == NOON


@pytest.mark.parametrize(
    ("toleration", "leaves"),
    [
        (Toleration(key=UNREACHABLE, operator="Exists"), None),
        (Toleration(operator="Exists"), None),
        (Toleration(key=UNREACHABLE, operator="Exists", effect="NoExecute", tolerationSeconds=60), 60),
        (Toleration(key=UNREACHABLE, operator="Exists", tolerationSeconds=-5), 0),
        (Toleration(key=UNREACHABLE, operator="Exists", effect="NoSchedule"), 300),
        (Toleration(key="other", operator="Exists"), 300),
    ],
)
def test_pod_with_a_toleration_leaves_when_that_says(toleration: core.Toleration, leaves: int | None) -> None:
    wanted = None if leaves is None else NOON + timedelta(seconds=leaves)

    assert leaves_at(_pod(toleration), _node(UNREACHABLE_NOW), PATIENCE) == wanted


@pytest.mark.parametrize(("value", "stays"), [("today", True), ("tomorrow", False)])
def test_toleration_by_value_must_name_the_value(value: str, stays: bool) -> None:
    pod = _pod(Toleration(key="maintenance", operator="Equal", value=value))

    assert (leaves_at(pod, _node(MAINTENANCE), PATIENCE) is None) is stays


def test_pod_leaves_for_the_most_urgent_of_several_taints() -> None:
    assert leaves_at(_pod(), _node(UNREACHABLE_NOW, MAINTENANCE), PATIENCE) == NOON


def test_only_a_silent_node_is_given_up() -> None:
    assert given_up_at(_node(UNREACHABLE_NOW), PATIENCE) == NOON + PATIENCE
    assert given_up_at(_node(MAINTENANCE), PATIENCE) is None
