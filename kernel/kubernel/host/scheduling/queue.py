"""The waiting pods: who is next, who pauses after a failure, who waits until something changes.

A pod is in one of four places. *Active*: in the order of arrival, to be decided. *Taken*: being decided or bound; it
stays here until the watch shows it bound or gone, so that a late event cannot make it wait a second time. *Backing
off*: failed a moment ago. *Parked*: no node takes it; it comes back when the cluster changes (`wake`), after its
back-off, and at the latest after ``retry_parked_s``.
"""

import asyncio
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice

from kubernel.client.backoff import Backoff
from kubernel.objects.models import core
from kubernel.plugin.contracts.scheduler import PodInfo

__all__ = ["WaitingPods"]


class _Place(Enum):
    ACTIVE = auto()
    TAKEN = auto()
    BACKING_OFF = auto()
    PARKED = auto()


@dataclass(slots=True)
class _Entry:
    """A waiting pod.

    Attributes:
        pod: As last seen.
        place: Where it is.
        attempts: How often it was decided without success.
        failed_at_s: When it last was.
        due_s: When it comes back by itself, if it backs off or is parked.
        taken_at_change: The value of the change counter when it was taken: what changed since was not considered.
    """

    pod: PodInfo
    place: _Place = _Place.ACTIVE
    attempts: int = 0
    failed_at_s: float = 0.0
    due_s: float = 0.0
    taken_at_change: int = 0


class WaitingPods:
    """All pods that wait for a node. For one event loop and one taker; every method but `wait` returns at once."""

    def __init__(self, backoff: Backoff, retry_parked_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._backoff = backoff
        self._retry_parked_s = retry_parked_s
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._active: dict[str, None] = {}
        self._parked: dict[str, None] = {}
        self._timers: list[tuple[float, str]] = []
        self._changes = 0
        self._news = asyncio.Event()

    def __len__(self) -> int:
        """How many pods wait, wherever they are."""
        return len(self._entries)

    def put(self, pod: PodInfo) -> None:
        """Let a new pod wait, or take over the new state of one that waits.

        When its specification or labels changed, a pod that was decided without success is tried again at once.
        """
        entry = self._entries.get(pod.key)
        if entry is None:
            self._move(pod.key, _Entry(pod), _Place.ACTIVE)
            return
        changed = _asks(entry.pod) != _asks(pod)
        entry.pod = pod
        if changed and entry.place is _Place.TAKEN:
            entry.taken_at_change = -1
        elif changed:
            self._move(pod.key, entry, _Place.ACTIVE)

    def remove(self, key: str) -> None:
        """Forget a pod: it is bound or gone."""
        self._entries.pop(key, None)
        self._active.pop(key, None)
        self._parked.pop(key, None)

    def is_taken(self, pod: PodInfo) -> bool:
        """Whether the pod is the one that was taken, and is not yet seen bound, changed hands or gone."""
        entry = self._taken(pod.key)
        return entry is not None and _uid(entry.pod) == _uid(pod)

    def take(self, limit: int) -> list[PodInfo]:
        """Return the active pods that waited longest, at most ``limit``.

        Each is told of again by its key: `park`, `retry`, or `remove` once it is seen bound.
        """
        self._ring()
        keys = list(islice(self._active, limit))
        for key in keys:
            entry = self._entries[key]
            entry.taken_at_change = self._changes
            self._move(key, entry, _Place.TAKEN)
        return [self._entries[key].pod for key in keys]

    def park(self, key: str) -> None:
        """Let a taken pod wait for a change; if there was one since it was taken it only backs off."""
        entry = self._taken(key)
        if entry is None:
            return
        if entry.taken_at_change != self._changes:
            self.retry(key)
            return
        entry.attempts += 1
        entry.failed_at_s = self._clock()
        entry.due_s = entry.failed_at_s + self._retry_parked_s
        self._move(key, entry, _Place.PARKED)

    def retry(self, key: str) -> None:
        """Let a taken pod come back after its back-off, whatever happens meanwhile."""
        entry = self._taken(key)
        if entry is None:
            return
        entry.attempts += 1
        entry.failed_at_s = self._clock()
        self._back_off(key, entry)

    def wake(self) -> None:
        """Tell that the cluster changed: parked pods may be lucky now, each after its back-off."""
        self._changes += 1
        for key in list(self._parked):
            self._back_off(key, self._entries[key])

    async def wait(self) -> None:
        """Return when `take` has something to give."""
        while True:
            self._news.clear()
            self._ring()
            if self._active:
                return
            try:
                async with asyncio.timeout(self._timers[0][0] - self._clock() if self._timers else None):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _taken(self, key: str) -> _Entry | None:
        entry = self._entries.get(key)
        return entry if entry and entry.place is _Place.TAKEN else None

    def _back_off(self, key: str, entry: _Entry) -> None:
        entry.due_s = entry.failed_at_s + self._backoff.delay_s(entry.attempts)
        self._move(key, entry, _Place.BACKING_OFF)

    def _move(self, key: str, entry: _Entry, place: _Place) -> None:
        self._entries[key] = entry
        self._active.pop(key, None)
        self._parked.pop(key, None)
        entry.place = place
        if place is _Place.ACTIVE:
            self._active[key] = None
        elif place is _Place.PARKED:
            self._parked[key] = None
        if place in (_Place.BACKING_OFF, _Place.PARKED):
            heapq.heappush(self._timers, (entry.due_s, key))
        self._news.set()

    def _ring(self) -> None:
        """Activate what is due. A timer whose pod has moved on meanwhile rings for nothing."""
        now_s = self._clock()
        while self._timers and self._timers[0][0] <= now_s:
            _, key = heapq.heappop(self._timers)
            entry = self._entries.get(key)
            if entry and entry.place in (_Place.BACKING_OFF, _Place.PARKED) and entry.due_s <= now_s:
                self._move(key, entry, _Place.ACTIVE)


def _asks(pod: PodInfo) -> tuple[core.PodSpec | None, dict[str, str] | None]:
    metadata = pod.pod.metadata
    return pod.pod.spec, metadata.labels if metadata else None


def _uid(pod: PodInfo) -> str | None:
    return pod.pod.metadata.uid if pod.pod.metadata else None
