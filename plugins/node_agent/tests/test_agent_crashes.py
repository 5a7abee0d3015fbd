"""The agent may die at any moment; its pods do not notice, and nothing is leaked."""

import asyncio

import psutil
from kubernel.testing import eventually
from kubernel_runtime_hollow import HollowRuntime
from kubernel_runtime_process.runtime import ProcessRuntime
from tests.agent_machine import Machine, make_pod, with_spec


async def test_pods_go_on_while_the_agent_is_away(machine: Machine) -> None:
    before = await machine.run(make_pod("web"))
    process = machine.process_of("web", before)

    await machine.stop()
    await machine.start()

    after = await machine.pod("web")
    assert machine.process_of("web", after) == process
    assert after.status is not None
    assert (after.status.containerStatuses or [])[0].restartCount == 0
    assert after.metadata is not None
    assert before.metadata is not None
    assert after.metadata.resourceVersion == before.metadata.resourceVersion, "the new agent wrote without need"


async def test_container_that_ended_meanwhile_is_restarted(machine: Machine) -> None:
    await machine.run(make_pod("short", "sleep 0.5"))
    await machine.stop()
    await asyncio.sleep(0)

    await machine.start()

    await machine.state("short", lambda container: container.restartCount >= 1)


async def test_pod_deleted_meanwhile_is_cleaned_away(machine: Machine) -> None:
    await machine.run(make_pod("web"))
    await machine.stop()
    await machine.delete("web", grace_s=0)

    await machine.start()

    await eventually(lambda: not list(machine.sandboxes.iterdir()), "the sandbox of the deleted pod is gone")
    journal = machine.data / "network" / "addresses"
    await eventually(lambda: journal.read_text().splitlines()[-1].startswith("- "), "its address is given back")


async def test_pod_that_is_ending_ends_under_the_next_agent(machine: Machine) -> None:
    deaf = with_spec(make_pod("deaf", "trap '' TERM; while :; do sleep 0.1; done"), terminationGracePeriodSeconds=2)
    await machine.run(deaf)
    await machine.delete("deaf")
    await machine.stop()

    await machine.start()

    await machine.gone("deaf")


async def test_cluster_that_shut_down_starts_its_pods_again(machine: Machine) -> None:
    await machine.run(make_pod("web"))
    await machine.run(with_spec(make_pod("job", "exit 0"), restartPolicy="Never"), "Succeeded")
    await machine.run(with_spec(make_pod("once"), restartPolicy="Never"))

    await machine.shut_down()
    assert not list(machine.sandboxes.iterdir())
    await machine.start()

    await machine.state("web", lambda container: container.restartCount == 1 and container.ready)
    lost = await machine.phase("once", "Failed")
    assert lost.status is not None
    state = (lost.status.containerStatuses or [])[0].state
    assert state is not None
    assert state.terminated is not None
    assert state.terminated.reason == "ContainerStatusUnknown"
    job = await machine.pod("job")
    assert job.status is not None
    assert job.status.phase == "Succeeded"


async def test_runtime_that_is_swapped_out_leaves_nothing_running(machine: Machine) -> None:
    pod = await machine.run(make_pod("web"))
    process = psutil.Process(machine.process_of("web", pod))

    await machine.stop()
    machine.make_runtime = HollowRuntime
    await machine.start()
    await eventually(lambda: not process.is_running(), "the program of the former runtime is gone")
    await machine.stop()
    machine.make_runtime = ProcessRuntime
    await machine.start()

    await machine.state("web", lambda container: container.restartCount == 1 and container.ready)
