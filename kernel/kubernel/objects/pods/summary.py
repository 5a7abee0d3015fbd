"""A pod in four words: how many containers are ready, its status, its restarts.

The status column of ``kubectl get pods`` is no field; it is worked out from the phase, the containers' states and the
deletion, by this logic. Source: Kubernetes' ``pkg/printers/internalversion`` (``printPod``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kubernel.objects.cells import duration
from kubernel.objects.models import core

__all__ = ["PodSummary", "summarise"]


@dataclass(slots=True)
class PodSummary:
    """What the columns READY, STATUS and RESTARTS say.

    Attributes:
        ready, total: Containers, with init containers that keep running.
        reason: The status in one word.
        restarts: Of all containers together.
        last_restart: When a container ended last, before its newest start.
    """

    ready: int = 0
    total: int = 0
    reason: str = ""
    restarts: int = 0
    last_restart: datetime | None = None

    def count(self, status: core.ContainerStatus) -> None:
        """Add one container's restarts."""
        self.restarts += status.restartCount
        ended = status.lastState.terminated.finishedAt if status.lastState and status.lastState.terminated else None
        if ended is not None and (self.last_restart is None or ended > self.last_restart):
            self.last_restart = ended

    def restarts_text(self, now: datetime) -> str:
        """Return ``0``, or ``2 (5s ago)``."""
        if self.restarts == 0 or self.last_restart is None:
            return str(self.restarts)
        return f"{self.restarts} ({duration((now - self.last_restart).total_seconds())} ago)"


def summarise(pod: core.Pod) -> PodSummary:
    """Work out a pod's summary."""
    spec = pod.spec or core.PodSpec(containers=[])
    status = pod.status or core.PodStatus()
    sidecars = {c.name for c in spec.initContainers or () if c.restartPolicy == "Always"}
    result = PodSummary(total=len(spec.containers) + len(sidecars), reason=status.reason or status.phase or "")
    if any(c.type == "PodScheduled" and c.reason == "SchedulingGated" for c in status.conditions or ()):
        result.reason = "SchedulingGated"
    initialising = _initialise(result, status, sidecars, len(spec.initContainers or ()))
    if not initialising or _is_true(status, "Initialized"):
        _run(result, status, sidecars)
    if pod.metadata and pod.metadata.deletionTimestamp:
        if status.reason == "NodeLost":
            result.reason = "Unknown"
        elif status.phase not in {"Succeeded", "Failed"}:
            result.reason = "Terminating"
    return result


def _is_true(status: core.PodStatus, condition: str) -> bool:
    return any(c.type == condition and c.status == "True" for c in status.conditions or ())


def _initialise(result: PodSummary, status: core.PodStatus, sidecars: set[str], total: int) -> bool:
    """Add the init containers up to the first that is not done; return whether there is one."""
    for index, container in enumerate(status.initContainerStatuses or ()):
        result.count(container)
        state = container.state or core.ContainerState()
        if state.terminated is not None and state.terminated.exitCode == 0:
            continue
        if container.name in sidecars and container.started:
            result.ready += container.ready
            continue
        if state.terminated is not None:
            result.reason = f"Init:{_ending(state.terminated)}"
        elif state.waiting is not None and state.waiting.reason not in {None, "", "PodInitializing"}:
            result.reason = f"Init:{state.waiting.reason}"
        else:
            result.reason = f"Init:{index}/{total}"
        return True
    return False


def _ending(state: core.ContainerStateTerminated) -> str:
    if state.reason:
        return state.reason
    return f"Signal:{state.signal}" if state.signal else f"ExitCode:{state.exitCode}"


def _run(result: PodSummary, status: core.PodStatus, sidecars: set[str]) -> None:
    """Add the containers proper; once they run, the init containers' restarts are history, but for sidecars."""
    result.restarts, result.last_restart = 0, None
    for container in _sidecar_statuses(status, sidecars):
        result.count(container)
    has_running = False
    for container in reversed(status.containerStatuses or ()):
        result.count(container)
        state = container.state or core.ContainerState()
        if state.waiting is not None and state.waiting.reason:
            result.reason = state.waiting.reason
        elif state.terminated is not None:
            result.reason = _ending(state.terminated)
        elif container.ready and state.running is not None:
            has_running = True
            result.ready += 1
    if result.reason == "Completed" and has_running:
        result.reason = "Running" if _is_true(status, "Ready") else "NotReady"


def _sidecar_statuses(status: core.PodStatus, sidecars: set[str]) -> Iterable[core.ContainerStatus]:
    return (c for c in status.initContainerStatuses or () if c.name in sidecars)
