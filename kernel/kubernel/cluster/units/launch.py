"""Starting a host in three steps: install its packages, rehearse it, run it until it is ready."""

import asyncio
import logging
import os

from kubernel.cluster.processes.logbook import Logbook
from kubernel.cluster.processes.messages import Program, RunCheck, RunHost
from kubernel.cluster.processes.nursery import Nursery
from kubernel.cluster.units.host import Host, HostFailed
from kubernel.cluster.units.install import InstallFailed, install
from kubernel.cluster.units.plan import Plan

__all__ = ["Launcher"]

READY_TIMEOUT_S = 15.0
LOADING_TURN_S = 2.0
"""A host that still loads after so long, ten times the slowest of ours, no longer keeps the others waiting."""

CHECK_TIMEOUT_S = 30.0
FAILED_GRACE_S = 2.0

_log = logging.getLogger("supervisor")


class Launcher:
    """Starts hosts and knows all that live, whatever became of the unit that wanted them."""

    def __init__(self, nursery: Nursery, logbook: Logbook) -> None:
        self._nursery = nursery
        self._logbook = logbook
        self._alive: set[Host] = set()
        # Importing is pure work for the processor, and one core belongs to the API server, which starts meanwhile.
        self._loading = asyncio.Semaphore(max(1, (os.cpu_count() or 1) - 1))
        self._pip = asyncio.Lock()  # two runs of pip would step on each other in the same environment

    async def install(self, plan: Plan) -> None:
        """Install what the plan's drivers need and is not there.

        Raises:
            HostFailed: pip could not; nothing was changed.
        """
        for package in plan.packages:
            async with self._pip:
                try:
                    await install(package)
                except InstallFailed as error:
                    raise HostFailed(str(error)) from error

    async def rehearse(self, plan: Plan) -> None:
        """Load the drivers in a process of their own and put them to the quick checks.

        Raises:
            HostFailed: A driver does not load, does not fit, or fails a check.
        """
        check = await self._spawn(plan, RunCheck(plan.spec))
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                await asyncio.shield(check.child.ended)
        except TimeoutError:
            raise HostFailed(f"{plan.title}: its checks did not end within {CHECK_TIMEOUT_S:g} s") from None
        finally:
            if check.child.is_alive:
                await check.child.kill()
        if check.failures:
            raise HostFailed("; ".join(check.failures))
        if check.child.ended.result() != 0:
            raise HostFailed(check.last_words())

    async def start(self, plan: Plan) -> Host:
        """Start a host and wait until it is ready.

        Raises:
            HostFailed: It was not; the process is gone.
        """
        host: Host | None = None
        try:
            async with self._loading:
                host = await self._spawn(plan, RunHost(plan.spec))
                await host.reaches(host.loaded, LOADING_TURN_S)
            await host.until_ready(READY_TIMEOUT_S)
        except BaseException:
            if host is not None:
                await host.child.stop(FAILED_GRACE_S)
            raise
        return host

    async def end_all(self) -> None:
        """Stop whatever lives."""
        await asyncio.gather(*(host.stop() for host in self._alive))

    async def _spawn(self, plan: Plan, program: Program) -> Host:
        host = Host(plan, self._logbook.pen(plan.spec.component))
        host.born(await self._nursery.spawn(program, host))
        self._alive.add(host)
        host.child.ended.add_done_callback(lambda _: self._alive.discard(host))
        return host
