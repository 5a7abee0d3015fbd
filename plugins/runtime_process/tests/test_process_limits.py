"""Limits take effect where control groups are writable."""

import logging
import os
from pathlib import Path

import pytest
from kubernel.plugin.contracts.runtime import ContainerSpec, StartFailed
from kubernel_runtime_process.cgroups import ControlGroups, Limits
from kubernel_runtime_process.shim.isolation import Level
from tests.process_pods import UID, ended, output, started

EATER = "import time; eaten = [b'x' * (16 << 20) for _ in range(64)]; time.sleep(60)"


async def test_container_over_its_memory_limit_is_killed_and_says_so(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        if "memory" not in runtime._groups.summary:
            pytest.skip("cgroups are not writable here")
        spec = ContainerSpec("main", 0, "host", command=("python3", "-c", EATER), memory_bytes=64 << 20)
        status = await ended(runtime, await runtime.start_container(UID, spec))

    assert (status.exit_code, status.reason) == (137, "OOMKilled")


def test_nothing_is_made_for_a_container_without_limits() -> None:
    assert ControlGroups(logging.getLogger("test")).make("some-container", Limits(None, None)) == ()


async def test_user_that_is_asked_for_runs_the_program(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        spec = ContainerSpec("main", 0, "host", command=("id", "-u"), run_as_user=12345)
        if os.geteuid() != 0 or runtime.isolation.level is Level.USER_NAMESPACES:
            with pytest.raises(StartFailed, match="runAsUser 12345: this runtime may not become another user"):
                await runtime.start_container(UID, spec)
            return
        status = await ended(runtime, await runtime.start_container(UID, spec))

    assert status.exit_code == 0


async def test_root_in_a_container_is_not_root_of_the_machine(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        if runtime.isolation.level is not Level.NAMESPACES:
            pytest.skip("only a cluster that runs as root has capabilities to drop")
        said = await output(runtime, "grep CapBnd /proc/self/status; mount -t tmpfs x /mnt || echo refused")

    assert said.splitlines()[0].split()[1] == "00000000a80425fb", "other than what container engines leave"
    assert "refused" in said
