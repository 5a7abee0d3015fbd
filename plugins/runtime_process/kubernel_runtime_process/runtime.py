"""The driver: the contract ``Runtime`` over sandboxes' directories and their shims."""

import asyncio
import logging
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
from kubernel.plugin.contracts.plugin import PluginInfo
from kubernel.plugin.contracts.runtime import (
    CAPABILITY_LIVES_WITHOUT_AGENT,
    ContainerNotFound,
    ContainerSpec,
    ContainerState,
    ContainerStatus,
    LogQuery,
    Runtime,
    RuntimeUnavailable,
    SandboxSpec,
    SandboxStatus,
    StartFailed,
)

from kubernel_runtime_process.cgroups import ControlGroups, Limits
from kubernel_runtime_process.images import Image, ImageStore
from kubernel_runtime_process.launching import launch_of, problem_with
from kubernel_runtime_process.logs import read_log
from kubernel_runtime_process.sandbox import Sandbox
from kubernel_runtime_process.settings import ProcessSettings
from kubernel_runtime_process.shim.isolation import Isolation, Level
from kubernel_runtime_process.shim.messages import Launch
from kubernel_runtime_process.shim.records import ContainerRecord, as_never_run, read_record, write_record
from kubernel_runtime_process.spawner import Spawner

__all__ = ["ProcessRuntime"]

_log = logging.getLogger("kubernel.runtime.process")
_VERSION = "process://0.1.0"
_KILLED = 137
_DEPTH_IN_CLUSTER = 3


class ProcessRuntime(Runtime):
    """Runs containers as processes; see the README for what sets them apart and what does not."""

    info: ClassVar[PluginInfo] = PluginInfo(
        name="process",
        summary="Containers are processes of this machine, in namespaces where the kernel permits; no daemon, no root.",
        capabilities=frozenset({CAPABILITY_LIVES_WITHOUT_AGENT}),
    )
    settings: ClassVar[type[msgspec.Struct]] = ProcessSettings

    def __init__(self, settings: ProcessSettings | None = None) -> None:
        self._settings = settings or ProcessSettings()
        self._spawner = Spawner()
        self._isolation = Isolation(Level.PLAIN)
        self._sandboxes: dict[str, Sandbox] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._listeners: set[asyncio.Queue[str]] = set()
        self._directory = Path()
        self._rubbish = Path()
        self._hidden: tuple[str, ...] = ()

    @property
    def isolation(self) -> Isolation:
        """How far pods are set apart here, and why not more."""
        return self._isolation

    async def start(self, data: Path) -> None:
        """Find out what the kernel permits, and take up the sandboxes that are there."""
        self._sandboxes, self._turns = {}, {}
        self._directory, self._rubbish = data / "sandboxes", data / "removed"
        for directory in (self._directory, self._rubbish):
            directory.mkdir(mode=0o700, exist_ok=True)
        for leftover in (*self._rubbish.iterdir(), *self._directory.glob(".*")):
            shutil.rmtree(leftover, ignore_errors=True)
        cluster = _cluster_directory(data)
        self._hidden = (str(cluster),)
        self._images = ImageStore(Path(self._settings.images) if self._settings.images else cluster / "images")
        self._groups = ControlGroups(_log)
        wanted = None if self._settings.isolation == "auto" else Level(self._settings.isolation)
        self._isolation = await self._spawner.probe(wanted)
        _log.info(
            "isolation: %s%s; %s",
            self._isolation.level,
            f" ({self._isolation.reason})" if self._isolation.reason else "",
            self._groups.summary,
        )
        for directory in self._directory.iterdir():
            sandbox = self._sandboxes[directory.name] = Sandbox.load(directory)
            await sandbox.connect(lambda uid=directory.name: self._announce(uid))  # type: ignore[misc]

    async def version(self) -> str:
        """Return the runtime's version."""
        return _VERSION

    async def pull_image(self, image: str) -> str:
        """Look the image up in the local store."""
        return self._images.find(image).id

    async def run_sandbox(self, spec: SandboxSpec) -> None:
        """Fork a shim for the pod unless it has one."""
        async with self._turn(spec.uid):
            sandbox = self._sandboxes.get(spec.uid)
            if sandbox is None:
                sandbox = self._sandboxes[spec.uid] = Sandbox.create(self._directory / spec.uid, spec)
            if await sandbox.connect(lambda: self._announce(spec.uid)):
                return
            await self._spawner.spawn(sandbox.directory, spec.hostname, self._isolation.level)
            if not await sandbox.connect(lambda: self._announce(spec.uid)):
                raise RuntimeUnavailable("the pod's sandbox died at once")

    async def start_container(self, sandbox_uid: str, spec: ContainerSpec) -> str:
        """Have the shim start the container, unless this attempt was started before."""
        sandbox = self._sandbox(sandbox_uid)
        if sandbox.link is None:
            raise RuntimeUnavailable("the pod's sandbox is dead")
        container_id = f"{sandbox_uid}.{spec.name}.{spec.attempt}"
        image = self._images.find(spec.image)
        directory = sandbox.container_directory(container_id)
        record = read_record(directory)
        if record is None:
            directory.mkdir(mode=0o700, exist_ok=True)
            record = ContainerRecord(container_id, spec.name, spec.attempt, spec.image, image.id)
            write_record(directory, record)
        if problem := problem_with(spec, image, self._isolation):
            write_record(directory, as_never_run(record, problem))
        else:
            problem = await sandbox.link.start(self._launch(container_id, spec, image, sandbox.spec))
        if problem:
            raise StartFailed(problem)
        return container_id

    async def stop_container(self, container_id: str, grace_s: float) -> None:
        """Have the shim end the container, and wait until it has."""
        sandbox = self._holding(container_id)
        if sandbox is None or sandbox.link is None or sandbox.has_ended(container_id):
            return
        with suppress(RuntimeUnavailable):
            await sandbox.link.stop(container_id, grace_s)
            await sandbox.link.changed(lambda: sandbox.has_ended(container_id))

    async def remove_container(self, container_id: str) -> None:
        """Remove the container's directory."""
        sandbox = self._holding(container_id)
        if sandbox is not None:
            await asyncio.to_thread(shutil.rmtree, sandbox.container_directory(container_id), ignore_errors=True)
            self._groups.remove(container_id)

    async def stop_sandbox(self, uid: str) -> None:
        """End the shim; the directory stays."""
        async with self._turn(uid):
            sandbox = self._sandboxes.get(uid)
            if sandbox is not None:
                await sandbox.dismiss()

    async def remove_sandbox(self, uid: str, grace_s: float) -> None:
        """Stop the containers all at once, then end the shim and remove the directory."""
        async with self._turn(uid):
            sandbox = self._sandboxes.get(uid)
            if sandbox is None:
                return
            records = sandbox.records()
            await asyncio.gather(*(self.stop_container(record.id, grace_s) for record in records))
            await sandbox.dismiss()
            for record in records:
                self._groups.remove(record.id)
            del self._sandboxes[uid]
            await asyncio.to_thread(sandbox.erase, self._rubbish)
        self._turns.pop(uid, None)

    async def sandboxes(self) -> Sequence[SandboxStatus]:
        """Return all sandboxes, alive or not."""
        return [self._status(sandbox) for sandbox in self._sandboxes.values()]

    async def sandbox(self, uid: str) -> SandboxStatus | None:
        """Return one sandbox."""
        sandbox = self._sandboxes.get(uid)
        return self._status(sandbox) if sandbox else None

    async def events(self) -> AsyncGenerator[str, None]:
        """Yield the uid of each pod of which a container ended or the shim died."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)

    async def logs(self, container_id: str, query: LogQuery) -> AsyncGenerator[bytes, None]:
        """Yield the container's output."""
        sandbox = self._holding(container_id)
        if sandbox is None:
            raise ContainerNotFound(f"there is no container {container_id}")
        sandbox.record(container_id)
        directory = sandbox.container_directory(container_id)
        async with aclosing(read_log(directory, query, lambda: sandbox.has_ended(container_id))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def stop(self) -> None:
        """Hang up on the shims and end the zygote; the pods go on."""
        for sandbox in self._sandboxes.values():
            if sandbox.link is not None:
                await sandbox.link.close()
        await self._spawner.close()
        self._groups.close()

    def _launch(self, container_id: str, spec: ContainerSpec, image: Image, sandbox: SandboxSpec) -> Launch:
        return replace(
            launch_of(container_id, spec, image, sandbox, self._isolation.level),
            hidden=self._hidden,
            cgroups=self._groups.make(container_id, Limits(spec.cpu_millicores, spec.memory_bytes)),
            log_max_bytes=self._settings.log_max_bytes,
        )

    def _sandbox(self, uid: str) -> Sandbox:
        try:
            return self._sandboxes[uid]
        except KeyError:
            raise ContainerNotFound(f"there is no sandbox {uid}") from None

    def _holding(self, container_id: str) -> Sandbox | None:
        return self._sandboxes.get(container_id.partition(".")[0])

    def _turn(self, uid: str) -> asyncio.Lock:
        return self._turns.setdefault(uid, asyncio.Lock())

    def _announce(self, uid: str) -> None:
        for queue in self._listeners:
            queue.put_nowait(uid)

    def _status(self, sandbox: Sandbox) -> SandboxStatus:
        status = sandbox.status()
        return replace(status, containers=tuple(self._explained(container) for container in status.containers))

    def _explained(self, container: ContainerStatus) -> ContainerStatus:
        is_killed = container.state is ContainerState.EXITED and container.exit_code == _KILLED
        if is_killed and self._groups.was_out_of_memory(container.id):
            return replace(container, reason="OOMKilled")
        return container


def _cluster_directory(data: Path) -> Path:
    """Return the cluster's directory, in which ``data`` is ``plugins/<agent>/runtimes/<name>``; elsewhere ``data``."""
    place = data.resolve()
    is_in_cluster = len(place.parents) > _DEPTH_IN_CLUSTER and place.parents[_DEPTH_IN_CLUSTER - 1].name == "plugins"
    return place.parents[_DEPTH_IN_CLUSTER] if is_in_cluster else place
