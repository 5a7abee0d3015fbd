"""What is to be done about a pod now: a pure function from what is seen to a plan.

The rules are the kubelet's: init containers one after the other, then all main ones; a container that ended is
restarted in place as the policy says, with a back-off; a finished pod stays finished.
"""

from dataclasses import dataclass, field
from datetime import datetime

from kubernel.objects.models import core
from kubernel.plugin.contracts.runtime import ContainerState, ContainerStatus

from kubernel_node_agent.pods.memory import PodMemory
from kubernel_node_agent.pods.reading import (
    all_containers,
    containers_of,
    deadline_of,
    init_containers_of,
    is_finished,
    is_sidecar,
    restart_policy,
)
from kubernel_node_agent.pods.seeing import Seen
from kubernel_node_agent.settings import NodeSettings

__all__ = ["Plan", "Start", "Stop", "decide", "is_done", "is_over_deadline", "is_restarted"]

_ATTEMPTS_KEPT = 2
"""The current one, and the one before it for ``logs --previous``."""


@dataclass(frozen=True, slots=True)
class Start:
    """Start this attempt of a container."""

    container: core.Container
    attempt: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End a running container; ``why`` goes into the event."""

    running: ContainerStatus
    why: str


@dataclass(slots=True)
class Plan:
    """What to do, in this order: stops, forgetting, the sandbox, starts.

    Attributes:
        stops: Containers to end.
        forget: Ids of ended attempts that nobody needs any more.
        needs_sandbox: Make the sandbox first.
        starts: Containers to start.
        look_again_at: When the next step is due although nothing happens before.
    """

    stops: list[Stop] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    needs_sandbox: bool = False
    starts: list[Start] = field(default_factory=list)
    look_again_at: datetime | None = None

    def wait_until(self, moment: datetime) -> None:
        """Look again at this moment, or earlier."""
        if self.look_again_at is None or moment < self.look_again_at:
            self.look_again_at = moment


def decide(pod: core.Pod, seen: Seen, memory: PodMemory, now: datetime, settings: NodeSettings) -> Plan:
    """Return what is to be done about a pod that nobody deletes."""
    plan = Plan()
    if is_finished(pod) or is_over_deadline(pod, now):
        plan.stops = [Stop(running, "Stopping container {name}") for running in seen.running()]
        return plan
    if deadline := deadline_of(pod):
        plan.wait_until(deadline)
    if memory.sandbox_trouble and memory.sandbox_trouble.retry_at > now:
        plan.wait_until(memory.sandbox_trouble.retry_at)
        return plan
    for attempts in seen.attempts.values():
        plan.forget += [old.id for old in attempts[:-_ATTEMPTS_KEPT]]
    if _initialise(pod, seen, plan):
        for container in containers_of(pod):
            _advance(pod, container, seen, plan)
    _hold_back(plan, seen, memory, now, settings)
    _restart_unhealthy(pod, seen, memory, plan)
    plan.needs_sandbox = bool(plan.starts) and not seen.sandbox_alive
    return plan


def is_over_deadline(pod: core.Pod, now: datetime) -> bool:
    """Whether the pod has been active longer than it may."""
    deadline = deadline_of(pod)
    return deadline is not None and deadline <= now


def is_restarted(pod: core.Pod, container: core.Container, last: ContainerStatus) -> bool:
    """Whether the policy restarts a container that ended so."""
    policy = restart_policy(pod, container)
    return policy == "Always" or (policy == "OnFailure" and last.exit_code != 0)


def is_done(pod: core.Pod, container: core.Container, seen: Seen) -> bool:
    """Whether a container ended and stays so."""
    last = seen.last(container.name)
    return last is not None and last.state is ContainerState.EXITED and not is_restarted(pod, container, last)


def _initialise(pod: core.Pod, seen: Seen, plan: Plan) -> bool:
    """Advance the init containers; returns whether the main ones may run."""
    if any(seen.last(container.name) for container in containers_of(pod)):
        # They ran once; of the init containers only the sidecars still matter.
        for container in filter(is_sidecar, init_containers_of(pod)):
            _advance(pod, container, seen, plan)
        return True
    for container in init_containers_of(pod):
        last = seen.last(container.name)
        if last is not None and not is_sidecar(container) and last.exit_code == 0:
            continue
        if is_done(pod, container, seen):
            return False
        _advance(pod, container, seen, plan)
        if not (is_sidecar(container) and last is not None and last.state is ContainerState.RUNNING):
            return False
    return True


def _advance(pod: core.Pod, container: core.Container, seen: Seen, plan: Plan) -> None:
    last = seen.last(container.name)
    if last is None:
        plan.starts.append(Start(container, 0))
    elif last.state is ContainerState.CREATED:
        # The agent or the shim died between making the container and starting it.
        plan.starts.append(Start(container, last.attempt))
    elif last.state is ContainerState.EXITED and is_restarted(pod, container, last):
        plan.starts.append(Start(container, last.attempt + 1))


def _hold_back(plan: Plan, seen: Seen, memory: PodMemory, now: datetime, settings: NodeSettings) -> None:
    due: list[Start] = []
    for start in plan.starts:
        name = start.container.name
        last, trouble = seen.last(name), memory.troubles.get(name)
        waits = [trouble.retry_at] if trouble else []
        if last is not None and last.state is ContainerState.EXITED and (moment := memory.restart_at(last, settings)):
            waits.append(moment)
        if waits and max(waits) > now:
            plan.wait_until(max(waits))
        else:
            due.append(start)
    plan.starts = due


def _restart_unhealthy(pod: core.Pod, seen: Seen, memory: PodMemory, plan: Plan) -> None:
    known = {container.name for container in all_containers(pod)}
    for running in seen.running():
        failed = memory.health_of(running.id).failed
        if failed and running.name in known:
            plan.stops.append(Stop(running, f"Container {{name}} failed {failed}, will be restarted"))
