"""What is said of a pod: its status, computed from what is seen. Pure; the rules and words are the kubelet's."""

from dataclasses import replace
from datetime import datetime

from kubernel.objects.models import core
from kubernel.objects.pods.resources import qos_class
from kubernel.plugin.contracts.runtime import ContainerState

from kubernel_node_agent.pods.deciding import is_done, is_over_deadline
from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import (
    FINISHED,
    containers_of,
    init_containers_of,
    is_being_deleted,
    is_finished,
    is_sidecar,
    spec_of,
)
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.pods.status.conditions import ConditionState, merged_conditions
from kubernel_node_agent.pods.status.containers import ContainerWriter, Surroundings

__all__ = ["pod_status"]


def pod_status(pod: core.Pod, seen: Seen, memory: PodMemory, around: Surroundings) -> core.PodStatus:
    """Return the pod's whole status."""
    before = pod.status or core.PodStatus()
    now = around.now.replace(microsecond=0)
    writer = ContainerWriter(pod, seen, memory, around)
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
    ready = _containers_ready(status)
    return [
        ConditionState("PodReadyToStartContainers", seen.sandbox_alive and not is_being_deleted(pod)),
        _initialised(pod, status),
        _pod_ready(pod, ready),
        ready,
    ]


def _initialised(pod: core.Pod, status: core.PodStatus) -> ConditionState:
    if status.phase == "Succeeded":
        return ConditionState("Initialized", is_true=True, reason="PodCompleted")
    waiting = [each.name for each in status.initContainerStatuses or [] if not _is_initialised(pod, each)]
    if not waiting:
        return ConditionState("Initialized", is_true=True)
    message = f"containers with incomplete status: [{' '.join(waiting)}]"
    return ConditionState("Initialized", is_true=False, reason="ContainersNotInitialized", message=message)


def _containers_ready(status: core.PodStatus) -> ConditionState:
    unready = [each.name for each in status.containerStatuses or [] if not each.ready]
    if status.phase == "Running" and not unready:
        return ConditionState("ContainersReady", is_true=True)
    if status.phase in FINISHED:
        reason = "PodCompleted" if status.phase == "Succeeded" else "PodFailed"
        return ConditionState("ContainersReady", is_true=False, reason=reason)
    message = f"containers with unready status: [{' '.join(unready)}]"
    return ConditionState("ContainersReady", is_true=False, reason="ContainersNotReady", message=message)


def _pod_ready(pod: core.Pod, containers: ConditionState) -> ConditionState:
    if not containers.is_true:
        return replace(containers, type="Ready")
    if gates := _unmet_gates(pod):
        message = f"unmet readiness gates: [{' '.join(gates)}]"
        return ConditionState("Ready", is_true=False, reason="ReadinessGatesNotReady", message=message)
    return ConditionState("Ready", is_true=True)


def _unmet_gates(pod: core.Pod) -> list[str]:
    true = {each.type for each in (pod.status and pod.status.conditions) or [] if each.status == "True"}
    return [gate.conditionType for gate in spec_of(pod).readinessGates or [] if gate.conditionType not in true]


def _is_initialised(pod: core.Pod, status: core.ContainerStatus) -> bool:
    container = next(each for each in init_containers_of(pod) if each.name == status.name)
    if is_sidecar(container):
        return bool(status.started)
    return bool(status.state and status.state.terminated and status.state.terminated.exitCode == 0)
