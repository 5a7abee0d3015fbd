"""Forgetting old history, by age and by count, a small step at a time."""

import asyncio
import logging
from dataclasses import dataclass
from time import time_ns

from kubernel.store.commit import GroupCommit
from kubernel.store.entries import StoreUnavailable
from kubernel.store.log import Log

__all__ = ["Compactor", "Retention"]

_log = logging.getLogger("kubernel.store")


@dataclass(frozen=True, slots=True)
class Retention:
    """How much history is kept.

    Attributes:
        age_s: Everything younger than this is kept, up to ``most``.
        least: So many of the newest revisions are kept, however old.
        most: Never more than this, however young: a burst must not fill the disk.
        every_s: How often to look.
    """

    age_s: int = 3_600
    least: int = 10_000
    most: int = 500_000
    every_s: float = 30.0


class Compactor:
    """Moves the compaction point as `Retention` says."""

    def __init__(self, log: Log, commit: GroupCommit, retention: Retention) -> None:
        self._log = log
        self._commit = commit
        self._retention = retention

    def target(self, now_ms: int) -> int:
        """Return the revision up to which history may go now; 0 when all of it is kept."""
        newest, keep = self._log.revision, self._retention
        by_age = self._log.newest_before(now_ms - keep.age_s * 1_000)
        return max(0, min(by_age, newest - keep.least), newest - keep.most)

    async def run(self) -> None:
        """Compact now and then until cancelled."""
        while True:
            await asyncio.sleep(self._retention.every_s)
            try:
                await self.compact(self.target(time_ns() // 1_000_000))
            except StoreUnavailable as error:
                _log.warning("compaction is put off: %s", error)

    async def compact(self, until: int) -> None:
        """Forget everything up to a revision, giving way to writers between the steps."""
        left = until
        while left:
            left = await self._commit.between_batches(lambda log: log.compact(until))
            await asyncio.sleep(0)
