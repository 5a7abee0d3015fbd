"""A pod's way from created to gone, as the API shows it."""

import time

import psutil
from kubernel.objects.models import core
from kubernel.testing import eventually
from tests.agent_machine import Machine, make_pod, with_spec


def _condition(pod: core.Pod, name: str) -> str:
    conditions = (pod.status.conditions if pod.status else None) or []
    return next(condition.status for condition in conditions if condition.type == name)


async def test_pod_runs_with_an_address_and_all_conditions(machine: Machine) -> None:
    pod = await machine.run(make_pod("web"))

    assert pod.status is not None
    assert pod.status.podIP is not None
    assert pod.status.podIP.startswith("127.")
    assert pod.status.hostIP == "127.0.0.1"
    assert pod.status.qosClass == "BestEffort"
    for condition in ("PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"):
        assert _condition(pod, condition) == "True"
    (container,) = pod.status.containerStatuses or []
    assert container.ready
    assert container.containerID is not None
    assert container.containerID.startswith("process://")


async def test_pod_that_ends_well_has_succeeded(machine: Machine) -> None:
    pod = await machine.run(with_spec(make_pod("job", "exit 0"), restartPolicy="Never"), "Succeeded")

    assert pod.status is not None
    assert _condition(pod, "Ready") == "False"
    (container,) = pod.status.containerStatuses or []
    assert container.state is not None
    assert container.state.terminated is not None
    assert (container.state.terminated.exitCode, container.state.terminated.reason) == (0, "Completed")


async def test_finished_pod_costs_no_process_and_no_address(machine: Machine) -> None:
    pod = await machine.run(with_spec(make_pod("job", "echo over"), restartPolicy="Never"), "Succeeded")
    shim = int((machine.sandbox_of(pod) / "shim.pid").read_text())

    await eventually(lambda: not psutil.pid_exists(shim), "the shim is gone")
    journal = machine.data / "network" / "addresses"
    await eventually(lambda: journal.read_text().splitlines()[-1].startswith("- "), "the address is given back")

    assert await machine.log("job") == "over\n"
    await machine.stop()
    await machine.start()
    after = await machine.pod("job")
    assert after.status is not None
    assert after.status.phase == "Succeeded"
    await machine.delete("job")
    await machine.gone("job")


async def test_pod_that_ends_badly_and_is_never_restarted_has_failed(machine: Machine) -> None:
    pod = await machine.run(with_spec(make_pod("job", "exit 4"), restartPolicy="Never"), "Failed")

    assert pod.status is not None
    (container,) = pod.status.containerStatuses or []
    assert container.restartCount == 0
    assert container.state is not None
    assert container.state.terminated is not None
    assert container.state.terminated.exitCode == 4


async def test_deleted_pod_gets_sigterm_and_is_gone(machine: Machine) -> None:
    await machine.run(with_spec(make_pod("web"), terminationGracePeriodSeconds=30))

    started_s = time.monotonic()
    await machine.delete("web")
    await machine.gone("web")

    assert time.monotonic() - started_s < 5, "a program that obeys SIGTERM was killed only after its grace period"
    assert not list(machine.sandboxes.iterdir())


async def test_deleted_pod_that_ignores_sigterm_is_killed_after_its_grace_period(machine: Machine) -> None:
    script = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    await machine.run(make_pod("deaf", script))
    await machine.says("deaf", "deaf")

    started_s = time.monotonic()
    await machine.delete("deaf")
    await machine.gone("deaf")

    assert time.monotonic() - started_s >= 0.9


async def test_shorter_grace_period_overrides_a_longer_one(machine: Machine) -> None:
    pod = with_spec(make_pod("deaf", "trap '' TERM; while :; do sleep 0.1; done"), terminationGracePeriodSeconds=600)
    await machine.run(pod)
    await machine.delete("deaf")

    await machine.delete("deaf", grace_s=1)

    await machine.gone("deaf")


async def test_pod_over_its_deadline_fails(machine: Machine) -> None:
    pod = await machine.run(with_spec(make_pod("slow"), activeDeadlineSeconds=1), "Failed")

    assert pod.status is not None
    assert pod.status.reason == "DeadlineExceeded"


async def test_events_tell_the_story(machine: Machine) -> None:
    await machine.run(make_pod("web"))
    await machine.delete("web")
    await machine.gone("web")
    await machine.settle_events()

    reasons = {reason for reason, _ in await machine.events("web")}

    assert reasons == {"Pulling", "Pulled", "Created", "Started", "Killing"}
