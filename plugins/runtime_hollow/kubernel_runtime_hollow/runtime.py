"""The driver: the contract ``Runtime`` over two dictionaries."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from kubernel.plugin.contracts.plugin import NoSettings, PluginInfo
from kubernel.plugin.contracts.runtime import (
    CAPABILITY_LIVES_WITHOUT_AGENT,
    CAPABILITY_NO_CONTAINERS,
    ContainerNotFound,
    ContainerSpec,
    ContainerState,
    ContainerStatus,
    LogQuery,
    Runtime,
    SandboxSpec,
    SandboxStatus,
)

__all__ = ["HollowRuntime"]

_EXIT_SIGTERM = 128 + 15


@dataclass(slots=True)
class _Sandbox:
    spec: SandboxSpec
    containers: dict[str, ContainerStatus] = field(default_factory=dict)

    def status(self) -> SandboxStatus:
        spec = self.spec
        return SandboxStatus(
            spec.uid, spec.namespace, spec.name, spec.node, alive=True, containers=tuple(self.containers.values())
        )


class HollowRuntime(Runtime):
    """Pretends, in memory; any image is there and any program runs until it is stopped."""

    info: ClassVar[PluginInfo] = PluginInfo(
        name="hollow",
        summary="No containers at all: pods become Running at once, for scale tests.",
        capabilities=frozenset({CAPABILITY_NO_CONTAINERS, CAPABILITY_LIVES_WITHOUT_AGENT}),
    )

    def __init__(self, settings: NoSettings | None = None) -> None:  # noqa: ARG002 - the contract's constructor
        self._sandboxes: dict[str, _Sandbox] = {}
        self._by_container: dict[str, _Sandbox] = {}
        self._listeners: set[asyncio.Queue[str]] = set()

    async def start(self, data: Path) -> None:
        """Nothing to connect to and nothing to recover."""

    async def version(self) -> str:
        """Return the runtime's version."""
        return "hollow://0.1.0"

    async def pull_image(self, image: str) -> str:
        """Return the image's name: every image is there."""
        return f"hollow://{image}"

    async def run_sandbox(self, spec: SandboxSpec) -> None:
        """Remember the sandbox."""
        self._sandboxes.setdefault(spec.uid, _Sandbox(spec))

    async def start_container(self, sandbox_uid: str, spec: ContainerSpec) -> str:
        """Remember the container as running."""
        sandbox = self._sandboxes.get(sandbox_uid)
        if sandbox is None:
            raise ContainerNotFound(f"there is no sandbox {sandbox_uid}")
        container_id = f"{sandbox_uid}.{spec.name}.{spec.attempt}"
        if container_id not in sandbox.containers:
            sandbox.containers[container_id] = ContainerStatus(
                id=container_id,
                name=spec.name,
                attempt=spec.attempt,
                image=spec.image,
                image_id=await self.pull_image(spec.image),
                state=ContainerState.RUNNING,
                started_at=datetime.now(UTC),
            )
            self._by_container[container_id] = sandbox
        return container_id

    async def stop_container(self, container_id: str, grace_s: float) -> None:  # noqa: ARG002 - it ends at once
        """Remember the container as ended by SIGTERM."""
        sandbox = self._by_container.get(container_id)
        if sandbox is None or sandbox.containers[container_id].state is ContainerState.EXITED:
            return
        sandbox.containers[container_id] = replace(
            sandbox.containers[container_id],
            state=ContainerState.EXITED,
            finished_at=datetime.now(UTC),
            exit_code=_EXIT_SIGTERM,
            reason="Error",
        )
        self._announce(sandbox.spec.uid)

    async def remove_container(self, container_id: str) -> None:
        """Forget the container."""
        sandbox = self._by_container.pop(container_id, None)
        if sandbox is not None:
            del sandbox.containers[container_id]

    async def remove_sandbox(self, uid: str, grace_s: float) -> None:  # noqa: ARG002 - it ends at once
        """Forget the sandbox and its containers."""
        sandbox = self._sandboxes.pop(uid, None)
        for container_id in sandbox.containers if sandbox else ():
            del self._by_container[container_id]

    async def sandboxes(self) -> Sequence[SandboxStatus]:
        """Return everything that is pretended."""
        return [sandbox.status() for sandbox in self._sandboxes.values()]

    async def sandbox(self, uid: str) -> SandboxStatus | None:
        """Return one sandbox."""
        sandbox = self._sandboxes.get(uid)
        return sandbox.status() if sandbox else None

    async def events(self) -> AsyncGenerator[str, None]:
        """Yield the uid of each pod that had a container stopped."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)

    async def logs(self, container_id: str, query: LogQuery) -> AsyncGenerator[bytes, None]:
        """Yield one line that says why there are no others."""
        if container_id not in self._by_container:
            raise ContainerNotFound(f"there is no container {container_id}")
        line = b"the hollow runtime runs no program, so there is no output\n"
        yield line if query.limit_bytes is None else line[: query.limit_bytes]

    def _announce(self, uid: str) -> None:
        for queue in self._listeners:
            queue.put_nowait(uid)
