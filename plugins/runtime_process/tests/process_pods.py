"""Specs and small steps that the process runtime's tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from kubernel.plugin.contracts.network import Attachment
from kubernel.plugin.contracts.runtime import ContainerSpec, ContainerState, ContainerStatus, LogQuery, SandboxSpec
from kubernel.testing import eventually
from kubernel_runtime_process.runtime import ProcessRuntime
from kubernel_runtime_process.settings import ProcessSettings

UID = "5f0c0000-0000-4000-8000-000000000000"


def sandbox_spec(uid: str = UID) -> SandboxSpec:
    """Return the spec of a pod's sandbox."""
    attachment = Attachment("127.64.0.9", env={"POD_IP": "127.64.0.9"})
    return SandboxSpec(uid, "default", "pod", "node", "pod-host", attachment)


def script(text: str, attempt: int = 0) -> ContainerSpec:
    """Return a container that runs a shell script on the machine's own root."""
    return ContainerSpec("main", attempt, "host", command=("/bin/sh", "-c", text))


@asynccontextmanager
async def started(
    data: Path, isolation: Literal["auto", "plain"] = "auto", *, images: Path | None = None, log_max_bytes: int = 2**20
) -> AsyncIterator[ProcessRuntime]:
    """A runtime with one sandbox; nothing of it is left at the end."""
    settings = ProcessSettings(isolation=isolation, images=str(images) if images else "", log_max_bytes=log_max_bytes)
    runtime = ProcessRuntime(settings)
    await runtime.start(data)
    try:
        await runtime.run_sandbox(sandbox_spec())
        yield runtime
    finally:
        for sandbox in await runtime.sandboxes():
            await runtime.remove_sandbox(sandbox.uid, 0.0)
        await runtime.stop()


async def ended(runtime: ProcessRuntime, container_id: str) -> ContainerStatus:
    """Wait until the container has ended."""
    status: ContainerStatus

    async def has_ended() -> bool:
        nonlocal status
        status = await find(runtime, container_id)
        return status.state is ContainerState.EXITED

    await eventually(has_ended, f"container {container_id} has ended")
    return status


async def find(runtime: ProcessRuntime, container_id: str) -> ContainerStatus:
    """Return the container's status."""
    statuses = [each for sandbox in await runtime.sandboxes() for each in sandbox.containers]
    return next(each for each in statuses if each.id == container_id)


async def output(runtime: ProcessRuntime, text: str) -> str:
    """Run a script to its end and return what it wrote."""
    container_id = await runtime.start_container(UID, script(text))
    return await read(runtime, container_id, LogQuery(follow=True))


async def read(runtime: ProcessRuntime, container_id: str, query: LogQuery | None = None) -> str:
    """Return the container's log."""
    return b"".join([chunk async for chunk in runtime.logs(container_id, query or LogQuery())]).decode()
