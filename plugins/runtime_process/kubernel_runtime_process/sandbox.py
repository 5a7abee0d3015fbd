"""One pod's sandbox as the driver sees it: a directory, and a link to its shim while that lives.

```
sandboxes/<uid>/
  sandbox.json              what it was made from
  shim.sock shim.pid shim.lock shim.log
  containers/<uid>.<name>.<attempt>/
    record.json             the container's state, replaced at each change
    log log.1               its output
```
The directory is the truth: a driver that starts anew reads it and connects to ``shim.sock``.
"""

import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from kubernel.plugin.contracts.runtime import (
    ContainerNotFound,
    ContainerState,
    ContainerStatus,
    SandboxSpec,
    SandboxStatus,
)

from kubernel_runtime_process.link import ShimLink
from kubernel_runtime_process.shim.keeper import CONTAINERS
from kubernel_runtime_process.shim.records import ContainerRecord, as_killed, read_record, write_record

__all__ = ["Sandbox"]

_SPEC = "sandbox.json"


class Sandbox:
    """A sandbox on disk, alive or not; ``link`` is set while it is alive."""

    def __init__(self, directory: Path, spec: SandboxSpec) -> None:
        self.directory = directory
        self.spec = spec
        self.link: ShimLink | None = None

    @classmethod
    def create(cls, directory: Path, spec: SandboxSpec) -> "Sandbox":
        """Make the directory, complete or not at all."""
        fresh = directory.with_name(f".{directory.name}")
        (fresh / CONTAINERS).mkdir(parents=True, exist_ok=True, mode=0o700)
        (fresh / _SPEC).write_bytes(msgspec.json.encode(spec))
        fresh.rename(directory)
        return cls(directory, spec)

    @classmethod
    def load(cls, directory: Path) -> "Sandbox":
        """Read what an earlier process made."""
        return cls(directory, msgspec.json.decode((directory / _SPEC).read_bytes(), type=SandboxSpec))

    @property
    def is_alive(self) -> bool:
        """Whether its shim runs."""
        return self.link is not None and self.link.alive

    async def connect(self, news: Callable[[], None]) -> bool:
        """Connect to the shim; returns whether there is one."""
        if not self.is_alive:
            self.link = await ShimLink.connect(self.directory, lambda: self._hear(news))
            self._bury_if_dead()
        return self.is_alive

    async def dismiss(self) -> None:
        """End the shim, and with it whatever still runs; nothing happens when it is dead."""
        if self.link is not None:
            await self.link.quit()
            await self.link.close()
            self.link = None

    def container_directory(self, container_id: str) -> Path:
        """Return where the container's files are."""
        return self.directory / CONTAINERS / container_id

    def record(self, container_id: str) -> ContainerRecord:
        """Return the container's record.

        Raises:
            ContainerNotFound: There is none.
        """
        record = read_record(self.container_directory(container_id))
        if record is None:
            raise ContainerNotFound(f"there is no container {container_id}")
        return record

    def records(self) -> list[ContainerRecord]:
        """Return the records of all its containers."""
        with suppress(FileNotFoundError):
            found = [read_record(directory) for directory in (self.directory / CONTAINERS).iterdir()]
            return [record for record in found if record is not None]
        return []

    def has_ended(self, container_id: str) -> bool:
        """Whether the container runs no more; an unknown one does not."""
        record = read_record(self.container_directory(container_id))
        return record is None or record.finished_at > 0 or not self.is_alive

    def status(self) -> SandboxStatus:
        """Return the sandbox as it is now."""
        spec = self.spec
        containers = tuple(_container_status(record) for record in self.records())
        return SandboxStatus(
            uid=spec.uid,
            namespace=spec.namespace,
            name=spec.name,
            node=spec.node,
            alive=self.is_alive,
            containers=containers,
        )

    def _hear(self, news: Callable[[], None]) -> None:
        self._bury_if_dead()
        news()

    def _bury_if_dead(self) -> None:
        """Record the end of the containers that a dead shim ran: they died with it."""
        if self.is_alive:
            return
        for record in self.records():
            if record.started_at and not record.finished_at:
                write_record(self.container_directory(record.id), as_killed(record, "the pod's sandbox died"))

    def erase(self, rubbish: Path) -> None:
        """Remove the directory; a crash in between leaves nothing that looks like a sandbox."""
        grave = rubbish / f"{self.directory.name}.{uuid.uuid4().hex}"
        with suppress(FileNotFoundError):
            self.directory.rename(grave)
        shutil.rmtree(grave, ignore_errors=True)


def _container_status(record: ContainerRecord) -> ContainerStatus:
    if record.finished_at:
        state = ContainerState.EXITED
    else:
        state = ContainerState.RUNNING if record.started_at else ContainerState.CREATED
    return ContainerStatus(
        id=record.id,
        name=record.name,
        attempt=record.attempt,
        image=record.image,
        image_id=record.image_id,
        state=state,
        started_at=_time(record.started_at),
        finished_at=_time(record.finished_at),
        exit_code=record.exit_code if record.finished_at else None,
        reason=record.reason,
        message=record.message,
    )


def _time(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
