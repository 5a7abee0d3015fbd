"""Probing one container from its start to its end, by the kubelet's rules.

Until the startup probe has succeeded the others wait. Thresholds count answers of one kind in a row. A liveness or
startup probe that fails for good asks for a restart and ends; the next attempt of the container is probed anew.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

from kubernel.objects.models import core

from kubernel_node_agent.pods.memory import Health
from kubernel_node_agent.probes.checks import Answer, check, is_supported

__all__ = ["Probing", "first_health"]

_PERIOD_S = 10
_FAILURES = 3
_FIRST_WAIT_S = 0.05


def first_health(container: core.Container) -> Health:
    """Return what counts before any probe answered."""
    return Health(started=not _runs(container.startupProbe), ready=not _runs(container.readinessProbe))


class Probing:
    """The probes of one running container."""

    def __init__(
        self,
        container: core.Container,
        ip: str,
        health: Health,
        *,
        changed: Callable[[], None],
        unhealthy: Callable[[str], None],
    ) -> None:
        """Prepare to probe.

        Args:
            container: What to probe.
            ip: The pod's address.
            health: Where the findings go.
            changed: Called when they changed.
            unhealthy: Called with a sentence for each failed probe.
        """
        self._container = container
        self._ip = ip
        self._health = health
        self._changed = changed
        self._unhealthy = unhealthy

    async def run(self) -> None:
        """Probe until cancelled, or until a restart was asked for."""
        container = self._container
        if container.startupProbe is not None and not self._health.started and not await self._start():
            return
        async with asyncio.TaskGroup() as probes:
            if container.readinessProbe is not None and _runs(container.readinessProbe):
                probes.create_task(self._readiness(container.readinessProbe))
            if container.livenessProbe is not None and _runs(container.livenessProbe):
                probes.create_task(self._liveness("liveness probe", container.livenessProbe))

    async def _start(self) -> bool:
        probe = self._container.startupProbe
        assert probe is not None
        async for answer, in_a_row in self._answers("Startup", probe):
            if answer.succeeded and in_a_row >= (probe.successThreshold or 1):
                self._health.started = True
                self._changed()
                return True
            if not answer.succeeded and in_a_row >= (probe.failureThreshold or _FAILURES):
                self._ask_for_restart("startup probe")
                return False
        return False

    async def _readiness(self, probe: core.Probe) -> None:
        async for answer, in_a_row in self._answers("Readiness", probe):
            enough = (probe.successThreshold or 1) if answer.succeeded else (probe.failureThreshold or _FAILURES)
            if in_a_row >= enough and self._health.ready != answer.succeeded:
                self._health.ready = answer.succeeded
                self._changed()

    async def _liveness(self, name: str, probe: core.Probe) -> None:
        async for answer, in_a_row in self._answers("Liveness", probe):
            if not answer.succeeded and in_a_row >= (probe.failureThreshold or _FAILURES):
                self._ask_for_restart(name)
                return

    def _ask_for_restart(self, name: str) -> None:
        self._health.failed = name
        self._health.ready = False
        self._changed()

    async def _answers(self, name: str, probe: core.Probe) -> AsyncIterator[tuple[Answer, int]]:
        """Yield answers, one a period, each with how many of its kind came in a row."""
        period_s = float(probe.periodSeconds or _PERIOD_S)
        await asyncio.sleep(probe.initialDelaySeconds or 0)
        if name == "Liveness":
            # Spread, so that a thousand pods that start together are not asked together for ever.
            await asyncio.sleep(random.random() * period_s)
        else:
            await self._give_time(probe, period_s)
        in_a_row, before = 0, None
        while True:
            answer = await check(probe, self._container, self._ip)
            in_a_row = in_a_row + 1 if answer.succeeded == before else 1
            before = answer.succeeded
            if not answer.succeeded:
                self._unhealthy(f"{name} probe failed: {answer.message}")
            yield answer, in_a_row
            await asyncio.sleep(period_s)

    async def _give_time(self, probe: core.Probe, period_s: float) -> None:
        """Wait for the first success, for up to a period, asking at short intervals without counting.

        A program needs some moments until it listens; so a pod is ready when it is, and not a period later, and
        nothing is said of the moments before.
        """
        waited_s, wait_s = 0.0, _FIRST_WAIT_S
        while waited_s + wait_s < period_s and not (await check(probe, self._container, self._ip)).succeeded:
            await asyncio.sleep(wait_s)
            waited_s, wait_s = waited_s + wait_s, wait_s * 2


def _runs(probe: core.Probe | None) -> bool:
    return probe is not None and is_supported(probe)
