"""The statuses of a pod's containers: where each is now, where it was, and why it waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerState, ContainerStatus

from kubernel_node_agent.pods.deciding import is_over_deadline, is_restarted
from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import full_name, init_containers_of, is_being_deleted, is_finished, is_init
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.settings import NodeSettings

__all__ = ["ContainerWriter", "Surroundings"]

_START_FAILED = "ContainerCannotRun"
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a pod's status takes from outside the pod: the runtime's scheme, the node's address, time, settings."""

    scheme: str
    host_ip: str
    now: datetime
    settings: NodeSettings


class ContainerWriter:
    """Writes the statuses of a pod's containers."""

    def __init__(self, pod: core.Pod, seen: Seen, memory: PodMemory, around: Surroundings) -> None:
        self._pod = pod
        self._seen = seen
        self._memory = memory
        self._around = around

    def write_all(self, containers: Iterable[core.Container]) -> list[core.ContainerStatus]:
        """Return their statuses, in the order of the spec."""
        return [self._write(container) for container in containers]

    def _write(self, container: core.Container) -> core.ContainerStatus:
        last = self._seen.last(container.name)
        if last is None or last.state is ContainerState.CREATED:
            return core.ContainerStatus(
                name=container.name,
                image=container.image or "",
                imageID="",
                ready=False,
                started=False,
                restartCount=last.attempt if last else 0,
                state=core.ContainerState(waiting=self._waiting(container)),
            )
        health = self._memory.health_of(last.id)
        is_running = last.state is ContainerState.RUNNING
        runs_to_its_end = is_init(self._pod, container)
        succeeded = runs_to_its_end and last.exit_code == 0
        return core.ContainerStatus(
            name=container.name,
            image=last.image,
            imageID=last.image_id,
            containerID=self._id(last),
            ready=succeeded or (is_running and health.started and health.ready and not runs_to_its_end),
            started=is_running and health.started,
            restartCount=last.attempt,
            state=self._state(container, last),
            lastState=self._last_state(container, last),
        )

    def _state(self, container: core.Container, last: ContainerStatus) -> core.ContainerState:
        if last.state is ContainerState.RUNNING:
            return core.ContainerState(running=core.ContainerStateRunning(startedAt=_seconds(last.started_at)))
        if self._restarts(container, last):
            return core.ContainerState(waiting=self._back_off(container, last))
        return core.ContainerState(terminated=self._terminated(last))

    def _last_state(self, container: core.Container, last: ContainerStatus) -> core.ContainerState | None:
        if last.state is ContainerState.EXITED and self._restarts(container, last):
            return core.ContainerState(terminated=self._terminated(last))
        attempts = self._seen.attempts[container.name]
        if len(attempts) > 1:
            return core.ContainerState(terminated=self._terminated(attempts[-2]))
        return self._remembered_last_state(container.name, last)

    def _remembered_last_state(self, name: str, last: ContainerStatus) -> core.ContainerState | None:
        # The runtime may have lost the attempt before this one; the API has not.
        status = self._pod.status or core.PodStatus()
        for told in [*(status.containerStatuses or []), *(status.initContainerStatuses or [])]:
            if told.name == name and told.restartCount == last.attempt:
                return told.lastState
        return None

    def _restarts(self, container: core.Container, last: ContainerStatus) -> bool:
        if is_being_deleted(self._pod) or is_finished(self._pod) or is_over_deadline(self._pod, self._around.now):
            return False
        return is_restarted(self._pod, container, last)

    def _back_off(self, container: core.Container, last: ContainerStatus) -> core.ContainerStateWaiting:
        if container.name in self._memory.troubles:
            return self._waiting(container)
        moment = self._memory.restart_at(last, self._around.settings)
        if moment is None or last.finished_at is None:
            return core.ContainerStateWaiting(reason="ContainerCreating")
        delay_s = (moment - last.finished_at).total_seconds()
        wait = f"{int(delay_s // _MINUTE_S)}m{int(delay_s % _MINUTE_S)}s" if delay_s >= _MINUTE_S else f"{delay_s:g}s"
        message = f"back-off {wait} restarting failed container={container.name} pod={full_name(self._pod)}"
        return core.ContainerStateWaiting(reason="CrashLoopBackOff", message=message)

    def _waiting(self, container: core.Container) -> core.ContainerStateWaiting:
        if trouble := self._memory.troubles.get(container.name):
            return core.ContainerStateWaiting(reason=trouble.reason, message=trouble.message)
        is_initialised = _are_initialised(self._pod, self._seen)
        return core.ContainerStateWaiting(reason="ContainerCreating" if is_initialised else "PodInitializing")

    def _terminated(self, last: ContainerStatus) -> core.ContainerStateTerminated:
        exit_code = last.exit_code or 0
        return core.ContainerStateTerminated(
            exitCode=exit_code,
            reason="StartError" if last.reason == _START_FAILED else last.reason or None,
            message=last.message or None,
            signal=None,
            startedAt=_seconds(last.started_at),
            finishedAt=_seconds(last.finished_at),
            containerID=self._id(last),
        )

    def _id(self, container: ContainerStatus) -> str | None:
        return f"{self._around.scheme}://{container.id}" if container.id else None


def _are_initialised(pod: core.Pod, seen: Seen) -> bool:
    plain = [each for each in init_containers_of(pod) if is_init(pod, each)]
    return all((last := seen.last(each.name)) is not None and last.exit_code == 0 for each in plain)


def _seconds(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None
