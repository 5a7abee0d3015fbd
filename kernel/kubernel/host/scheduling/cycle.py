"""One life of the scheduling loop: observe pods and nodes, let the driver decide, bind, tell.

Data flows one way: informers → `ClusterCache` and `WaitingPods` → `Decider` → `Binder` → the API, and from there back
through the informers. The moment a pod is decided it counts on its node (it is *assumed*), and it stays taken until
the watch shows it bound; so the next batch can be decided while the bindings of the last one are still being written.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from kubernel.client import Informer
from kubernel.client.backoff import Backoff
from kubernel.host.scheduling.binder import Binder, Outcome
from kubernel.host.scheduling.cache import ClusterCache
from kubernel.host.scheduling.decider import Decider, Verdict
from kubernel.host.scheduling.queue import WaitingPods
from kubernel.host.scheduling.reports import Reports, unschedulable_message
from kubernel.host.scheduling.settings import SchedulingSettings
from kubernel.host.scheduling.view import is_bound, is_finished, key_of, pod_info, waits_for
from kubernel.host.scheduling.writers import Writers
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts import ActorContext, Scheduler
from kubernel.plugin.contracts.scheduler import PodInfo

__all__ = ["Cycle"]

BACKLOG_BATCHES = 2
"""So many batches may wait to be written; deciding further ahead would only make the snapshot guesswork."""


class Cycle:
    """The parts, wired."""

    def __init__(self, driver: Scheduler, settings: SchedulingSettings, context: ActorContext) -> None:
        self._settings = settings
        self._names = settings.scheduler_names | {driver.info.name}
        self._pods = Informer(context.client, core.Pod)
        self._nodes = Informer(context.client, core.Node)
        self._cache = ClusterCache()
        backoff = Backoff(settings.backoff_first_s, settings.backoff_max_s)
        self._queue = WaitingPods(backoff, settings.retry_unschedulable_s)
        self._decider = Decider(driver, settings.decide_timeout_s)
        self._binder = Binder(context.client, context.log)
        self._writers = Writers(settings.binds_in_flight, context.log)
        self._reports = Reports(context.client, context.recorder, context.log)
        self._pods.on_change(self._on_pod)
        self._nodes.on_change(self._on_node)

    async def run(self, ready: Callable[[], None]) -> None:
        """Work until cancelled; ``ready`` is called once the caches are filled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pods.run())
            tasks.create_task(self._nodes.run())
            tasks.create_task(self._writers.run())
            await self._pods.synced.wait()
            await self._nodes.synced.wait()
            ready()
            await self._decide_forever()

    async def _decide_forever(self) -> None:
        while True:
            await self._queue.wait()
            await self._writers.below(BACKLOG_BATCHES * self._settings.batch_max)
            snapshot = self._cache.snapshot()
            if batch := self._queue.take(self._decider.batch_max(len(snapshot.nodes), self._settings.batch_max)):
                self._act(await self._decider.decide(batch, snapshot), len(snapshot.nodes))

    def _act(self, verdict: Verdict, nodes: int) -> None:
        for pod, node in verdict.placed:
            if self._queue.is_taken(pod):
                self._cache.count(pod, node)
                self._writers.submit(partial(self._bind, pod, node))
        for pod, reasons in verdict.refused:
            if self._queue.is_taken(pod):
                message = unschedulable_message(reasons, nodes)
                self._queue.park(pod.key)
                self._reports.unschedulable(pod, message)
                self._writers.submit(partial(self._reports.set_condition, pod, "Unschedulable", message))
        for pod, why in verdict.invalid:
            self._fail(pod, why)

    def _fail(self, pod: PodInfo, why: str) -> None:
        if self._queue.is_taken(pod):
            self._queue.retry(pod.key)
            self._reports.failed(pod, why)
            self._writers.submit(partial(self._reports.set_condition, pod, "SchedulerError", why))

    async def _bind(self, pod: PodInfo, node: str) -> None:
        outcome, seen = await self._binder.bind(pod, node)
        if outcome is Outcome.BOUND:
            self._reports.scheduled(pod, node)
        elif outcome is Outcome.REFUSED and seen is not None and self._queue.is_taken(pod):
            if is_bound(seen):  # somebody else was quicker
                info = pod_info(seen)
                self._cache.count(info, info.node_name)
            else:
                self._cache.release(pod.key)
                self._fail(pod, f"binding it to node {node} was refused")
        # A pod that is gone is forgotten when the informer tells of it, in the right order with its successor.

    def _on_node(self, old: core.Node | None, new: core.Node | None) -> None:
        if new is None:
            self._cache.remove_node((old and meta_of(old).name) or "")
        elif self._cache.set_node(new):
            self._queue.wake()

    def _on_pod(self, old: core.Pod | None, new: core.Pod | None) -> None:
        if new is None:
            if old is not None:
                self._end(key_of(old))
        elif is_finished(new):
            self._end(key_of(new))
        elif is_bound(new):
            self._queue.remove(key_of(new))
            if old is None or old.spec != new.spec:
                info = pod_info(new)
                self._cache.count(info, info.node_name)
        elif waits_for(new, self._names):
            self._queue.put(pod_info(new))
        else:
            self._queue.remove(key_of(new))

    def _end(self, key: str) -> None:
        self._queue.remove(key)
        if self._cache.release(key):
            self._queue.wake()
