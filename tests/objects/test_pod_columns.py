from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kinds import POD
from kubernel.objects.models import Plain, core
from kubernel.objects.tables import table

RUNNING: Plain = {"running": {}}
READY: Plain = {"name": "c", "image": "i", "imageID": "", "ready": True, "restartCount": 0, "state": RUNNING}


def status(**more: Any) -> Plain:
    return {**READY, "ready": False, **more}


def waiting(reason: str, **more: Any) -> Plain:
    return status(state={"waiting": {"reason": reason}}, **more)


def ended(code: int, **more: Any) -> Plain:
    return {"terminated": {"exitCode": code, **more}}


def row(now: datetime, plain_status: Plain, *, spec: Plain | None = None, metadata: Plain | None = None) -> list[Any]:
    plain = {
        "metadata": {"name": "p", "creationTimestamp": (now - timedelta(seconds=90)).isoformat(), **(metadata or {})},
        "spec": {"containers": [{"name": "c"}], **(spec or {})},
        "status": plain_status,
    }
    cells: list[Any] = table(POD, [msgspec.convert(plain, core.Pod)], now=now, include="None")["rows"][0]["cells"]
    return cells


@pytest.mark.parametrize(
    ("plain_status", "ready", "word"),
    [
        ({"phase": "Pending"}, "0/1", "Pending"),
        ({"phase": "Pending", "containerStatuses": [waiting("ContainerCreating")]}, "0/1", "ContainerCreating"),
        ({"phase": "Running", "containerStatuses": [READY]}, "1/1", "Running"),
        ({"phase": "Running", "containerStatuses": [status()]}, "0/1", "Running"),
        ({"phase": "Running", "containerStatuses": [waiting("CrashLoopBackOff")]}, "0/1", "CrashLoopBackOff"),
        ({"phase": "Pending", "containerStatuses": [waiting("ErrImagePull")]}, "0/1", "ErrImagePull"),
        (
            {"phase": "Succeeded", "containerStatuses": [status(state=ended(0, reason="Completed"))]},
            "0/1",
            "Completed",
        ),
        ({"phase": "Failed", "containerStatuses": [status(state=ended(3))]}, "0/1", "ExitCode:3"),
        ({"phase": "Failed", "containerStatuses": [status(state=ended(137, signal=9))]}, "0/1", "Signal:9"),
        ({"phase": "Failed", "reason": "Evicted"}, "0/1", "Evicted"),
        (
            {
                "phase": "Pending",
                "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}],
            },
            "0/1",
            "SchedulingGated",
        ),
    ],
)
def test_ready_and_status_follow_the_containers(now: datetime, plain_status: Plain, ready: str, word: str) -> None:
    assert row(now, plain_status)[:5] == ["p", ready, word, "0", "90s"]


@pytest.mark.parametrize(
    ("init", "word"),
    [
        ([], "Pending"),
        ([status(state=ended(0))], "Init:1/2"),
        ([status(state=ended(0)), waiting("PodInitializing")], "Init:1/2"),
        ([waiting("ImagePullBackOff")], "Init:ImagePullBackOff"),
        ([status(state=ended(2))], "Init:ExitCode:2"),
        ([status(state=ended(2, reason="Error"))], "Init:Error"),
        ([status(state=ended(137, signal=9))], "Init:Signal:9"),
    ],
)
def test_status_counts_init_containers(now: datetime, init: list[Plain], word: str) -> None:
    spec = {"initContainers": [{"name": "a"}, {"name": "b"}]}
    statuses = [*init, status()][:2] if init else []

    cells = row(now, {"phase": "Pending", "initContainerStatuses": statuses}, spec=spec)

    assert cells[2] == word


def test_sidecars_count_as_containers(now: datetime) -> None:
    spec = {"initContainers": [{"name": "side", "restartPolicy": "Always"}]}
    side = {**READY, "name": "side", "started": True, "restartCount": 1}

    cells = row(now, {"phase": "Running", "initContainerStatuses": [side], "containerStatuses": [READY]}, spec=spec)

    assert cells[1:4] == ["2/2", "Running", "1"]


def test_completed_container_beside_a_running_one(now: datetime) -> None:
    statuses = [status(state=ended(0, reason="Completed")), {**READY, "name": "d"}]
    conditions = [{"type": "Ready", "status": "True"}]

    with_ready = row(now, {"phase": "Running", "containerStatuses": statuses, "conditions": conditions})
    without = row(now, {"phase": "Running", "containerStatuses": statuses})

    assert (with_ready[2], without[2]) == ("Running", "NotReady")


def test_restarts_say_when_the_last_one_was(now: datetime) -> None:
    last = ended(1, finishedAt=(now - timedelta(seconds=5)).isoformat())
    earlier = ended(1, finishedAt=(now - timedelta(hours=1)).isoformat())
    statuses = [{**READY, "restartCount": 2, "lastState": last}, {**READY, "restartCount": 1, "lastState": earlier}]

    assert row(now, {"phase": "Running", "containerStatuses": statuses})[3] == "3 (5s ago)"


@pytest.mark.parametrize(
    ("plain_status", "word"),
    [
        ({"phase": "Running", "containerStatuses": [READY]}, "Terminating"),
        ({"phase": "Running", "reason": "NodeLost"}, "Unknown"),
        ({"phase": "Succeeded"}, "Succeeded"),
    ],
)
def test_deleted_pod_is_terminating(now: datetime, plain_status: Plain, word: str) -> None:
    assert row(now, plain_status, metadata={"deletionTimestamp": now.isoformat()})[2] == word


def test_wide_columns(now: datetime) -> None:
    plain_status = {
        "phase": "Running",
        "podIP": "127.64.0.1",
        "podIPs": [{"ip": "127.64.0.1"}],
        "nominatedNodeName": "n2",
        "conditions": [{"type": "example.com/a", "status": "True"}],
    }
    spec = {"nodeName": "n1", "readinessGates": [{"conditionType": "example.com/a"}, {"conditionType": "b"}]}

    assert row(now, plain_status, spec=spec)[5:] == ["127.64.0.1", "n1", "n2", "1/2"]
    assert row(now, {})[5:] == ["<none>", "<none>", "<none>", "<none>"]
