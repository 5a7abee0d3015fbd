"""What happens when a part of the runtime is killed."""

import asyncio
import os
import shutil
import signal
from pathlib import Path
from typing import Literal

import psutil
import pytest
from kubernel.plugin.contracts.runtime import ContainerState, RuntimeUnavailable
from kubernel.testing import eventually
from kubernel_runtime_process.runtime import ProcessRuntime
from kubernel_runtime_process.shim.records import read_record
from tests.process_pods import UID, ended, find, sandbox_spec, script, started

Isolation = Literal["auto", "plain"]


def _shim(data: Path) -> int:
    return int((data / "sandboxes" / UID / "shim.pid").read_text())


def _process(data: Path, container_id: str) -> psutil.Process:
    record = read_record(data / "sandboxes" / UID / "containers" / container_id)
    assert record is not None
    return psutil.Process(record.pid)


@pytest.mark.parametrize("isolation", ["auto", "plain"])
async def test_killed_shim_takes_its_containers_along(tmp_path: Path, isolation: Isolation) -> None:
    async with started(tmp_path, isolation) as runtime:
        container_id = await runtime.start_container(UID, script("exec sleep 600"))
        process = _process(tmp_path, container_id)
        events = runtime.events()
        news = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)

        os.kill(_shim(tmp_path), signal.SIGKILL)

        assert await asyncio.wait_for(news, 5) == UID
        await events.aclose()
        sandbox = await runtime.sandbox(UID)
        assert sandbox is not None
        assert not sandbox.alive
        status = await find(runtime, container_id)
        assert (status.state, status.exit_code, status.reason) == (ContainerState.EXITED, 137, "Error")
        await eventually(lambda: not process.is_running(), "the program is gone")


@pytest.mark.parametrize("isolation", ["auto", "plain"])
async def test_dead_sandbox_is_made_again(tmp_path: Path, isolation: Isolation) -> None:
    async with started(tmp_path, isolation) as runtime:
        first = await runtime.start_container(UID, script("exec sleep 600"))
        os.kill(_shim(tmp_path), signal.SIGKILL)
        await ended(runtime, first)

        await runtime.run_sandbox(sandbox_spec())
        second = await runtime.start_container(UID, script("exec sleep 600", attempt=1))

        assert (await find(runtime, second)).state is ContainerState.RUNNING
        assert (await find(runtime, first)).exit_code == 137


async def test_program_that_ends_while_nobody_looks_is_recorded(tmp_path: Path) -> None:
    runtime = ProcessRuntime()
    await runtime.start(tmp_path)
    await runtime.run_sandbox(sandbox_spec())
    container_id = await runtime.start_container(UID, script("sleep 0.2; exit 5"))
    process = _process(tmp_path, container_id)
    await runtime.stop()
    await eventually(lambda: not process.is_running(), "the program is gone")

    async with started(tmp_path) as again:
        status = await find(again, container_id)

    assert (status.exit_code, status.reason) == (5, "Error")


async def test_pod_whose_directory_is_removed_ends(tmp_path: Path) -> None:
    runtime = ProcessRuntime()
    await runtime.start(tmp_path)
    await runtime.run_sandbox(sandbox_spec())
    process = _process(tmp_path, await runtime.start_container(UID, script("exec sleep 600")))
    await runtime.stop()

    shutil.rmtree(tmp_path / "sandboxes")

    await eventually(lambda: not process.is_running(), "the program of the lost pod is gone")


async def test_pod_whose_directory_was_made_anew_ends(tmp_path: Path) -> None:
    runtime = ProcessRuntime()
    await runtime.start(tmp_path)
    await runtime.run_sandbox(sandbox_spec())
    old = _process(tmp_path, await runtime.start_container(UID, script("exec sleep 600")))
    await runtime.stop()
    shutil.rmtree(tmp_path / "sandboxes")

    async with started(tmp_path) as again:
        await again.run_sandbox(sandbox_spec())
        new = _process(tmp_path, await again.start_container(UID, script("exec sleep 600")))

        await eventually(lambda: not old.is_running(), "the program of the lost pod is gone")
        assert new.is_running()


async def test_sandbox_has_never_two_shims(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        shim = _shim(tmp_path)
        directory = tmp_path / "sandboxes" / UID

        with pytest.raises(RuntimeUnavailable, match="Resource temporarily unavailable"):
            await runtime._spawner.spawn(directory, "pod-host", runtime.isolation.level)

        assert _shim(tmp_path) == shim


async def test_killed_zygote_is_replaced(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        zygote = runtime._spawner._process
        assert zygote is not None
        zygote.kill()
        await zygote.wait()

        await runtime.run_sandbox(sandbox_spec("another"))

        another = await runtime.sandbox("another")
        assert another is not None
        assert another.alive


async def test_processes_that_a_program_leaves_end_with_it(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        container_id = await runtime.start_container(UID, script("sleep 601 & exit 0"))
        await ended(runtime, container_id)

        left = psutil.Process(_shim(tmp_path)).children(recursive=True)
        assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []


async def test_removal_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    leftover = tmp_path / "removed" / "some-pod.1234"
    (leftover / "containers").mkdir(parents=True)
    unfinished = tmp_path / "sandboxes" / ".other-pod"
    unfinished.mkdir(parents=True)

    async with started(tmp_path):
        assert not leftover.exists()
        assert not unfinished.exists()
