"""One host process as its unit sees it: loaded, ready, beating, ended, and why."""

import asyncio
import logging
from typing import Any

import msgspec

from kubernel.cluster.processes.child import Child, exit_sentence
from kubernel.cluster.processes.logbook import Pen
from kubernel.cluster.processes.nursery import Ears
from kubernel.cluster.units.plan import Plan
from kubernel.host.reports import Alive, Checked, Crashed, Loaded, Origin, Ready, Refused, Report, ReportReader

__all__ = ["Host", "HostFailed"]

HEARTBEATS_MISSED_MAX = 15
"""Of `kernel.host`'s one in two seconds: a host that is silent for thirty seconds hangs."""

STOP_GRACE_S = 7.0
"""The five seconds of the contract, and two for the last events and the interpreter's end."""

_log = logging.getLogger("supervisor")


class HostFailed(Exception):  # noqa: N818 - named after the condition
    """The host did not come so far; the message is the sentence for ``status.message``."""


class Host(Ears):
    """One process, from before its birth to after its end.

    Attributes:
        plan: What it runs.
        loaded: Set when its drivers are imported and constructed.
        ready: Set when the driver has told so.
        origins: Where its drivers come from, once they are loaded.
        failures: What a rehearsal found.
    """

    def __init__(self, plan: Plan, pen: Pen) -> None:
        self.plan = plan
        self.loaded = asyncio.Event()
        self.ready = asyncio.Event()
        self.origins: tuple[Origin, ...] = ()
        self.failures: tuple[str, ...] = ()
        self._pen = pen
        self._reader = ReportReader()
        self._reason = ""
        self._silence = 0
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        """The process, once it is born."""
        assert self._child is not None
        return self._child

    def born(self, child: Child) -> None:
        """The process lives."""
        self._child = child

    def output(self, data: bytes) -> None:
        """Keep what it prints."""
        self._pen.write(data)

    def output_closed(self) -> None:
        """Keep the last half line, too."""
        self._pen.end()

    def reports(self, data: bytes) -> None:
        """Take its reports."""
        try:
            for report in self._reader.feed(data):
                self._take(report)
        except msgspec.DecodeError as error:
            _log.error("%s: sends nonsense instead of reports: %s", self.plan.spec.component, error)

    def _take(self, report: Report) -> None:
        self._silence = 0
        match report:
            case Loaded(drivers):
                self.origins = drivers
                self.loaded.set()
            case Ready():
                self.ready.set()
            case Refused(reason) | Crashed(reason):
                self._reason = reason
            case Checked(failures):
                self.failures = failures
            case Alive():
                pass

    def is_hung(self) -> bool:
        """Count one interval of silence; True when there were too many in a row.

        Counting intervals instead of comparing times forgives the host when it was the supervisor that stood still.
        """
        self._silence += 1
        return self._silence > HEARTBEATS_MISSED_MAX

    async def reaches(self, stage: asyncio.Event, timeout_s: float) -> bool:
        """Wait until the host has reached a stage, `loaded` or `ready`; False when it ended or took too long."""
        reached = asyncio.ensure_future(stage.wait())
        either: set[asyncio.Future[Any]] = {reached, self.child.ended}
        try:
            await asyncio.wait(either, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reached.cancel()
        return stage.is_set()

    async def until_ready(self, timeout_s: float) -> None:
        """Wait until the driver is ready.

        Raises:
            HostFailed: It ended or took too long; it may still be alive then.
        """
        if not await self.reaches(self.ready, timeout_s):
            in_time = f"{self.plan.title} was not ready within {timeout_s:g} s"
            raise HostFailed(in_time if self.child.is_alive else self.last_words())

    def last_words(self) -> str:
        """Say why it ended; only after its end."""
        how = exit_sentence(self.child.ended.result())
        return self._reason or f"{self.plan.title}: its process {how}"

    async def abort(self) -> None:
        """End it because it hangs; its stack goes to the log."""
        self._reason = f"{self.plan.title} hung and was ended; its log has the stack"
        await self.child.abort()

    async def stop(self) -> None:
        """End it: ask, wait, kill."""
        await self.child.stop(STOP_GRACE_S)
