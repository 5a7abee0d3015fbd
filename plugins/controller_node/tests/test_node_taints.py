"""From conditions to taints, and back to none."""

from datetime import UTC, datetime, timedelta

import pytest
from kubernel.objects.models import core, meta
from kubernel_controller_node.conditions import is_unknown, silenced
from kubernel_controller_node.taints import tainted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _node(*, taints: list[core.Taint] | None = None, cordoned: bool = False, **conditions: str) -> core.Node:
    return core.Node(
        metadata=meta.ObjectMeta(name="n1", creationTimestamp=NOON),
        spec=core.NodeSpec(taints=taints, unschedulable=cordoned or None),
        status=core.NodeStatus(
            conditions=[
                core.NodeCondition(type=type_, status=status, lastHeartbeatTime=NOON)
                for type_, status in conditions.items()
            ]
        ),
    )


def _shown(taints: list[core.Taint]) -> set[str]:
    return {f"{taint.key}:{taint.effect}" for taint in taints}


def test_sound_node_has_no_taints() -> None:
    assert tainted(_node(Ready="True"), NOON) == []


@pytest.mark.parametrize(("status", "name"), [("Unknown", "unreachable"), ("False", "not-ready")])
def test_node_in_trouble_takes_no_pods_and_drives_them_out(status: str, name: str) -> None:
    key = f"node.kubernetes.io/{name}"

    assert _shown(tainted(_node(Ready=status), NOON)) == {f"{key}:NoSchedule", f"{key}:NoExecute"}


def test_pressure_and_cordon_only_keep_new_pods_away() -> None:
    node = _node(Ready="True", MemoryPressure="True", cordoned=True)

    assert _shown(tainted(node, NOON)) == {
        "node.kubernetes.io/memory-pressure:NoSchedule",
        "node.kubernetes.io/unschedulable:NoSchedule",
    }


def test_taint_keeps_the_time_at_which_it_was_added() -> None:
    node = _node(Ready="Unknown")
    assert node.spec is not None
    node.spec.taints = tainted(node, NOON)

    assert {t.timeAdded for t in tainted(node, NOON + timedelta(hours=1))} == {NOON}


def test_node_that_is_back_keeps_only_the_taints_of_others() -> None:
    theirs = core.Taint(key="gpu", effect="NoSchedule")
    node = _node(Ready="Unknown", taints=[theirs])
    assert node.spec is not None
    node.spec.taints = tainted(node, NOON)
    back = _node(Ready="True", taints=node.spec.taints)

    assert tainted(back, NOON) == [theirs]


def test_silent_node_gets_unknown_conditions_with_kubernetes_words() -> None:
    conditions = {c.type: c for c in silenced(_node(Ready="True"), NOON + timedelta(minutes=1))}

    ready, memory = conditions["Ready"], conditions["MemoryPressure"]
    assert (ready.status, ready.reason) == ("Unknown", "NodeStatusUnknown")
    assert ready.message == "Kubelet stopped posting node status."
    assert (ready.lastHeartbeatTime, ready.lastTransitionTime) == (NOON, NOON + timedelta(minutes=1))
    assert (memory.reason, memory.message) == ("NodeStatusNeverUpdated", "Kubelet never posted node status.")


def test_silent_node_keeps_conditions_that_others_report() -> None:
    conditions = silenced(_node(Ready="True", NetworkUnavailable="False"), NOON)

    assert [c.status for c in conditions if c.type == "NetworkUnavailable"] == ["False"]


def test_silencing_twice_changes_nothing() -> None:
    node = _node(Ready="True")
    assert node.status is not None
    node.status.conditions = silenced(node, NOON)

    assert is_unknown(node)
    assert silenced(node, NOON + timedelta(hours=1)) == node.status.conditions
