"""A container's log, read through the API server from the agent."""

import asyncio

import pytest
from kubernel.objects.errors import StatusError
from tests.agent_machine import Machine, make_pod, with_spec


async def test_log_has_stdout_and_stderr(machine: Machine) -> None:
    await machine.run(make_pod("web", "echo to stdout; echo to stderr >&2; exec sleep 600"))
    await machine.says("web", "to stderr")

    assert sorted((await machine.log("web")).splitlines()) == ["to stderr", "to stdout"]


async def test_log_of_one_stream_leaves_out_the_other(machine: Machine) -> None:
    await machine.run(make_pod("web", "echo to stdout; echo to stderr >&2; exec sleep 600"))
    await machine.says("web", "to stderr")

    assert await machine.log("web", stream="Stdout") == "to stdout\n"
    assert await machine.log("web", stream="Stderr") == "to stderr\n"


async def test_log_of_a_finished_pod_stays(machine: Machine) -> None:
    await machine.run(with_spec(make_pod("job", "seq 5"), restartPolicy="Never"), "Succeeded")

    assert await machine.log("job", tailLines="2") == "4\n5\n"


async def test_followed_log_ends_with_the_container(machine: Machine) -> None:
    job = with_spec(make_pod("job", "for i in 1 2 3; do echo $i; sleep 0.1; done"), restartPolicy="Never")
    await machine.run(job)

    followed = await asyncio.wait_for(machine.log("job", follow="true"), 10)

    assert followed == "1\n2\n3\n"


async def test_previous_log_is_the_attempt_before(machine: Machine) -> None:
    await machine.create(make_pod("crash", "echo dying; exit 1"))
    await machine.state("crash", lambda container: container.restartCount >= 1)

    previous = await machine.log("crash", previous="true")

    assert previous == "dying\n"


async def test_previous_log_without_an_attempt_before_is_refused(machine: Machine) -> None:
    await machine.run(make_pod("web"))

    with pytest.raises(StatusError, match='previous terminated container "main" in pod "web" not found'):
        await machine.log("web", previous="true")


async def test_log_of_a_waiting_container_says_why(machine: Machine) -> None:
    pod = make_pod("noimage")
    assert pod.spec is not None
    pod.spec.containers[0].image = "nosuch"
    await machine.create(pod)
    await machine.state("noimage", lambda container: bool(container.state and container.state.waiting))

    with pytest.raises(StatusError, match='container "main" in pod "noimage" is waiting to start'):
        await machine.log("noimage")


@pytest.mark.parametrize(
    "query",
    [{"tailLines": "-1"}, {"tailLines": "many"}, {"sinceTime": "yesterday"}, {"sinceSeconds": "1", "sinceTime": "x"}],
)
async def test_log_query_that_makes_no_sense_is_refused(machine: Machine, query: dict[str, str]) -> None:
    await machine.run(make_pod("web"))

    with pytest.raises(StatusError) as refused:
        await machine.log("web", **query)

    assert refused.value.code in (400, 422)
