"""Role ``runtime`` (exclusive, entry-point group ``kubernel.runtime``): runs the pods of one machine.

The node agent decides *what* should run and when to restart; a runtime only does it: images, sandboxes,
containers, their logs and their ends. Every call is safe to repeat, because the caller may have died after the
runtime acted and before the API server was told.
"""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from kubernel.plugin.contracts.network import Attachment
from kubernel.plugin.contracts.plugin import Plugin

__all__ = [
    "CAPABILITY_LIVES_WITHOUT_AGENT",
    "CAPABILITY_NO_CONTAINERS",
    "ContainerNotFound",
    "ContainerSpec",
    "ContainerState",
    "ContainerStatus",
    "ImageUnavailable",
    "LogQuery",
    "Mount",
    "Runtime",
    "RuntimeUnavailable",
    "SandboxSpec",
    "SandboxStatus",
    "StartFailed",
]

CAPABILITY_LIVES_WITHOUT_AGENT = "lives-without-agent"
"""Containers go on running while the agent is away (it may be swapped without touching a pod)."""

CAPABILITY_NO_CONTAINERS = "no-containers"
"""There is nothing behind a pod: the agent may report every pod as Running at once."""


class ImageUnavailable(Exception):  # noqa: N818
    """The image is not there and could not be brought; the agent reports ErrImagePull and backs off."""


class StartFailed(Exception):  # noqa: N818
    """The container could not be started (no such program, no permission); counts as a failed attempt."""


class RuntimeUnavailable(Exception):  # noqa: N818
    """The engine does not answer now; repeat the call after ``retry_after_s`` seconds."""

    def __init__(self, message: str, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ContainerNotFound(Exception):  # noqa: N818
    """There is no such sandbox or container."""


@dataclass(frozen=True, slots=True)
class SandboxSpec:
    """A pod's surroundings.

    Attributes:
        uid: The pod's uid: the sandbox's identity.
        namespace, name, node: Where it belongs.
        hostname: What the containers see as host name.
        attachment: Its place in the network.
        labels, annotations: The pod's.
        cpu_millicores, memory_bytes: The pod's summed limits; ``None`` is unlimited.
    """

    uid: str
    namespace: str
    name: str
    node: str
    hostname: str
    attachment: Attachment
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    cpu_millicores: int | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or directory of the machine that a container sees at a place of its own.

    Attributes:
        source: An absolute path on the machine; it is there already.
        target: An absolute path in the container.
        read_only: Whether the container can only read it.
    """

    source: Path
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """What to run.

    Attributes:
        name: Unique in the pod.
        attempt: 0 for the first start, then 1, 2, …: makes a restart a distinct container.
        image: The image's name, already pulled.
        command: Replaces the image's entry point when not empty.
        args: Replaces the image's arguments when not empty.
        env: All variables, resolved.
        working_dir: Replaces the image's when not empty.
        cpu_millicores, memory_bytes: Limits; ``None`` is unlimited.
        run_as_user: A numeric uid, or ``None`` for the image's.
        mounts: The volumes, in the order in which they are mounted.
    """

    name: str
    attempt: int
    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    working_dir: str = ""
    cpu_millicores: int | None = None
    memory_bytes: int | None = None
    run_as_user: int | None = None
    mounts: tuple[Mount, ...] = ()


class ContainerState(StrEnum):
    """Where a container is in its one-way life."""

    CREATED = "created"
    RUNNING = "running"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class ContainerStatus:
    """One container as the runtime sees it; times are timezone-aware and in UTC.

    Attributes:
        id: The runtime's own id, without its scheme.
        name, attempt, image, image_id: From the spec, as resolved.
        state: See `ContainerState`.
        started_at, finished_at: ``None`` until it happened.
        exit_code: Of an exited container; 128 + n when signal n ended it.
        reason: ``Completed``, ``Error``, ``OOMKilled`` or ``ContainerCannotRun``; empty while it runs.
        message: What went wrong, for people.
    """

    id: str
    name: str
    attempt: int
    image: str
    image_id: str
    state: ContainerState
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SandboxStatus:
    """One sandbox with all containers that are not removed.

    Attributes:
        uid, namespace, name, node: As in `SandboxSpec`.
        alive: False when the surroundings died (killed, machine restarted): make a new one.
        containers: In no particular order; several attempts of one name may be there.
    """

    uid: str
    namespace: str
    name: str
    node: str
    alive: bool
    containers: tuple[ContainerStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which part of a log.

    Attributes:
        follow: Go on until the container ends.
        tail_lines: Only the last so many lines; ``None`` is all.
        since: Only lines written at or after this moment.
        timestamps: Put an RFC 3339 time with nanoseconds before each line.
        limit_bytes: Stop after so many bytes.
        stream: Only what was written to ``stdout`` or to ``stderr``; empty is both.
    """

    follow: bool = False
    tail_lines: int | None = None
    since: datetime | None = None
    timestamps: bool = False
    limit_bytes: int | None = None
    stream: str = ""


class Runtime(Plugin):
    """Runs sandboxes and containers on this machine. `info.name` is the scheme of container ids."""

    api_version: ClassVar[int] = 1

    @abstractmethod
    async def start(self, data: Path) -> None:
        """Connect to the engine or recover what runs already.

        Args:
            data: The runtime's own directory, there already; it survives restarts. The agent passes
                ``<cluster>/plugins/<agent>/runtimes/<name>``, and removes it when another runtime was chosen: what
                still runs on its account must then end by itself, soon.

        Raises:
            RuntimeUnavailable: The engine is not there; the agent reports its nodes NotReady and tries again.
        """

    @abstractmethod
    async def version(self) -> str:
        """Return the engine's version for ``kubectl get nodes -o wide``, such as ``process://0.1.0``."""

    @abstractmethod
    async def pull_image(self, image: str) -> str:
        """Make the image present and return its id; nothing happens when it is there.

        Raises:
            ImageUnavailable: There is no such image.
        """

    @abstractmethod
    async def run_sandbox(self, spec: SandboxSpec) -> None:
        """Make the pod's surroundings unless they are alive; containers of a dead sandbox count as exited."""

    @abstractmethod
    async def start_container(self, sandbox_uid: str, spec: ContainerSpec) -> str:
        """Start the container unless this attempt was started before; returns its id.

        Raises:
            StartFailed: The program cannot be run; nothing is left behind but the exited container.
            ContainerNotFound: There is no such sandbox.
        """

    @abstractmethod
    async def stop_container(self, container_id: str, grace_s: float) -> None:
        """End it: SIGTERM, after ``grace_s`` SIGKILL; returns when it has ended. Unknown ids are ended already."""

    @abstractmethod
    async def remove_container(self, container_id: str) -> None:
        """Forget an exited container and its log."""

    async def stop_sandbox(self, uid: str) -> None:
        """Let go of what a finished pod needs no more, but keep its containers' ends and logs; they count as exited.

        The agent calls it, possibly again and again, when no container of the pod runs or will run. A runtime whose
        sandboxes cost nothing does nothing.
        """

    @abstractmethod
    async def remove_sandbox(self, uid: str, grace_s: float) -> None:
        """Stop all its containers, forget them, their logs and the sandbox; nothing happens when it is gone."""

    @abstractmethod
    async def sandboxes(self) -> Sequence[SandboxStatus]:
        """Return everything that this runtime holds, also what an earlier process started."""

    async def sandbox(self, uid: str) -> SandboxStatus | None:
        """Return one sandbox, or ``None`` when there is none; worth overriding when there are many."""
        return next((held for held in await self.sandboxes() if held.uid == uid), None)

    @abstractmethod
    def events(self) -> AsyncGenerator[str, None]:
        """Yield a pod's uid whenever one of its containers ended or its sandbox died, until cancelled.

        A hint, not the truth: the agent looks at `sandboxes` again after each one and now and then without one.
        """

    @abstractmethod
    def logs(self, container_id: str, query: LogQuery) -> AsyncGenerator[bytes, None]:
        """Yield the container's stdout and stderr, interleaved as written, in chunks of whole lines.

        Raises:
            ContainerNotFound: On the first step, when the container is unknown.
        """

    async def stop(self) -> None:
        """Let go of the engine; containers go on running if the capability says so."""
