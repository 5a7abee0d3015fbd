"""Everything that requests share in one API process, built at start and torn down at stop."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kubernel.api.admission import AdmissionChain, CacheReader
from kubernel.api.aggregation import Aggregation
from kubernel.api.bootstrap import ensure_authority, ensure_namespaces, ensure_priority_classes
from kubernel.api.custom import CustomResources
from kubernel.api.forwarding.backends import Backends
from kubernel.api.http.metrics import Metrics
from kubernel.api.settings import ServerSettings
from kubernel.auth import builtin_links
from kubernel.auth.service_accounts import TokenSigner
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.registry import Registry
from kubernel.plugin.hooks import Hooks, load_hooks
from kubernel.store import Entry, GroupCommit, Log, open_log, sqlite_url
from kubernel.store.compaction import Compactor
from kubernel.watch import Cache

__all__ = ["State"]


@dataclass(slots=True)
class _Running:
    log: Log
    commit: GroupCommit
    custom: CustomResources
    compaction: asyncio.Task[None]


class State:
    """One API process: its kinds, its chains, and from `start` to `stop` its log and cache.

    Attributes:
        settings, registry, hooks, admission, reader, metrics, signer, backends, aggregation: Fixed for the life
            of the process.
        cache: What is current, from `start` on.
        is_ready: Whether requests can be served; false before `start` and once `drain` was called.
    """

    cache: Cache

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.signer = TokenSigner(settings.service_account_key or settings.data / "sa.key")
        links = builtin_links(settings.token_file, settings.service_cidr, self.signer, lambda: self.cache)
        self.hooks: Hooks = load_hooks(links)
        self.registry = Registry(BUILTIN)
        self.admission = AdmissionChain(self.hooks, self.registry, lambda: self.cache)
        self.reader = CacheReader(lambda: self.cache)
        for kind in self.hooks.kinds():
            self.registry.add(kind)
        self.metrics = Metrics()
        self.is_ready = False
        self._running: _Running | None = None
        self.backends = Backends(lambda: self.cache)
        self.aggregation = Aggregation(self.registry)

    @property
    def commit(self) -> GroupCommit:
        """The way to write."""
        assert self._running is not None, "the API server has not started"
        return self._running.commit

    async def start(self) -> None:
        """Open the log, fill the cache and make the namespaces that every cluster has.

        Raises:
            NewerData: A newer release wrote the database.
            StoreUnavailable: The database cannot be opened or written.
        """
        log = open_log(self.settings.database or sqlite_url(self.settings.data / "kubernel.db"))
        cache = Cache(self.registry, log)
        cache.load()
        custom = CustomResources(self.registry, cache)

        def publish(entries: Sequence[Entry]) -> None:
            cache.apply(entries)
            custom.apply(entries)
            self.aggregation.apply(entries)

        commit = GroupCommit(log, publish)
        commit.start()
        compactor = Compactor(log, commit, self.settings.retention)
        compaction = asyncio.get_running_loop().create_task(compactor.run(), name="compaction")
        self._running = _Running(log, commit, custom, compaction)
        self.cache = cache
        self.metrics.observe(cache)
        await ensure_namespaces(self.cache, self.commit)
        await ensure_priority_classes(self.cache, self.commit)
        await ensure_authority(self.cache, self.commit, _text(self.settings.client_ca))
        custom.start(commit)
        self.aggregation.start(cache, commit)
        self.is_ready = True

    def drain(self) -> None:
        """Say that this process goes away: not ready any more, and every watch ends so that clients move on."""
        self.is_ready = False
        if self._running is not None:
            self.cache.close_watchers()

    async def stop(self) -> None:
        """Commit what waits and close everything."""
        running, self._running = self._running, None
        if running is None:
            return
        running.compaction.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running.compaction
        await running.custom.stop()
        await running.commit.stop()
        await self.admission.close()
        await self.aggregation.stop()
        await self.backends.close()
        running.log.close()


def _text(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
