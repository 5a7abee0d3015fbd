"""The process of one Plugin object: load its driver, run it, tell the supervisor how it goes, end when asked.

A host is disposable. It may be killed between any two instructions; whatever matters is in the API server or in the
plugin's data directory. The driver runs on the main thread's event loop, the heart beats there too, so a driver that
blocks the loop is noticed and replaced.
"""

import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
from dataclasses import dataclass
from enum import IntEnum

from kubernel import __version__
from kubernel.client import Client, EventRecorder
from kubernel.host.actors import Run, loop_of
from kubernel.host.logs import log_to_stdout
from kubernel.host.reports import Alive, Crashed, Loaded, Origin, Ready, Refused, ReportWriter
from kubernel.host.spec import DriverSpec, HostSpec
from kubernel.plugin.contracts import ActorContext, Plugin
from kubernel.plugin.loading import PluginRefused, construct, load

__all__ = ["HEARTBEAT_S", "STOP_GRACE_S", "HostExit", "run_host"]

HEARTBEAT_S = 2.0
"""Far below the supervisor's patience, far above the cost of a wake-up."""

STOP_GRACE_S = 5.0
"""What the contract gives `Actor.run` to end."""

API_POLL_S = 0.02

FLUSH_GRACE_S = 1.0
"""For the last events; an API server that is away must not hold up the end."""


class HostExit(IntEnum):
    """Why a host ended, as its exit code; 128 + n is added by the system for signal n."""

    STOPPED = 0
    REFUSED = 3
    CRASHED = 4
    STUCK = 5


def run_host(spec: HostSpec, reports_fd: int) -> HostExit:
    """Run one plugin until SIGTERM, its crash, or the supervisor's death.

    Args:
        spec: What to run.
        reports_fd: The inherited pipe for `reports`.
    """
    faulthandler.enable()  # the supervisor ends a hung host with SIGABRT, so that the log shows where it hung
    log_to_stdout()
    log = logging.getLogger(spec.component)
    reports = ReportWriter(reports_fd)
    try:
        driver, *others = loaded = [_load(each) for each in (spec.driver, *spec.uses)]
    except PluginRefused as error:
        log.error("refused: %s%s", error.reason, f"\n{error.trace.rstrip()}" if error.trace else "")  # noqa: TRY400
        reports.send(Refused(error.reason, error.trace))
        return HostExit.REFUSED
    reports.send(Loaded(tuple(each.origin for each in loaded)))
    drivers = {other.origin.role: other.plugin for other in others}
    return asyncio.run(_Host(spec, reports, log).run(driver.plugin, drivers))


@dataclass(frozen=True, slots=True)
class _Driver:
    plugin: Plugin
    origin: Origin


def _load(spec: DriverSpec) -> _Driver:
    loaded = load(spec.role, spec.name)
    origin = Origin(spec.role, spec.name, loaded.found.distribution, loaded.found.version)
    return _Driver(construct(loaded.driver, spec.config), origin)


class _Host:
    """One run of one driver on the event loop."""

    def __init__(self, spec: HostSpec, reports: ReportWriter, log: logging.Logger) -> None:
        self._spec = spec
        self._reports = reports
        self._log = log
        self._stopping = asyncio.Event()

    async def run(self, driver: Plugin, drivers: dict[str, Plugin]) -> HostExit:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopping.set)
        self._spec.plugin_data.mkdir(mode=0o700, parents=True, exist_ok=True)
        agent = f"kubernel-{self._spec.component}/{__version__}"
        async with Client.over_socket(self._spec.socket, user_agent=agent) as client:
            recorder = EventRecorder(client, self._spec.component, os.uname().nodename)
            context = self._context(client, recorder, drivers)
            around = [asyncio.create_task(recorder.run()), asyncio.create_task(self._beat())]
            try:
                return await self._drive(driver, context)
            finally:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(recorder.flush(), FLUSH_GRACE_S)
                for task in around:
                    task.cancel()
                await asyncio.gather(*around, return_exceptions=True)

    def _context(self, client: Client, recorder: EventRecorder, drivers: dict[str, Plugin]) -> ActorContext:
        return ActorContext(
            client=client,
            recorder=recorder,
            log=self._log,
            data=self._spec.plugin_data,
            ready=self._tell_ready,
            stopping=self._stopping,
            drivers=drivers,
            nodes=self._spec.nodes,
        )

    def _tell_ready(self) -> None:
        self._log.info("ready")
        self._reports.send(Ready())

    async def _beat(self) -> None:
        has_supervisor = True
        while has_supervisor:
            await asyncio.sleep(HEARTBEAT_S)
            has_supervisor = self._reports.send(Alive())
        self._log.warning("the supervisor is gone; stopping")
        self._stopping.set()

    async def _drive(self, driver: Plugin, context: ActorContext) -> HostExit:
        actor = asyncio.ensure_future(self._when_api_is_there(loop_of(driver), context))
        asked = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({actor, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if self._stopping.is_set():
            await asyncio.wait({actor}, timeout=STOP_GRACE_S)
        if not actor.done():
            return await self._abandon(actor)
        return self._outcome(actor)

    async def _when_api_is_there(self, run: Run, context: ActorContext) -> None:
        """Hosts are started while the API server still starts: begin the moment it listens, without a back-off."""
        while not self._stopping.is_set():
            try:
                _, writer = await asyncio.open_unix_connection(self._spec.socket)
            except OSError:
                await asyncio.sleep(API_POLL_S)
            else:
                writer.close()
                await run(context)
                return

    async def _abandon(self, actor: "asyncio.Future[None]") -> HostExit:
        self._log.error("did not stop within %g s; cancelled", STOP_GRACE_S)
        actor.cancel()
        await asyncio.wait({actor}, timeout=FLUSH_GRACE_S)
        return HostExit.STUCK

    def _outcome(self, actor: "asyncio.Future[None]") -> HostExit:
        error = asyncio.CancelledError("cancelled itself") if actor.cancelled() else actor.exception()
        if error is not None:
            self._log.error("crashed", exc_info=error)
            self._reports.send(Crashed(f"{type(error).__name__}: {error}"))
            return HostExit.CRASHED
        if not self._stopping.is_set():
            self._log.error("its loop returned although nobody had asked it to stop")
            self._reports.send(Crashed("its loop returned although nobody had asked it to stop"))
            return HostExit.CRASHED
        return HostExit.STOPPED
