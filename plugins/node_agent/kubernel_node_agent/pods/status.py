"""What is said of a pod: its status, computed from what is seen. Pure; the rules and words are the kubelet's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kubernel.objects.models import core
from kubernel.objects.pods.resources import qos_class
from kubernel.plugin.contracts.runtime import ContainerState, ContainerStatus

from kubernel_node_agent.pods.conditions import ConditionState, merged_conditions
from kubernel_node_agent.pods.deciding import is_done, is_over_deadline, is_restarted
from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import (
    containers_of,
    full_name,
    init_containers_of,
    is_being_deleted,
    is_finished,
    is_init,
    is_sidecar,
    spec_of,
)
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.settings import NodeSettings

__all__ = ["Surroundings", "pod_status"]

_START_FAILED = "ContainerCannotRun"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a pod's status takes from outside the pod: the runtime's scheme, the node's address, time, settings."""

    scheme: str
    host_ip: str
    now: datetime
    settings: NodeSettings


def pod_status(pod: core.Pod, seen: Seen, memory: PodMemory, around: Surroundings) -> core.PodStatus:
    """Return the pod's whole status."""
    before = pod.status or core.PodStatus()
    now = around.now.replace(microsecond=0)
    writer = _ContainerWriter(pod, seen, memory, around)
    status = core.PodStatus(
        phase=before.phase if is_finished(pod) else _phase(pod, seen, around.now),
        hostIP=around.host_ip,
        hostIPs=[core.HostIP(ip=around.host_ip)],
        podIP=memory.ip or before.podIP,
        startTime=before.startTime or now,
        qosClass=before.qosClass or qos_class(spec_of(pod)),
        initContainerStatuses=writer.write_all(init_containers_of(pod)) or None,
        containerStatuses=writer.write_all(containers_of(pod)) or None,
        reason=before.reason,
        message=before.message,
        observedGeneration=pod.metadata.generation if pod.metadata else None,
    )
    if status.podIP:
        status.podIPs = [core.PodIP(ip=status.podIP)]
    if is_over_deadline(pod, around.now) and not is_finished(pod):
        status.reason = "DeadlineExceeded"
        status.message = "Pod was active on the node longer than the specified deadline"
    status.conditions = merged_conditions(before.conditions or [], _conditions(pod, seen, status), now)
    return status


def _phase(pod: core.Pod, seen: Seen, now: datetime) -> str:
    if is_over_deadline(pod, now):
        return "Failed"
    if _failed_init(pod, seen):
        return "Failed"
    lasts = [seen.last(container.name) for container in containers_of(pod)]
    if any(last is None or last.state is ContainerState.CREATED for last in lasts):
        return "Pending"
    done = [is_done(pod, container, seen) for container in containers_of(pod)]
    if not all(done):
        return "Running"
    return "Succeeded" if all(last is not None and last.exit_code == 0 for last in lasts) else "Failed"


def _failed_init(pod: core.Pod, seen: Seen) -> bool:
    for container in init_containers_of(pod):
        last = seen.last(container.name)
        if last is not None and last.exit_code and is_done(pod, container, seen):
            return True
    return False


def _conditions(pod: core.Pod, seen: Seen, status: core.PodStatus) -> list[ConditionState]:
    finished = status.phase in ("Succeeded", "Failed")
    waiting_init = (
        [each.name for each in status.initContainerStatuses or [] if not _is_initialised(pod, each)]
        if status.phase != "Succeeded"
        else []
    )
    unready = [each.name for each in status.containerStatuses or [] if not each.ready]
    if finished:
        reason, message = ("PodCompleted" if status.phase == "Succeeded" else "PodFailed"), ""
    else:
        reason, message = "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    ready = not unready and status.phase == "Running"
    gates = _unmet_gates(pod)
    return [
        ConditionState("PodReadyToStartContainers", seen.sandbox_alive and not is_being_deleted(pod)),
        ConditionState(
            "Initialized",
            not waiting_init,
            "ContainersNotInitialized" if waiting_init else ("PodCompleted" if status.phase == "Succeeded" else ""),
            f"containers with incomplete status: [{' '.join(waiting_init)}]" if waiting_init else "",
        ),
        ConditionState(
            "Ready",
            ready and not gates,
            "" if ready and not gates else (reason if not ready else "ReadinessGatesNotReady"),
            "" if ready and not gates else (message if not ready else f"unmet readiness gates: [{' '.join(gates)}]"),
        ),
        ConditionState("ContainersReady", ready, "" if ready else reason, "" if ready else message),
    ]


def _unmet_gates(pod: core.Pod) -> list[str]:
    true = {each.type for each in (pod.status and pod.status.conditions) or [] if each.status == "True"}
    return [gate.conditionType for gate in spec_of(pod).readinessGates or [] if gate.conditionType not in true]


def _is_initialised(pod: core.Pod, status: core.ContainerStatus) -> bool:
    container = next(each for each in init_containers_of(pod) if each.name == status.name)
    if is_sidecar(container):
        return bool(status.started)
    return bool(status.state and status.state.terminated and status.state.terminated.exitCode == 0)


class _ContainerWriter:
    """Writes the statuses of a pod's containers."""

    def __init__(self, pod: core.Pod, seen: Seen, memory: PodMemory, around: Surroundings) -> None:
        self._pod = pod
        self._seen = seen
        self._memory = memory
        self._around = around

    def write_all(self, containers: Iterable[core.Container]) -> list[core.ContainerStatus]:
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
        wait = f"{int(delay_s // 60)}m{int(delay_s % 60)}s" if delay_s >= 60 else f"{delay_s:g}s"
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
    plain: Sequence[core.Container] = [each for each in init_containers_of(pod) if not is_sidecar(each)]
    return all((last := seen.last(each.name)) is not None and last.exit_code == 0 for each in plain)


def _seconds(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None
