"""A unit keeps one host alive for one Plugin object: start, watch, restart with back-off, swap, stop.

    wanted ──► start ──► serving ──► (ended, hung) ──► back-off ──► start
                            │
                            └─ another plan wanted ──► swap ──► serving, the new one or the old one

A plan that was refused is wanted nevertheless: it is tried again now and then, as long as trying is harmless, so that
a missing distribution which is installed later comes into service by itself.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from kubernel.client.backoff import Backoff
from kubernel.cluster.processes.backoff import RestartBackoff
from kubernel.cluster.units.host import Host, HostFailed
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import Plan
from kubernel.cluster.units.swap import SwapFailed, swap
from kubernel.host.main import HEARTBEAT_S
from kubernel.host.reports import Origin

__all__ = ["EventType", "Tell", "Unit", "UnitState"]

REFUSED_RETRIES = Backoff(first_s=10.0, limit_s=300.0)
"""Nobody waits for it: whoever mends the plugin asks again (`Plan.retry`), which is answered at once."""

EventType = Literal["Normal", "Warning"]

_log = logging.getLogger("supervisor")


@dataclass(frozen=True, slots=True)
class UnitState:
    """What came of a plan.

    Attributes:
        plan: The plan that was acted upon, whether it succeeded or not.
        phase: ``Pending``, ``Running`` or ``Failed``.
        is_ready: Whether a host serves.
        origins: The drivers that serve, which after a failed swap are the old ones.
        pid: The host's process; ``None`` when there is none.
        restarts: How often a host was started again.
        message: What is wrong; empty when nothing is.
    """

    plan: Plan
    phase: Literal["Pending", "Running", "Failed"] = "Pending"
    is_ready: bool = False
    origins: tuple[Origin, ...] = ()
    pid: int | None = None
    restarts: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Whom a unit tells what happens.

    Attributes:
        state: Called with every new state.
        event: Called with type, reason and message of an event on the unit's object.
    """

    state: Callable[[UnitState], None]
    event: Callable[[EventType, str, str], None]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A wanted plan that could not be brought into service."""

    plan: Plan
    reason: str
    is_harmless: bool


class Unit:
    """One object's host.

    Attributes:
        settled: Set when the first start has succeeded or failed.
    """

    def __init__(self, name: str, plan: Plan, launcher: Launcher, tell: Tell) -> None:
        self.name = name
        self.settled = asyncio.Event()
        self._wanted = plan
        self._launcher = launcher
        self._tell = tell
        self._state = UnitState(plan)
        self._changed = asyncio.Event()
        self._backoff = RestartBackoff(asyncio.get_running_loop().time)
        self._host: Host | None = None
        self._proven: Plan | None = None
        self._refusal: _Refusal | None = None
        self._refusals = 0
        self._wait_s: float | None = None
        self._task = asyncio.create_task(self._run(), name=f"unit {name}")

    @property
    def state(self) -> UnitState:
        """What came of the plan until now."""
        return self._state

    def want(self, plan: Plan) -> None:
        """Ask for a plan; nothing happens when it is the one that serves.

        A plan that was refused is tried again at once when it is asked for anew: by another change of its objects'
        specs, or with another `Plan.retry`.
        """
        before, self._wanted = self._wanted, plan
        is_touched = plan.generations != before.generations
        if plan != before or plan.retry != before.retry or (self._refusal and is_touched):
            self._refusal, self._refusals = None, 0
            self._backoff.reset()
            self._changed.set()
        elif is_touched:
            self._publish(plan=plan)

    async def stop(self) -> None:
        """Stop the host and forget the object."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        if self._host is not None:
            await self._host.stop()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            self._wait_s = None
            try:
                await self._act()
            except Exception:  # noqa: BLE001 - one unit's surprise must not end the supervisor; it tries again
                _log.exception("%s: acting on its plan failed", self.name)
                self._wait_s = self._backoff.ended()
            self.settled.set()
            await self._until_something_happens()

    async def _act(self) -> None:
        wanted = self._wanted
        if self._host is None:
            await self._start(self._proven if self._refusal and self._proven else wanted)
        elif wanted != self._host.plan:
            await self._swap(self._host, wanted)
        elif self._state.message or self._state.plan.retry != wanted.retry:
            self._publish(plan=wanted, message="")  # what is asked for, perhaps once more, is what serves

    async def _start(self, plan: Plan) -> None:
        self._backoff.started()
        try:
            await self._launcher.install(plan)
            host = await self._launcher.start(plan)
        except HostFailed as error:
            self._start_failed(plan, str(error))
            return
        self._serve_with(host)
        self._publish(plan=self._wanted, message=self._refusal.reason if self._refusal else "")
        self._wait_s = self._until_retry_s()
        _log.info("%s: %s is ready", self.name, plan.title)

    def _start_failed(self, plan: Plan, reason: str) -> None:
        self._wait_s = self._backoff.ended()
        if self._proven is not None and plan != self._proven:
            self._refusal, self._wait_s = _Refusal(plan, reason, is_harmless=False), 0.0  # back to what served before
        self._complain("Failed", reason, reason)
        self._publish(plan=plan, phase="Failed", is_ready=False, pid=None, origins=(), message=reason)

    async def _swap(self, old: Host, plan: Plan) -> None:
        before = old.plan.title
        _log.info("%s: swapping %s for %s", self.name, before, plan.title)
        try:
            self._serve_with(await swap(old, plan, self._launcher))
        except SwapFailed as error:
            self._swap_failed(plan, error, before)
            return
        self._refusal = None
        self._publish(plan=plan, message="")
        self._tell.event("Normal", "Swapped", f"{before} → {plan.title}")
        _log.info("%s: %s serves", self.name, plan.title)

    def _swap_failed(self, plan: Plan, error: SwapFailed, before: str) -> None:
        self._refusal = _Refusal(plan, error.reason, error.is_harmless)
        self._complain("SwapFailed", error.reason, f"{before} stays: {error.reason}")
        if error.host is None:
            self._host, self._wait_s = None, self._backoff.ended()
            self._publish(plan=plan, phase="Failed", is_ready=False, pid=None, origins=(), message=error.reason)
            return
        self._serve_with(error.host)
        self._wait_s = self._until_retry_s()
        self._publish(plan=plan, message=error.reason)

    def _complain(self, reason: str, message: str, event: str) -> None:
        """Say it once, not at every retry."""
        if message != self._state.message:
            _log.error("%s: %s: %s", self.name, reason, event)
            self._tell.event("Warning", reason, event)

    def _until_retry_s(self) -> float | None:
        if self._refusal is None or not self._refusal.is_harmless:
            return None
        self._refusals += 1
        return REFUSED_RETRIES.delay_s(self._refusals)

    def _serve_with(self, host: Host) -> None:
        self._host, self._proven = host, host.plan
        self._state = replace(self._state, phase="Running", is_ready=True, pid=host.child.pid, origins=host.origins)

    async def _until_something_happens(self) -> None:
        """Return when the plan changed, when the host ended, or after the wait that `_act` decided on."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait_s if self._wait_s is not None else float("inf")
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            while not changed.done() and (left_s := deadline - loop.time()) > 0:
                happenings: set[asyncio.Future[Any]] = {changed}
                if self._host is not None:
                    happenings.add(self._host.child.ended)
                await asyncio.wait(happenings, timeout=min(left_s, HEARTBEAT_S), return_when=asyncio.FIRST_COMPLETED)
                if self._host is not None and await self._has_ended(self._host):
                    deadline = loop.time() + self._lose_host()
        finally:
            changed.cancel()

    async def _has_ended(self, host: Host) -> bool:
        if host.child.is_alive and host.is_hung():
            await host.abort()
        return not host.child.is_alive

    def _lose_host(self) -> float:
        """The host has ended by itself; return how long to wait before it is started again."""
        assert self._host is not None
        reason, self._host = self._host.last_words(), None
        wait_s = self._backoff.ended()
        _log.warning("%s: %s; starting again in %.1f s", self.name, reason, wait_s)
        self._tell.event("Warning", "BackOff", reason)
        self._publish(is_ready=False, pid=None, restarts=self._state.restarts + 1, message=reason)
        return wait_s

    def _publish(self, **changes: Any) -> None:  # noqa: ANN401 - fields of UnitState, which checks their names
        self._state = replace(self._state, **changes)
        self._tell.state(self._state)
