"""The plugin: informers on one side, a queue of work on the other.

Pods and replication controllers are watched; a change of either puts the replication controller that it concerns into
a queue. One worker at a time then looks at it (`Reconciler`). Nothing is decided here: this module only knows *who*
must be looked at. A pod whose controller is gone is the garbage collector's.
"""

from typing import ClassVar

import msgspec
from kubernel.client import Informer, Key, RateLimitedQueue, key_of, metadata_of, run_together, run_workers
from kubernel.objects.models import core
from kubernel.objects.owners import controller_of, controller_uid
from kubernel.objects.pods.state import is_active
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_replication.expectations import Expectations
from kubernel_controller_replication.reconciler import Reconciler
from kubernel_controller_replication.replicas import Replicas
from kubernel_controller_replication.view import View

__all__ = ["ReplicationController", "ReplicationSettings"]


class ReplicationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings.

    Attributes:
        workers: Replication controllers looked at side by side (Kubernetes: 5).
        burst: At most so many pods are started or killed in one look (Kubernetes: 500), so that one huge
            controller does not keep the others waiting.
        batch_s: How long changes that only concern the status are collected into one write.
    """

    workers: int = 5
    burst: int = 500
    batch_s: float = 0.05


class ReplicationController(Controller):
    """Has one job: ensure N copies of a pod."""

    info = PluginInfo("replication", "Keeps N copies of a pod (ReplicationController).")
    settings: ClassVar[type[msgspec.Struct]] = ReplicationSettings

    def __init__(self, settings: ReplicationSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    """The state of one run: caches, queues and their wiring."""

    def __init__(self, context: ActorContext, settings: ReplicationSettings) -> None:
        self._context = context
        self._settings = settings
        self._queue: RateLimitedQueue[Key] = RateLimitedQueue()
        self._controllers = Informer(context.client, core.ReplicationController)
        self._pods = Informer(context.client, core.Pod)
        self._expectations = Expectations()
        self._view = View(self._controllers, self._pods)
        replicas = Replicas(context.client, context.recorder, self._expectations, burst=settings.burst)
        self._reconciler = Reconciler(context.client, self._view, replicas, self._queue.add_after)
        self._controllers.on_change(self._controller_changed)
        self._pods.on_change(self._pod_changed)

    async def run(self) -> None:
        await run_together(self._context.stopping, self._controllers.run(), self._pods.run(), self._work())

    async def _work(self) -> None:
        # Before both caches are full, "no pods" would look like "start N pods".
        await self._controllers.synced.wait()
        await self._pods.synced.wait()
        self._context.ready()
        workers = self._settings.workers
        await run_workers(self._queue, self._reconciler.reconcile, count=workers, log=self._context.log)

    def _controller_changed(
        self, old: core.ReplicationController | None, new: core.ReplicationController | None
    ) -> None:
        if new is not None:
            self._queue.add(key_of(new))
        elif old is not None:
            self._expectations.forget(metadata_of(old).uid or "")

    def _pod_changed(self, old: core.Pod | None, new: core.Pod | None) -> None:
        before, after = _owner_uid(old), _owner_uid(new)
        if old is not None and (new is None or before != after):
            self._expectations.observe_deletion(before, metadata_of(old).uid or "")
            self._notify(old, at_once=True)
        if new is None:
            return
        uid = metadata_of(new).uid or ""
        if old is None:
            self._expectations.observe_creation(after, uid)
        if not is_active(new):
            self._expectations.observe_deletion(after, uid)
        if old is None:
            # Of our own new pods only the last one matters; a thousand looks in between would find nothing to do.
            self._notify(new, at_once=self._expectations.are_met(after))
        else:
            self._notify(new, at_once=_concerns_number(old, new))

    def _notify(self, pod: core.Pod, *, at_once: bool) -> None:
        """Let every replication controller look that this pod may concern."""
        owner = controller_of(pod.metadata)
        if owner is None:
            for controller in self._view.controllers_selecting(pod):
                self._queue.add(key_of(controller))
        elif owner.kind == "ReplicationController":
            self._notify_owner(owner.uid, at_once=at_once)

    def _notify_owner(self, uid: str, *, at_once: bool) -> None:
        controller = self._view.controller_with_uid(uid)
        if controller is not None and at_once:
            self._queue.add(key_of(controller))
        elif controller is not None:
            self._queue.add_after(key_of(controller), self._settings.batch_s)


def _owner_uid(pod: core.Pod | None) -> str:
    return controller_uid(pod.metadata) if pod is not None else ""


def _concerns_number(old: core.Pod, new: core.Pod) -> bool:
    """Whether the change can alter how many copies count; all others only move the status."""
    before, after = metadata_of(old), metadata_of(new)
    return is_active(old) != is_active(new) or before.labels != after.labels or _owner_uid(old) != _owner_uid(new)
