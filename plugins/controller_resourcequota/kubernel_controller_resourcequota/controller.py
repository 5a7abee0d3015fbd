"""The plugin: ``status`` of every quota says what it bounds and how much of it is used.

Nobody decides by this status: admission counts for itself (``kubernel-admission-resourcequota``). It is for people and
for programs that read it, and follows what happens within a moment.
"""

import asyncio
from typing import ClassVar

import msgspec
from kubernel.client import Informer, RateLimitedQueue, metadata_of, run_together, run_workers
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core
from kubernel.objects.quotas import coverage_of
from kubernel.plugin.contracts import ActorContext, Controller, PluginInfo

from kubernel_controller_resourcequota.counting import Counting
from kubernel_controller_resourcequota.usage import status_of

__all__ = ["ResourceQuotaController", "ResourceQuotaSettings"]

_NOT_FOUND = 404


class ResourceQuotaSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The controller's settings.

    Attributes:
        workers: Namespaces looked at side by side.
        look_again_s: How often every quota is looked at without a reason: a pod that should have ended, and has not,
            counts no more after a while, and a resource that a quota counts may be served only now.
    """

    workers: int = 4
    look_again_s: float = 30.0


class ResourceQuotaController(Controller):
    """Has one job: what a quota says is used, is used."""

    info = PluginInfo("resourcequota", "Writes into every ResourceQuota how much is used.")
    settings: ClassVar[type[msgspec.Struct]] = ResourceQuotaSettings

    def __init__(self, settings: ResourceQuotaSettings) -> None:
        self._settings = settings

    async def run(self, context: ActorContext) -> None:
        """Run until told to stop."""
        await _Run(context, self._settings).run()


class _Run:
    def __init__(self, context: ActorContext, settings: ResourceQuotaSettings) -> None:
        self._context = context
        self._settings = settings
        self._queue: RateLimitedQueue[str] = RateLimitedQueue()
        self._quotas = Informer(context.client, core.ResourceQuota)
        self._quotas.index("namespace", lambda quota: [metadata_of(quota).namespace or ""])
        self._quotas.on_change(lambda old, new: self._look(new or old))
        self._counting = Counting(context.client, self._queue.add)

    async def run(self) -> None:
        try:
            await run_together(self._context.stopping, self._quotas.run(), self._again(), self._work())
        finally:
            await self._counting.close()

    async def _work(self) -> None:
        await self._quotas.synced.wait()
        self._context.ready()
        await run_workers(self._queue, self._write_down, count=self._settings.workers, log=self._context.log)

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(self._settings.look_again_s)
            for quota in self._quotas.items.values():
                self._look(quota)

    def _look(self, quota: core.ResourceQuota | None) -> None:
        if quota is not None:
            self._queue.add(metadata_of(quota).namespace or "")

    async def _write_down(self, namespace: str) -> None:
        quotas = self._quotas.by_index("namespace", namespace)
        names = {name for quota in quotas for name in coverage_of(quota).hard}
        counted = await self._counting.follow(namespace, names)
        for quota in quotas:
            status = status_of(quota, counted)
            if quota.status is None or (quota.status.hard, quota.status.used) != (status["hard"], status["used"]):
                await self._patch(quota, status)

    async def _patch(self, quota: core.ResourceQuota, status: dict[str, object]) -> None:
        metadata = metadata_of(quota)
        try:
            await self._context.client.patch(
                core.ResourceQuota, metadata.name or "", {"status": status}, metadata.namespace, subresource="status"
            )
        except StatusError as error:
            if error.code != _NOT_FOUND:  # it is gone meanwhile
                raise
