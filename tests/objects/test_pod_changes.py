from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import POD
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain, core

Create = Callable[..., Any]

CHANGEABLE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


@pytest.fixture
def old(create: Create) -> core.Pod:
    spec: Plain = {
        "containers": [{"name": "c", "image": "i:1"}],
        "initContainers": [{"name": "init", "image": "i:1"}],
        "activeDeadlineSeconds": 60,
        "tolerations": [{"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}],
        "schedulingGates": [{"name": "example.com/a"}, {"name": "example.com/b"}],
    }
    pod: core.Pod = create(POD, {"spec": spec})
    return pod


def changed(old: core.Pod) -> tuple[core.Pod, core.PodSpec]:
    new = msgspec.json.decode(msgspec.json.encode(old), type=core.Pod)
    assert new.spec is not None
    return new, new.spec


def update(new: core.Pod, old: core.Pod, now: datetime) -> list[str]:
    refusal = None
    try:
        prepare_changed(POD, new, old, subresource=None, now=now)
    except StatusError as error:
        refusal = error
    return [] if refusal is None else [f"{cause.field}: {cause.message}" for cause in refusal.causes]


def test_allowed_changes_are_accepted_and_counted(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.containers[0].image = "i:2"
    assert spec.initContainers is not None
    spec.initContainers[0].image = "i:2"
    spec.activeDeadlineSeconds = 30
    assert spec.tolerations is not None
    spec.tolerations[0].tolerationSeconds = 9
    spec.tolerations.append(core.Toleration(operator="Exists"))
    spec.schedulingGates = [core.PodSchedulingGate("example.com/b")]

    assert update(new, old, now) == []
    assert new.metadata is not None
    assert new.metadata.generation == 2


def test_other_change_is_forbidden_and_shown(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.schedulingGates, spec.nodeName = None, "n1"
    spec.containers[0].args = ["x"]

    (complaint,) = update(new, old, now)

    assert complaint.startswith(f"spec: Forbidden: {CHANGEABLE}\n- containers: ")
    assert complaint.endswith('- nodeName: null\n+ nodeName: "n1"')


def test_containers_may_not_come_or_go(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.containers.append(core.Container(name="d", image="i"))

    assert update(new, old, now) == ["spec.containers: Forbidden: pod updates may not add or remove containers"]


@pytest.mark.parametrize(
    ("deadline", "why"),
    [
        (90, "Invalid value: 90: must be less than or equal to previous value"),
        (None, "Invalid value: null: must not update from a positive integer to nil value"),
    ],
)
def test_deadline_may_only_shrink(old: core.Pod, now: datetime, deadline: int | None, why: str) -> None:
    new, spec = changed(old)
    spec.activeDeadlineSeconds = deadline

    assert update(new, old, now) == [f"spec.activeDeadlineSeconds: {why}"]


def test_tolerations_may_not_go(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.tolerations = None

    why = "existing toleration can not be modified except its tolerationSeconds"
    assert update(new, old, now) == [f"spec.tolerations: Forbidden: {why}"]


def test_gates_may_not_come(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    assert spec.schedulingGates is not None
    spec.schedulingGates.append(core.PodSchedulingGate("example.com/c"))

    assert len(update(new, old, now)) == 1


def test_binding_may_name_the_node(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.schedulingGates, spec.nodeName = None, "n1"

    prepare_changed(POD, new, old, subresource="binding", now=now)

    assert new.spec is not None
    assert new.spec.nodeName == "n1"


def test_status_update_keeps_all_but_the_status(old: core.Pod, now: datetime) -> None:
    new, spec = changed(old)
    spec.nodeName = "ignored"
    new.status = core.PodStatus(phase="Running", podIP="127.64.0.1", hostIP="127.0.0.1")

    prepare_changed(POD, new, old, subresource="status", now=now)

    assert new.spec == old.spec
    assert new.metadata == old.metadata
    assert new.status.qosClass == "BestEffort"
    assert new.status.podIPs == [core.PodIP("127.64.0.1")]
    assert new.status.hostIPs == [core.HostIP("127.0.0.1")]


def test_ordinary_update_keeps_the_status(old: core.Pod, now: datetime) -> None:
    new, _ = changed(old)
    new.status = core.PodStatus(phase="Succeeded")

    assert update(new, old, now) == []
    assert new.status == old.status
