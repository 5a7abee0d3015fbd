"""One metadata watch a resource, for every resource that the server has: the graph's eyes."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from kubernel.client import (
    Client,
    Informer,
    PartialObject,
    PartialSource,
    ServedResource,
    Unreachable,
    served_resources,
)
from kubernel.objects.errors import StatusError

__all__ = ["Monitors"]

NEEDED_VERBS = frozenset({"delete", "list", "watch"})
IGNORED = frozenset({("", "events"), ("events.k8s.io", "events")})
"""Nobody owns or is owned by an event, and there are many (Kubernetes ignores them too)."""

DEFINITIONS = ("apiextensions.k8s.io", "customresourcedefinitions")

Changed = Callable[[ServedResource, PartialObject | None, PartialObject | None], None]


class Monitors:
    """Starts a watch for each resource that appears and ends that of each that goes.

    Args:
        client: The API.
        changed: Called with the resource and the object before and after each change.
        forgotten: Called when a resource is no longer served.
        found: Called when kinds are served that were not before.
        look_again_s: How often the server is asked what it serves; a changed CustomResourceDefinition is a reason too.
    """

    def __init__(
        self,
        client: Client,
        changed: Changed,
        forgotten: Callable[[ServedResource], None],
        found: Callable[[], None],
        look_again_s: float,
    ) -> None:
        self._client = client
        self._changed = changed
        self._forgotten = forgotten
        self._found = found
        self._look_again_s = look_again_s
        self._running: dict[ServedResource, asyncio.Task[None]] = {}
        self._informers: dict[ServedResource, Informer[PartialObject]] = {}
        self._look = asyncio.Event()
        self.by_kind: dict[tuple[str, str], ServedResource] = {}
        """Every served resource by group version and kind, whatever the version."""

    async def start(self) -> None:
        """Start watching everything that is served, and return when all of it is known."""
        await self._adjust()
        await asyncio.gather(*(informer.synced.wait() for informer in self._informers.values()))

    async def run(self, log: logging.Logger) -> None:
        """Follow what the server serves until cancelled."""
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._look.wait(), self._look_again_s)
                self._look.clear()
                try:
                    await self._adjust()
                except (StatusError, Unreachable) as error:
                    log.debug("discovery: %s; again in %g s", error, self._look_again_s)
        finally:
            await self._stop(list(self._running))

    def look(self) -> None:
        """Ask the server soon what it serves."""
        self._look.set()

    async def _adjust(self) -> None:
        served = await served_resources(self._client)
        before = self.by_kind.keys()
        self.by_kind = {
            (f"{r.group}/{version}" if r.group else version, r.kind): r for r in served for version in r.versions
        }
        wanted = {r for r in served if r.verbs >= NEEDED_VERBS and (r.group, r.plural) not in IGNORED}
        await self._stop([resource for resource in self._running if resource not in wanted])
        for resource in wanted - self._running.keys():
            informer = Informer(PartialSource(self._client, resource), PartialObject)
            informer.on_change(self._teller(resource))
            self._informers[resource] = informer
            self._running[resource] = asyncio.create_task(informer.run(), name=f"watch {resource.plural}")
        if self.by_kind.keys() - before:
            self._found()

    def _teller(self, resource: ServedResource) -> Callable[[PartialObject | None, PartialObject | None], None]:
        def tell(old: PartialObject | None, new: PartialObject | None) -> None:
            if (resource.group, resource.plural) == DEFINITIONS:
                self._look.set()
            self._changed(resource, old, new)

        return tell

    async def _stop(self, resources: list[ServedResource]) -> None:
        for resource in resources:
            task = self._running.pop(resource)
            del self._informers[resource]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._forgotten(resource)
