"""What is there of a pod: the runtime's view, completed by what the API remembers.

A runtime forgets when the machine restarts or the cluster is shut down; the API does not. A container that the API
calls started and the runtime does not know has ended, and is counted, so that a restart stays a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerState, ContainerStatus, SandboxStatus

from kubernel_node_agent.pods.reading import utc_now

__all__ = ["Seen", "see"]

_LOST = "The container could not be located when the pod was looked at"
_LOST_EXIT_CODE = 137


@dataclass(frozen=True, slots=True)
class Seen:
    """A pod as it is.

    Attributes:
        sandbox_alive: Whether its surroundings are there.
        has_sandbox: Whether the runtime holds anything of it, alive or not.
        attempts: By container name: what is known of its attempts, the oldest first.
    """

    sandbox_alive: bool = False
    has_sandbox: bool = False
    attempts: Mapping[str, Sequence[ContainerStatus]] = field(default_factory=dict)

    def last(self, name: str) -> ContainerStatus | None:
        """Return the latest attempt of a container."""
        attempts = self.attempts.get(name)
        return attempts[-1] if attempts else None

    def running(self) -> list[ContainerStatus]:
        """Return what runs."""
        return [each[-1] for each in self.attempts.values() if each and each[-1].state is ContainerState.RUNNING]


def see(pod: core.Pod | None, sandbox: SandboxStatus | None, *, trust_api: bool) -> Seen:
    """Put the two views together.

    Args:
        pod: The pod, or ``None`` when the API does not know it.
        sandbox: What the runtime holds.
        trust_api: The runtime has no containers: what the API calls running runs.
    """
    attempts: dict[str, list[ContainerStatus]] = {}
    for container in sorted(sandbox.containers if sandbox else (), key=lambda c: c.attempt):
        attempts.setdefault(container.name, []).append(container)
    status = pod.status if pod else None
    for told in [*(status.initContainerStatuses or []), *(status.containerStatuses or [])] if status else []:
        if told.name not in attempts and (remembered := _remembered(told, trust_api=trust_api)):
            attempts[told.name] = [remembered]
    alive = sandbox is not None and sandbox.alive
    return Seen(alive or (trust_api and bool(attempts)), sandbox is not None, attempts)


def _remembered(told: core.ContainerStatus, *, trust_api: bool) -> ContainerStatus | None:
    state = told.state or core.ContainerState()
    ended = state.terminated or (told.lastState.terminated if told.lastState and not state.running else None)
    if ended is None and state.running is None:
        return None
    common = ContainerStatus(
        id=(told.containerID or "").partition("://")[2],
        name=told.name,
        attempt=told.restartCount,
        image=told.image,
        image_id=told.imageID,
        state=ContainerState.RUNNING if trust_api and state.running else ContainerState.EXITED,
        started_at=state.running.startedAt if state.running else (ended.startedAt if ended else None),
    )
    if common.state is ContainerState.RUNNING:
        return common
    if ended is not None:
        return _with_end(common, ended)
    return ContainerStatus(
        id=common.id,
        name=common.name,
        attempt=common.attempt,
        image=common.image,
        image_id=common.image_id,
        state=ContainerState.EXITED,
        started_at=common.started_at,
        finished_at=utc_now(),
        exit_code=_LOST_EXIT_CODE,
        reason="ContainerStatusUnknown",
        message=_LOST,
    )


def _with_end(common: ContainerStatus, ended: core.ContainerStateTerminated) -> ContainerStatus:
    return ContainerStatus(
        id=(ended.containerID or "").partition("://")[2] or common.id,
        name=common.name,
        attempt=common.attempt,
        image=common.image,
        image_id=common.image_id,
        state=ContainerState.EXITED,
        started_at=ended.startedAt,
        finished_at=ended.finishedAt,
        exit_code=ended.exitCode,
        reason=ended.reason or "",
        message=ended.message or "",
    )
