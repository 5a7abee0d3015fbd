"""The plugin: watches over everything, a graph, and a queue of objects to look at."""

from typing import ClassVar

import msgspec
from kubernel.client import PartialObject, RateLimitedQueue, ServedResource, metadata_of, run_together, run_workers
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_garbage.collector import Collector, UnknownOwner
from kubernel_controller_garbage.graph import Graph, Item
from kubernel_controller_garbage.monitors import Monitors

__all__ = ["GarbageController", "GarbageSettings"]

_OWNER_MAY_FOLLOW_S = 0.1
"""A dependent's watch can be ahead of its owner's by a moment; looking at once would cost a request for each."""


class GarbageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The collector's settings.

    Attributes:
        workers: Objects looked at side by side (Kubernetes: 20).
        look_again_s: How often the server is asked which kinds it serves, and how soon an object is looked at again
            whose owner's kind is not served.
    """

    workers: int = 8
    look_again_s: float = 30.0


class GarbageController(Controller):
    """Has one job: what nobody owns any more goes, and what a deleted owner leaves is treated as it was asked."""

    info = PluginInfo("garbage", "Deletes what nobody owns any more, and orphans or deletes what deleted owners own.")
    settings: ClassVar[type[msgspec.Struct]] = GarbageSettings

    def __init__(self, settings: GarbageSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    def __init__(self, context: ActorContext, settings: GarbageSettings) -> None:
        self._context = context
        self._settings = settings
        self._graph = Graph()
        self._queue: RateLimitedQueue[str] = RateLimitedQueue()
        self._waiting: set[str] = set()
        self._monitors = Monitors(
            context.client, self._changed, self._forget, self._look_at_waiting, settings.look_again_s
        )
        self._collector = Collector(context.client, self._graph, self._monitors, self._queue.add, context.log)

    async def run(self) -> None:
        await run_together(self._context.stopping, self._monitors.run(self._context.log), self._work())

    async def _work(self) -> None:
        # With half of the graph every owner that is not there yet would cost a request.
        await self._monitors.start()
        self._context.ready()
        await run_workers(self._queue, self._look, count=self._settings.workers, log=self._context.log)

    async def _look(self, uid: str) -> None:
        try:
            await self._collector.look(uid)
        except UnknownOwner as error:
            self._context.log.debug("%s", error)
            self._waiting.add(uid)
            self._queue.add_after(uid, self._settings.look_again_s)

    def _look_at_waiting(self) -> None:
        """Look again at the objects whose owner's kind was not served: it may be now."""
        for uid in self._waiting:
            self._queue.add(uid)
        self._waiting.clear()

    def _changed(self, resource: ServedResource, old: PartialObject | None, new: PartialObject | None) -> None:
        if new is None:
            if old is not None:
                self._gone(metadata_of(old).uid or "")
            return
        item = Item.of(resource, new)
        before = self._graph.get(item.uid)
        self._graph.put(item)
        if item.waits_for_dependents or item.lets_dependents_go:
            self._queue.add(item.uid)
        if before is None or before.owners != item.owners:
            self._owners_changed(before, item)

    def _owners_changed(self, before: Item | None, item: Item) -> None:
        if self._graph.unseen_owners(item.owners):
            self._queue.add_after(item.uid, _OWNER_MAY_FOLLOW_S)
        elif item.owners:
            self._queue.add(item.uid)
        # An owner that waits for this dependent may wait no longer.
        for owner in before.owners if before else ():
            if owner not in item.owners:
                self._queue.add(owner.uid)

    def _gone(self, uid: str) -> None:
        item = self._graph.get(uid)
        self._graph.remove(uid)
        self._collector.note_gone(uid)
        for dependent in self._graph.dependents(uid):
            self._queue.add(dependent.uid)
        for owner in item.owners if item else ():
            known = self._graph.get(owner.uid)
            if known is not None and known.waits_for_dependents:
                self._queue.add(owner.uid)

    def _forget(self, resource: ServedResource) -> None:
        for item in self._graph.items_of(resource):
            self._gone(item.uid)
