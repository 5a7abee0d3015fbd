"""A unit keeps one host alive for one Plugin object: start, watch, restart with back-off, swap, stop.

wanted ──► start ──► serving ──► (ended, hung) ──► back-off ──► start
                        │
                        └─ another plan wanted ──► swap ──► serving, the new one or the old one
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from kubernel.cluster.processes.backoff import RestartBackoff
from kubernel.cluster.units.host import Host, HostFailed
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import Plan
from kubernel.cluster.units.swap import SwapFailed, swap
from kubernel.host.main import HEARTBEAT_S
from kubernel.host.reports import Origin

__all__ = ["Tell", "Unit", "UnitState"]

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


EventType = Literal["Normal", "Warning"]


@dataclass(frozen=True, slots=True)
class Tell:
    """Whom a unit tells what happens.

    Attributes:
        state: Called with every new state.
        event: Called with type, reason and message of an event on the unit's object.
    """

    state: Callable[[UnitState], None]
    event: Callable[[EventType, str, str], None]


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
        self._refused: Plan | None = None
        self._delay_s: float | None = None
        self._task = asyncio.create_task(self._run(), name=f"unit {name}")

    @property
    def state(self) -> UnitState:
        """What came of the plan until now."""
        return self._state

    def want(self, plan: Plan) -> None:
        """Ask for a plan; nothing happens when it is the one that serves.

        A plan that was refused is tried again when it is asked for anew: by another change of its objects' specs,
        or with another `Plan.retry`.
        """
        before, self._wanted = self._wanted, plan
        if plan != before or plan.retry != before.retry:
            self._refused = None
            self._backoff.reset()
            self._changed.set()
        elif plan.generations != before.generations:
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
            try:
                await self._act()
            except Exception:  # noqa: BLE001 - one unit's surprise must not end the supervisor; it tries again
                _log.exception("%s: acting on its plan failed", self.name)
                self._delay_s = self._backoff.ended()
            self.settled.set()
            await self._until_something_happens()

    async def _act(self) -> None:
        wanted = self._wanted
        if self._host is None:
            await self._start(self._proven if wanted == self._refused and self._proven is not None else wanted)
        elif wanted not in (self._host.plan, self._refused):
            await self._swap(self._host, wanted)
        elif wanted == self._host.plan and self._state.message:
            self._publish(plan=wanted, message="")  # asked back to what serves after a failed swap

    async def _start(self, plan: Plan) -> None:
        self._delay_s = None
        self._backoff.started()
        try:
            await self._launcher.install(plan)
            host = await self._launcher.start(plan)
        except HostFailed as error:
            self._start_failed(plan, str(error))
            return
        self._serve_with(host)
        self._publish(plan=self._wanted, message=self._state.message if self._refused else "")
        _log.info("%s: %s is ready", self.name, plan.title)

    def _start_failed(self, plan: Plan, reason: str) -> None:
        self._delay_s = self._backoff.ended()
        if self._proven is not None and plan != self._proven:
            self._refused, self._delay_s = plan, 0.0  # go back to what served before
        if reason != self._state.message:
            _log.error("%s: %s", self.name, reason)
            self._tell.event("Warning", "Failed", reason)
        self._publish(plan=plan, phase="Failed", is_ready=False, pid=None, origins=(), message=reason)

    async def _swap(self, old: Host, plan: Plan) -> None:
        before = old.plan.title
        _log.info("%s: swapping %s for %s", self.name, before, plan.title)
        try:
            self._serve_with(await swap(old, plan, self._launcher))
        except SwapFailed as error:
            self._swap_failed(plan, error, before)
            return
        self._publish(plan=plan, message="")
        self._tell.event("Normal", "Swapped", f"{before} → {plan.title}")
        _log.info("%s: %s serves", self.name, plan.title)

    def _swap_failed(self, plan: Plan, error: SwapFailed, before: str) -> None:
        _log.error("%s: swapping to %s failed: %s", self.name, plan.title, error.reason)
        self._tell.event("Warning", "SwapFailed", f"{before} stays: {error.reason}")
        self._refused = plan
        if error.host is not None:
            self._serve_with(error.host)
            self._publish(plan=plan, message=error.reason)
            return
        self._host, self._delay_s = None, self._backoff.ended()
        self._publish(plan=plan, phase="Failed", is_ready=False, pid=None, origins=(), message=error.reason)

    def _serve_with(self, host: Host) -> None:
        self._host, self._proven = host, host.plan
        self._state = replace(self._state, phase="Running", is_ready=True, pid=host.child.pid, origins=host.origins)

    async def _until_something_happens(self) -> None:
        """Return when the plan changed, or when it is time to start a host that ended or failed to start."""
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            while self._host is not None and not changed.done():
                either: set[asyncio.Future[Any]] = {changed, self._host.child.ended}
                await asyncio.wait(either, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
                await self._look_after(self._host)
            if self._host is None:
                await asyncio.wait({changed}, timeout=self._delay_s)
        finally:
            changed.cancel()

    async def _look_after(self, host: Host) -> None:
        reason = ""
        if host.child.is_alive and host.is_hung():
            reason = f"{host.plan.title} hung and was ended; its log has the stack"
            await host.child.abort()
        if host.child.is_alive:
            return
        reason = reason or host.last_words()
        self._host = None
        self._delay_s = self._backoff.ended()
        _log.warning("%s: %s; starting again in %.1f s", self.name, reason, self._delay_s)
        self._tell.event("Warning", "BackOff", reason)
        self._publish(is_ready=False, pid=None, restarts=self._state.restarts + 1, message=reason)

    def _publish(self, **changes: Any) -> None:  # noqa: ANN401 - fields of UnitState, which checks their names
        self._state = replace(self._state, **changes)
        self._tell.state(self._state)
