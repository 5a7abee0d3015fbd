"""The plugin: three informers and a queue of services to look at.

A change of a pod concerns the services that match its labels, before or after. Bursts are batched: a service that was
just written waits until ``batch_s`` has passed, and then one write carries all that happened meanwhile, whereas the
first change after a quiet time is written at once.
"""

import asyncio
from typing import ClassVar

import msgspec
from kubernel.client import Key, RateLimitedQueue, key_of, run_together, run_workers
from kubernel.objects.models import core
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_endpoints.reconciler import Reconciler, is_ours
from kubernel_controller_endpoints.view import View, same_for_services

__all__ = ["EndpointsController", "EndpointsSettings"]


class EndpointsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings.

    Attributes:
        workers: Services looked at side by side (Kubernetes: 5).
        batch_s: The least time between two writes of one service: a thousand pods that become ready in a second
            are twenty writes then, not a thousand of growing size.
    """

    workers: int = 5
    batch_s: float = 0.05


class EndpointsController(Controller):
    """Has one job: behind each service with a selector, the addresses of its pods."""

    info = PluginInfo("endpoints", "Writes down which pods serve a service (Endpoints).")
    settings: ClassVar[type[msgspec.Struct]] = EndpointsSettings

    def __init__(self, settings: EndpointsSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    """The state of one run: caches, the queue and their wiring."""

    def __init__(self, context: ActorContext, settings: EndpointsSettings) -> None:
        self._context = context
        self._settings = settings
        self._queue: RateLimitedQueue[Key] = RateLimitedQueue()
        self._not_before_s: dict[Key, float] = {}
        self._view = View(context.client)
        self._reconciler = Reconciler(context.client, context.recorder, self._view)
        self._view.services.on_change(self._service_changed)
        self._view.pods.on_change(self._pod_changed)
        self._view.endpoints.on_change(self._endpoints_changed)

    async def run(self) -> None:
        view = self._view
        await run_together(
            self._context.stopping, view.services.run(), view.pods.run(), view.endpoints.run(), self._work()
        )

    async def _work(self) -> None:
        # With half-filled caches every service would first be emptied.
        for informer in (self._view.services, self._view.pods, self._view.endpoints):
            await informer.synced.wait()
        self._context.ready()
        await run_workers(self._queue, self._look, count=self._settings.workers, log=self._context.log)

    async def _look(self, key: Key) -> None:
        now_s = asyncio.get_running_loop().time
        wait_s = self._not_before_s.get(key, 0.0) - now_s()
        if wait_s > 0:
            self._queue.add_after(key, wait_s)
            return
        self._not_before_s.pop(key, None)
        if await self._reconciler.reconcile(key):
            self._not_before_s[key] = now_s() + self._settings.batch_s

    def _service_changed(self, old: core.Service | None, new: core.Service | None) -> None:
        service = new if new is not None else old
        if service is not None:
            self._queue.add(key_of(service))

    def _pod_changed(self, old: core.Pod | None, new: core.Pod | None) -> None:
        if old is not None and new is not None and same_for_services(old, new):
            return
        keys = {key_of(service) for pod in (old, new) if pod is not None for service in self._view.services_of(pod)}
        for key in keys:
            self._queue.add(key)

    def _endpoints_changed(self, old: core.Endpoints | None, new: core.Endpoints | None) -> None:
        """Repair what somebody else changed, and find what was left when a service went in our absence."""
        endpoints = new if new is not None else old
        if endpoints is not None and is_ours(endpoints):
            self._queue.add(key_of(endpoints))
