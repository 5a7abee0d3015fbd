"""Containers that end are restarted in place, as the policy says and with a back-off."""

import os
import signal

import pytest
from kubernel.objects.models import core
from tests.agent_machine import Machine, make_pod, with_spec


async def test_container_that_is_killed_starts_again_in_place(machine: Machine) -> None:
    before = await machine.run(make_pod("web"))

    os.kill(machine.process_of("web", before), signal.SIGKILL)
    status = await machine.state("web", lambda container: container.restartCount == 1 and container.ready)

    assert status.lastState is not None
    assert status.lastState.terminated is not None
    assert (status.lastState.terminated.exitCode, status.lastState.terminated.reason) == (137, "Error")
    after = await machine.pod("web")
    assert before.status is not None
    assert after.status is not None
    assert after.status.podIP == before.status.podIP


async def test_container_that_keeps_crashing_backs_off(machine: Machine) -> None:
    await machine.create(make_pod("crash", "exit 3"))

    status = await machine.state("crash", lambda container: _waits_for(container) == "CrashLoopBackOff")
    again = await machine.state("crash", lambda container: container.restartCount > status.restartCount)

    assert status.restartCount >= 1, "the first restart is free"
    assert again.lastState is not None
    assert again.lastState.terminated is not None
    assert again.lastState.terminated.exitCode == 3
    await machine.settle_events()
    assert any(reason == "BackOff" for reason, _ in await machine.events("crash"))


@pytest.mark.usefixtures("volumes")
async def test_on_failure_restarts_until_it_succeeds(machine: Machine) -> None:
    volume = core.Volume(name="v", emptyDir=core.EmptyDirVolumeSource())
    pod = with_spec(make_pod("flaky", "test -e /mnt/x || { touch /mnt/x; exit 1; }"), restartPolicy="OnFailure")
    assert pod.spec is not None
    pod.spec.volumes = [volume]
    pod.spec.containers[0].volumeMounts = [core.VolumeMount(name="v", mountPath="/mnt")]

    done = await machine.run(pod, "Succeeded")

    assert done.status is not None
    assert (done.status.containerStatuses or [])[0].restartCount == 1


async def test_pod_whose_sandbox_is_killed_runs_again(machine: Machine) -> None:
    pod = await machine.run(make_pod("web"))
    shim = int((machine.sandbox_of(pod) / "shim.pid").read_text())

    os.kill(shim, signal.SIGKILL)

    await machine.state("web", lambda container: container.restartCount == 1 and container.ready)


async def test_program_that_is_not_there_is_a_start_error(machine: Machine) -> None:
    pod = with_spec(make_pod("wrong"), restartPolicy="Never")
    assert pod.spec is not None
    pod.spec.containers[0].command = ["/no/such/program"]

    failed = await machine.run(pod, "Failed")

    assert failed.status is not None
    state = (failed.status.containerStatuses or [])[0].state
    assert state is not None
    assert state.terminated is not None
    assert state.terminated.reason == "StartError"
    assert "no such file or directory" in (state.terminated.message or "")


async def test_missing_image_backs_off_from_pulling(machine: Machine) -> None:
    pod = make_pod("noimage")
    assert pod.spec is not None
    pod.spec.containers[0].image = "nosuch:1"

    await machine.create(pod)
    await machine.state("noimage", lambda container: _waits_for(container) == "ErrImagePull")
    await machine.state("noimage", lambda container: _waits_for(container) == "ImagePullBackOff")

    await machine.settle_events()
    events = await machine.events("noimage")
    assert ("Failed", "Error: ErrImagePull") in events
    assert ("BackOff", 'Back-off pulling image "nosuch:1"') in events
    assert any(reason == "Failed" and message.startswith("Failed to pull image") for reason, message in events)


@pytest.mark.usefixtures("volumes")
async def test_image_that_appears_is_found(machine: Machine) -> None:
    pod = make_pod("late")
    assert pod.spec is not None
    pod.spec.containers[0].image = "late"
    pod.spec.restartPolicy = "Never"
    await machine.create(pod)
    await machine.state("late", lambda container: _waits_for(container) == "ImagePullBackOff")

    (machine.directory / "images" / "late" / "rootfs").mkdir(parents=True)

    await machine.phase("late", "Failed")  # its root is empty, so there is no program in it


def _waits_for(container: core.ContainerStatus) -> str | None:
    return container.state.waiting.reason if container.state and container.state.waiting else None
