"""The loop around a proxy: observe Services and Endpoints, hand over the wanted table, tell what failed.

Changes come in bursts (a rollout touches a service once a pod), so a table is applied a moment after the first change
of a burst; what failed is applied again after a back-off.
"""

import asyncio

from kubernel.client import Informer
from kubernel.client.backoff import Backoff
from kubernel.host.proxying.notices import Notices
from kubernel.host.proxying.table import service_ports
from kubernel.host.until import run_until
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts import ActorContext, Proxy
from kubernel.plugin.contracts.proxy import ServicePort

__all__ = ["ProxyLoop"]

DEBOUNCE_S = 0.01
RETRIES = Backoff(first_s=1.0, limit_s=60.0, jitter=0.2)
STOP_S = 4.0
"""Below the five seconds that the host grants."""

Table = dict[tuple[str, str], tuple[ServicePort, ...]]
"""The ports of each service, by (namespace, name)."""


class ProxyLoop:
    """Runs one proxy until it is told to stop."""

    def __init__(self, driver: Proxy) -> None:
        self._driver = driver

    async def run(self, context: ActorContext) -> None:
        """Run until ``context.stopping`` is set; same meaning as `Actor.run`.

        Raises:
            Exception: The driver could not start or not apply its first table.
        """
        await self._driver.start(context.data)
        try:
            await run_until(context.stopping, _Cycle(self._driver, context).run())
        finally:
            async with asyncio.timeout(STOP_S):
                await self._driver.stop()


class _Cycle:
    """One life of the loop."""

    def __init__(self, driver: Proxy, context: ActorContext) -> None:
        self._driver = driver
        self._context = context
        self._services = Informer(context.client, core.Service)
        self._endpoints = Informer(context.client, core.Endpoints)
        self._notices = Notices(context.client, context.recorder, self._services)
        self._table: Table = {}
        self._changed = asyncio.Event()
        self._tries = 0
        self._services.on_change(self._observe)
        self._endpoints.on_change(self._observe)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._services.run())
            tasks.create_task(self._endpoints.run())
            await self._services.synced.wait()
            await self._endpoints.synced.wait()
            self._changed.clear()
            is_true = await self._apply()
            self._context.ready()
            while True:
                await self._wait(None if is_true else self._retry_s())
                is_true = await self._try_apply()

    async def _wait(self, retry_s: float | None) -> None:
        try:
            async with asyncio.timeout(retry_s):
                await self._changed.wait()
        except TimeoutError:
            return
        await asyncio.sleep(DEBOUNCE_S)
        self._changed.clear()
        self._tries = 0

    def _retry_s(self) -> float:
        self._tries += 1
        return RETRIES.delay_s(self._tries)

    async def _try_apply(self) -> bool:
        try:
            return await self._apply()
        except Exception:  # a driver may raise anything; the table stays wanted
            self._context.log.exception("applying the table failed; trying again")
            return False

    async def _apply(self) -> bool:
        """Hand over the table; returns whether nothing is left to be tried again: no failure, no detour, all told."""
        ports = [port for key in sorted(self._table) for port in self._table[key]]
        failures = await self._driver.apply(ports)
        detours = self._driver.detours()
        self._notices.forget_all_but({**failures, **detours})
        self._notices.failures(failures, self._context.log)
        is_told = await self._notices.detours(ports, detours)
        return is_told and not failures and not detours

    def _observe(self, old: core.Service | core.Endpoints | None, new: core.Service | core.Endpoints | None) -> None:
        seen = new if new is not None else old
        if seen is None:
            return
        metadata = meta_of(seen)
        key = metadata.namespace or "", metadata.name or ""
        service = self._services.get(key[1], key[0])
        ports = service_ports(service, self._endpoints.get(key[1], key[0])) if service else ()
        if ports == self._table.get(key, ()) and isinstance(seen, core.Endpoints):
            return
        self._table[key] = ports
        if not ports:
            del self._table[key]
        self._changed.set()
