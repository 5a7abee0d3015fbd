"""The loop around a scheduler, from the outside: runs a `Cycle` until it is told to stop, as leader if so set."""

import socket
from uuid import uuid4

from kubernel.client import LeaderElector
from kubernel.host.scheduling.cycle import Cycle
from kubernel.host.scheduling.settings import SchedulingSettings
from kubernel.host.until import run_until
from kubernel.plugin.contracts import ActorContext, Scheduler

__all__ = ["SchedulingLoop"]


class SchedulingLoop:
    """Runs one scheduler until it is told to stop."""

    def __init__(self, driver: Scheduler, settings: SchedulingSettings | None = None) -> None:
        self._driver = driver
        self._settings = settings or SchedulingSettings()

    async def run(self, context: ActorContext) -> None:
        """Run until ``context.stopping`` is set; same meaning as `Actor.run`.

        Raises:
            DriverHangs: The driver did not come back; start a new process.
            LeadershipLost: Another replica may be working by now; start anew.
        """
        cycle = Cycle(self._driver, self._settings, context)
        if not self._settings.leader_election:
            await run_until(context.stopping, cycle.run(context.ready))
            return
        context.ready()  # to be a candidate is all that a second replica has to do
        elector = LeaderElector(context.client, "kubernel-scheduler", f"{socket.gethostname()}_{uuid4()}")
        await run_until(context.stopping, elector.run(lambda: cycle.run(lambda: None)))
