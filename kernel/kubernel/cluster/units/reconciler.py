"""The reconciler: Plugin objects on one side, units on the other."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial

from kubernel.client import Client, EventRecorder, Informer
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import Plans, make_plans
from kubernel.cluster.units.presumed import presume, write_presumed
from kubernel.cluster.units.statuses import Statuses, disabled_status, problem_status, statuses_of
from kubernel.cluster.units.unit import EventType, Tell, Unit, UnitState
from kubernel.objects.models import meta_of
from kubernel.objects.plugin_object import Plugin

__all__ = ["Reconciler"]

_log = logging.getLogger("supervisor")


class Reconciler:
    """Keeps a unit for every object that can be served.

    Args:
        client: The API.
        recorder: Files events in the supervisor's name.
        launcher: Starts hosts.
        data: The data directory.
        nodes: The nodes that an agent serves.
        on_change: Called after every change of a unit's state.
    """

    def __init__(
        self,
        client: Client,
        recorder: EventRecorder,
        launcher: Launcher,
        *,
        data: DataDir,
        nodes: tuple[str, ...],
        on_change: Callable[[], None],
    ) -> None:
        self._launcher = launcher
        self._recorder = recorder
        self._data = data
        self._nodes = nodes
        self._on_change = on_change
        self._units: dict[str, Unit] = {}
        self._problems: Mapping[str, str] = {}
        self._remembered: dict[str, int | None] = {}
        self._early_events: list[tuple[str, EventType, str, str]] = []
        self._dirty = asyncio.Event()
        self._plugins = Informer(client, Plugin)
        self._plugins.on_change(lambda _old, _new: self._dirty.set())
        self._statuses = Statuses(client, self._plugins.get)

    @property
    def states(self) -> dict[str, UnitState]:
        """What came of each unit's plan."""
        return {name: unit.state for name, unit in self._units.items()}

    @property
    def problems(self) -> dict[str, str]:
        """What does not work, a sentence an object."""
        failed = {name: state.message for name, state in self.states.items() if state.message}
        return {**self._problems, **failed}

    def presume(self, drivers: Mapping[str, str]) -> None:
        """Start the hosts that will be wanted, while the API server still starts.

        Args:
            drivers: Role → driver, from the command line.
        """
        self._serve(make_plans(presume(self._data.presumed, drivers), self._data.path, self._nodes))

    async def run(self) -> None:
        """Reconcile until cancelled; the units and their hosts stay for `stop`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._plugins.run())
            await self._plugins.synced.wait()
            group.create_task(self._statuses.run())
            group.create_task(self._reconcile_for_ever())

    async def until_settled(self) -> None:
        """Wait until every unit's first start has succeeded or failed."""
        await self._plugins.synced.wait()
        while self._dirty.is_set() or any(not unit.settled.is_set() for unit in self._units.values()):
            await asyncio.gather(*(unit.settled.wait() for unit in self._units.values()))
            await asyncio.sleep(0)  # lets a pending reconciliation come first

    async def stop(self) -> None:
        """Stop all hosts: first what acts on the cluster, then the agents, which take their pods along."""
        last = {name for name, unit in self._units.items() if unit.state.plan.spec.uses}
        for names in (self._units.keys() - last, last):
            await asyncio.gather(*(self._units[name].stop() for name in names))
        await self._launcher.end_all()

    async def _reconcile_for_ever(self) -> None:
        while True:
            self._dirty.clear()
            try:
                await self._reconcile()
            except Exception:  # noqa: BLE001 - a control loop: log, and try again at the next change
                _log.exception("reconciling the Plugin objects failed")
            await self._dirty.wait()

    async def _reconcile(self) -> None:
        plugins = list(self._plugins.items.values())
        plans = make_plans(plugins, self._data.path, self._nodes)
        self._report(plans, plugins)
        self._serve(plans)
        gone = [self._units.pop(name) for name in self._units.keys() - plans.hosts.keys()]
        await asyncio.gather(*(unit.stop() for unit in gone))
        self._file_early_events()
        self._remember(plugins)
        self._on_change()

    def _serve(self, plans: Plans) -> None:
        for name, plan in plans.hosts.items():
            if name in self._units:
                self._units[name].want(plan)
            else:
                self._units[name] = Unit(name, plan, self._launcher, self._tell(name))

    def _remember(self, plugins: list[Plugin]) -> None:
        generations = {meta_of(plugin).uid or "": meta_of(plugin).generation for plugin in plugins}
        if generations != self._remembered:
            self._remembered = generations
            write_presumed(self._data.presumed, plugins)

    def _report(self, plans: Plans, plugins: list[Plugin]) -> None:
        """Write the statuses of the objects that have no unit."""
        self._problems = plans.problems
        for plugin in plugins:
            name, generation = meta_of(plugin).name or "", meta_of(plugin).generation or 0
            if name in plans.problems:
                self._statuses.set(name, problem_status(plans.problems[name], generation))
            elif name in plans.disabled:
                self._statuses.set(name, disabled_status(generation))

    def _tell(self, name: str) -> Tell:
        return Tell(state=self._state_changed, event=partial(self._event, name))

    def _state_changed(self, state: UnitState) -> None:
        for name, status in statuses_of(state).items():
            self._statuses.set(name, status)
        self._on_change()

    def _event(self, name: str, type_: EventType, reason: str, message: str) -> None:
        plugin = self._plugins.get(name)
        if plugin is not None:
            self._recorder.event(plugin, type_, reason, message)
        elif not self._plugins.synced.is_set():
            self._early_events.append((name, type_, reason, message))

    def _file_early_events(self) -> None:
        """File what happened before the objects were known, which an event must refer to."""
        early, self._early_events = self._early_events, []
        for event in early:
            self._event(*event)
