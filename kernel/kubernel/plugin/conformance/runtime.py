"""What the runtime contract promises, as checks (see `check` for the frame).

The checks run ``/bin/sh`` in the image that `IMAGE` names. A runtime whose store does not have it is told another by
the environment variable of the same name. A runtime without containers is put only to the checks that need none.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from kubernel.plugin.conformance.check import Check
from kubernel.plugin.contracts.network import Attachment
from kubernel.plugin.contracts.runtime import (
    CAPABILITY_LIVES_WITHOUT_AGENT,
    CAPABILITY_NO_CONTAINERS,
    ContainerNotFound,
    ContainerSpec,
    ContainerState,
    ContainerStatus,
    ImageUnavailable,
    LogQuery,
    Runtime,
    SandboxSpec,
    StartFailed,
)

__all__ = ["CHECKS", "IMAGE"]

IMAGE = os.environ.get("KUBERNEL_CONFORMANCE_IMAGE", "host")
_UID = "0c0f0a7e-0000-4000-8000-000000000001"
_ENDS_WITHIN_S = 10.0
_LIVES_LONG = "exec sleep 600"
_IGNORES_SIGTERM = "trap '' TERM; echo ready; while :; do sleep 1; done"


async def runs_a_program(driver: Runtime, workspace: Path) -> None:
    """The program runs with its arguments and variables; its output and its end are kept."""
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, 'echo "$GREETING"; echo "$POD_IP" >&2', env={"GREETING": "hello"})
        ended = await _ended(driver, container_id)
        assert ended.exit_code == 0, f"the exit code is {ended.exit_code}, not 0"
        assert ended.reason == "Completed", f"the reason is {ended.reason!r}, not 'Completed'"
        assert ended.started_at is not None, "started_at is not set"
        assert ended.finished_at is not None, "finished_at is not set"
        assert ended.started_at <= ended.finished_at, "the container ended before it started"
        lines = sorted((await _log(driver, container_id)).splitlines())
        assert lines == [b"127.64.0.1", b"hello"], f"the log holds {lines}"


async def reports_exit_codes(driver: Runtime, workspace: Path) -> None:
    """A failed program's code is reported with the reason Error."""
    async with _sandbox(driver, workspace):
        ended = await _ended(driver, await _start(driver, "exit 3"))
        assert (ended.exit_code, ended.reason) == (3, "Error"), f"code 3 became {ended.exit_code}, {ended.reason!r}"


async def starts_once(driver: Runtime, workspace: Path) -> None:
    """Repeating a start does nothing; a higher attempt is another container."""
    async with _sandbox(driver, workspace):
        first = await _start(driver, _LIVES_LONG)
        again = await _start(driver, _LIVES_LONG)
        assert again == first, "starting the same attempt twice gave two ids"
        second = await _start(driver, _LIVES_LONG, attempt=1)
        assert second != first, "two attempts have the same id"
        attempts = sorted(container.attempt for container in await _containers(driver))
        assert attempts == [0, 1], f"the sandbox holds the attempts {attempts}, not 0 and 1"


async def stops_politely(driver: Runtime, workspace: Path) -> None:
    """A program gets SIGTERM; the call returns when it has ended."""
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done")
        await _says(driver, container_id, b"ready")
        await driver.stop_container(container_id, 10.0)
        status = await _status(driver, container_id)
        assert status.state is ContainerState.EXITED, "stop_container returned before the container had ended"
        assert status.exit_code == 7, f"the program's answer to SIGTERM is lost: its code is {status.exit_code}"
        await driver.stop_container(container_id, 0.0)


async def stops_by_force(driver: Runtime, workspace: Path) -> None:
    """After the grace period comes SIGKILL; unknown ids are ended already."""
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, _IGNORES_SIGTERM)
        await _says(driver, container_id, b"ready")
        await driver.stop_container(container_id, 0.2)
        status = await _status(driver, container_id)
        assert status.exit_code == 137, f"a killed program's code is 137, not {status.exit_code}"
        await driver.stop_container("unknown", 0.0)


async def tells_of_ends(driver: Runtime, workspace: Path) -> None:
    """``events`` names the pod when one of its containers ended."""
    async with _sandbox(driver, workspace), aclosing(driver.events()) as events:
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        await _start(driver, "exit 0")
        uid = await asyncio.wait_for(waiting, _ENDS_WITHIN_S)
        assert uid == _UID, f"the event names {uid}, not the pod"


async def refuses_missing_programs(driver: Runtime, workspace: Path) -> None:
    """A program that is not there is a failed start, and an exited container."""
    async with _sandbox(driver, workspace):
        spec = ContainerSpec("main", 0, IMAGE, command=("/no/such/program",))
        await _raises(StartFailed, lambda: driver.start_container(_UID, spec), "starting a program that is not there")
        (container,) = await _containers(driver)
        assert container.state is ContainerState.EXITED, f"the container that never ran is {container.state}"
        assert container.exit_code, "the container that never ran has the exit code 0"


async def refuses_missing_images(driver: Runtime, workspace: Path) -> None:
    """An image that is nowhere is said to be."""
    async with _sandbox(driver, workspace):
        image = "kubernel.invalid/no-such-image:none"
        await _raises(ImageUnavailable, lambda: driver.pull_image(image), "pulling an image that is nowhere")
        assert await driver.pull_image(IMAGE), f"the image {IMAGE} has no id"


async def refuses_unknown_sandboxes(driver: Runtime, workspace: Path) -> None:
    """What is not there is not found, or gone already."""
    await driver.start(workspace)
    try:
        spec = ContainerSpec("main", 0, IMAGE, command=("/bin/sh",))
        await _raises(ContainerNotFound, lambda: driver.start_container("unknown", spec), "starting in no sandbox")
        await _raises(ContainerNotFound, lambda: _log(driver, "unknown"), "reading the log of no container")
        await driver.remove_sandbox("unknown", 0.0)
        await driver.remove_container("unknown")
        assert await driver.sandbox("unknown") is None, "sandbox() knows a sandbox that was never made"
    finally:
        await driver.stop()


async def selects_from_logs(driver: Runtime, workspace: Path) -> None:
    """Tail, limit, since, timestamps, stream and follow select what they say."""
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, "for i in 1 2 3 4 5; do echo line $i; done; sleep 0.1; echo last")
        both = await _start(driver, "echo out; echo err >&2", attempt=1)
        for stream, written in (("stdout", b"out\n"), ("stderr", b"err\n")):
            alone = await _log(driver, both, LogQuery(follow=True, stream=stream))
            assert alone == written, f"{stream} alone is {alone!r}"
        followed = await _log(driver, container_id, LogQuery(follow=True))
        assert followed.endswith(b"line 5\nlast\n"), f"following gave {followed!r}"
        tail = await _log(driver, container_id, LogQuery(tail_lines=2))
        assert tail == b"line 5\nlast\n", f"the last two lines are {tail!r}"
        limited = await _log(driver, container_id, LogQuery(limit_bytes=6))
        assert limited == b"line 1", f"the first six bytes are {limited!r}"
        stamped = (await _log(driver, container_id, LogQuery(timestamps=True, tail_lines=1))).decode()
        moment = datetime.fromisoformat(stamped.partition(" ")[0][:26] + "+00:00")
        assert abs((datetime.now(UTC) - moment).total_seconds()) < 60, f"the time of {stamped!r} is wrong"
        late = await _log(driver, container_id, LogQuery(since=datetime.now(UTC)))
        assert late == b"", f"nothing was written since now, but {late!r}"


async def forgets_what_is_removed(driver: Runtime, workspace: Path) -> None:
    """A removed container is gone with its log; a removed sandbox with everything in it."""
    async with _sandbox(driver, workspace):
        ended = await _start(driver, _LIVES_LONG)
        await driver.stop_container(ended, 0.0)
        await driver.remove_container(ended)
        assert not await _containers(driver), "a removed container is still listed"
        await _start(driver, _LIVES_LONG, attempt=1)
        await driver.remove_sandbox(_UID, 0.0)
        assert await driver.sandbox(_UID) is None, "a removed sandbox is still there"
        await driver.remove_sandbox(_UID, 0.0)


async def keeps_what_finished(driver: Runtime, workspace: Path) -> None:
    """A stopped sandbox still has its containers' ends and logs."""
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, "echo over; exit 3")
        await _ended(driver, container_id)
        await driver.stop_sandbox(_UID)
        await driver.stop_sandbox(_UID)
        sandbox = await driver.sandbox(_UID)
        assert sandbox is not None, "a stopped sandbox is gone"
        codes = [container.exit_code for container in sandbox.containers]
        assert codes == [3], f"the containers of a stopped sandbox ended with {codes}, not with 3"
        log = await _log(driver, container_id)
        assert log == b"over\n", f"the log of a stopped sandbox is {log!r}"


async def takes_up_what_runs(driver: Runtime, workspace: Path) -> None:
    """A program goes on running while the agent is away, and is known to the next one."""
    if CAPABILITY_LIVES_WITHOUT_AGENT not in driver.info.capabilities:
        return
    async with _sandbox(driver, workspace):
        container_id = await _start(driver, _LIVES_LONG)
        before = await _status(driver, container_id)
        await driver.stop()
        await driver.start(workspace)
        after = await _status(driver, container_id)
        assert after.state is ContainerState.RUNNING, f"after a restart of the agent the container is {after.state}"
        assert after.started_at == before.started_at, "the container was started anew"
        await driver.run_sandbox(_spec())
        assert await _status(driver, container_id) == after, "repeating run_sandbox changed a running container"


async def pretends_at_once(driver: Runtime, workspace: Path) -> None:
    """Also without containers, what is told to run is listed as running."""
    async with _sandbox(driver, workspace):
        container_id = await driver.start_container(_UID, ContainerSpec("main", 0, IMAGE, command=("/bin/sh",)))
        listed = [container.id for container in await _containers(driver)]
        assert listed == [container_id], f"the sandbox holds {listed}, not the one container"


# --- what the checks are made of -------------------------------------------------------------------------------------


def _spec() -> SandboxSpec:
    return SandboxSpec(
        uid=_UID,
        namespace="default",
        name="conformance",
        node="node",
        hostname="conformance",
        attachment=Attachment("127.64.0.1", env={"POD_IP": "127.64.0.1"}),
    )


@asynccontextmanager
async def _sandbox(driver: Runtime, workspace: Path) -> AsyncIterator[None]:
    """A started driver with one sandbox, both gone at the end."""
    await driver.start(workspace)
    try:
        await driver.run_sandbox(_spec())
        await driver.run_sandbox(_spec())
        yield
    finally:
        await driver.remove_sandbox(_UID, 0.0)
        await driver.stop()


async def _start(driver: Runtime, script: str, *, attempt: int = 0, env: dict[str, str] | None = None) -> str:
    await driver.pull_image(IMAGE)
    spec = ContainerSpec("main", attempt, IMAGE, command=("/bin/sh", "-c", script), env=env or {})
    return await driver.start_container(_UID, spec)


async def _containers(driver: Runtime) -> tuple[ContainerStatus, ...]:
    sandbox = await driver.sandbox(_UID)
    assert sandbox is not None, "the sandbox is not listed"
    assert sandbox.alive, "the sandbox is not alive"
    return sandbox.containers


async def _status(driver: Runtime, container_id: str) -> ContainerStatus:
    for container in await _containers(driver):
        if container.id == container_id:
            return container
    raise AssertionError(f"container {container_id} is not listed")


async def _ended(driver: Runtime, container_id: str) -> ContainerStatus:
    deadline = asyncio.get_running_loop().time() + _ENDS_WITHIN_S
    while (status := await _status(driver, container_id)).state is not ContainerState.EXITED:
        assert asyncio.get_running_loop().time() < deadline, f"the container is still {status.state}"
        await asyncio.sleep(0.01)
    return status


async def _says(driver: Runtime, container_id: str, words: bytes) -> None:
    deadline = asyncio.get_running_loop().time() + _ENDS_WITHIN_S
    while words not in await _log(driver, container_id):
        assert asyncio.get_running_loop().time() < deadline, f"the program never said {words!r}"
        await asyncio.sleep(0.01)


async def _log(driver: Runtime, container_id: str, query: LogQuery | None = None) -> bytes:
    return b"".join([chunk async for chunk in driver.logs(container_id, query or LogQuery())])


async def _raises(expected: type[Exception], call: Callable[[], Awaitable[object]], what: str) -> None:
    try:
        await call()
    except expected:
        return
    raise AssertionError(f"{what} did not raise {expected.__name__}")


def _needs_containers(run: Callable[[Runtime, Path], Awaitable[None]]) -> Callable[[Runtime, Path], Awaitable[None]]:
    async def check(driver: Runtime, workspace: Path) -> None:
        if CAPABILITY_NO_CONTAINERS not in driver.info.capabilities:
            await run(driver, workspace)

    return check


CHECKS: tuple[Check[Runtime], ...] = (
    Check("lists what it was told to run", pretends_at_once),
    Check("refuses what is not there", refuses_unknown_sandboxes),
    Check("starts an attempt only once", starts_once),
    Check("forgets what is removed", forgets_what_is_removed),
    Check("runs a program and keeps its output", _needs_containers(runs_a_program)),
    Check("reports exit codes", _needs_containers(reports_exit_codes)),
    Check("ends a program with SIGTERM and waits for it", _needs_containers(stops_politely)),
    Check("ends a program with SIGKILL after its grace period", _needs_containers(stops_by_force)),
    Check("tells when a container ended", _needs_containers(tells_of_ends)),
    Check("fails the start of a program that is not there", _needs_containers(refuses_missing_programs)),
    Check("says that an image is not there", _needs_containers(refuses_missing_images)),
    Check("selects from logs", _needs_containers(selects_from_logs)),
    Check("keeps the ends and logs of a finished pod", _needs_containers(keeps_what_finished)),
    Check("takes up what runs when it starts again", _needs_containers(takes_up_what_runs)),
)
