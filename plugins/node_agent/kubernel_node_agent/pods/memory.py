"""What the agent remembers of a pod between two looks.

Losing it, when the agent is killed, costs a back-off that starts anew and a readiness that must be proven again.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kubernel.plugin.contracts.runtime import ContainerStatus

from kubernel_node_agent.settings import NodeSettings

__all__ = ["Health", "PodMemory", "Trouble"]

_MAX_DOUBLINGS = 16
_SHOWN_AS_PULL_ERROR = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a container is not started now.

    Attributes:
        reason: ``ErrImagePull``, ``ImagePullBackOff``, ``CreateContainerConfigError`` …
        message: In words.
        failures: How often in a row.
        since: When it happened last.
        retry_at: When to try again.
    """

    reason: str
    message: str
    failures: int
    since: datetime
    retry_at: datetime

    @property
    def shown_until(self) -> datetime:
        """Until when a failed pull is shown as ErrImagePull; from then on as ImagePullBackOff."""
        return min(self.since + _SHOWN_AS_PULL_ERROR, self.since + (self.retry_at - self.since) / 2)


@dataclass(slots=True)
class Health:
    """What the probes of one running container found; without a probe the answer is yes.

    Attributes:
        started: The startup probe succeeded once.
        ready: The readiness probe succeeds.
        failed: The sentence of the liveness or startup probe that asks for a restart; empty while all is well.
    """

    started: bool = True
    ready: bool = True
    failed: str = ""


@dataclass(slots=True)
class PodMemory:
    """Of one pod.

    Attributes:
        first_attempts: By container: the attempt from which its crashes are counted.
        troubles: By container: why it cannot be started now.
        sandbox_trouble: Why there is no sandbox.
        health: By container id.
        stopping: By container id: the running call that ends it, and until when.
        written: The status that was written last, as plain JSON.
        ip: The pod's address.
        told: What was said in an event and is not worth repeating.
    """

    first_attempts: dict[str, int] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    sandbox_trouble: Trouble | None = None
    health: dict[str, Health] = field(default_factory=dict)
    stopping: dict[str, tuple[asyncio.Task[None], float]] = field(default_factory=dict)
    written: dict[str, Any] | None = None
    ip: str = ""
    told: set[str] = field(default_factory=set)

    def restart_at(self, last: ContainerStatus, settings: NodeSettings) -> datetime | None:
        """Return when a container that ended may start again; ``None`` is at once.

        The first restart is free, then come 10 s, 20 s, … five minutes, as with the kubelet.
        """
        if last.finished_at is None:
            return None
        first = self.first_attempts.setdefault(last.name, last.attempt)
        if last.started_at and (last.finished_at - last.started_at).total_seconds() >= settings.back_off_reset_s:
            first = self.first_attempts[last.name] = last.attempt
        crashes = last.attempt - first
        if crashes == 0:
            return None
        return last.finished_at + timedelta(seconds=back_off_s(crashes, settings))

    def note_trouble(self, name: str, reason: str, message: str, now: datetime, settings: NodeSettings) -> Trouble:
        """Remember that a container could not be started, and when to try again."""
        before = self.troubles.get(name)
        failures = before.failures + 1 if before else 1
        trouble = Trouble(reason, message, failures, now, now + timedelta(seconds=back_off_s(failures, settings)))
        self.troubles[name] = trouble
        return trouble

    def back_off_from_pulling(self, name: str, message: str) -> None:
        """Call a failed pull by its other name, until the next try."""
        self.troubles[name] = replace(self.troubles[name], reason="ImagePullBackOff", message=message)

    def health_of(self, container_id: str) -> Health:
        """Return what the probes found."""
        return self.health.get(container_id) or Health()


def back_off_s(failures: int, settings: NodeSettings) -> float:
    """Return the wait after so many failures in a row."""
    doubled = settings.back_off_first_s * 2.0 ** min(failures - 1, _MAX_DOUBLINGS)
    return min(doubled, settings.back_off_limit_s)
