"""A work queue of keys: de-duplicating, delayed, with back-off, and never the same key twice at a time.

The three rules that make level-triggered controllers simple (source: client-go's ``util/workqueue``):

- A key that waits is there once, however often it is added.
- A key that is being processed is not handed out again; adding it meanwhile makes it wait for `done`.
- A key that failed comes back after 5 ms, 10 ms, … up to a minute, until `forget`.

All methods but `get` return at once and may be called from informer callbacks. One event loop, no threads.
"""

import asyncio
from collections import deque
from typing import Generic, TypeVar

from kubernel.client.backoff import Backoff

__all__ = ["QueueShutDown", "RateLimitedQueue"]

K = TypeVar("K")

RETRIES = Backoff(first_s=0.005, limit_s=60.0)
"""The first repetition is nearly free (a stale cache, a conflict); a lasting failure costs one try a minute."""


class QueueShutDown(Exception):  # noqa: N818 - named after the condition, as the API's reasons are
    """The queue was shut down and is empty; the worker ends."""


class RateLimitedQueue(Generic[K]):
    """The keys that need a look, ``K`` hashable."""

    def __init__(self, retries: Backoff = RETRIES) -> None:
        self._retries = retries
        self._ready: deque[K] = deque()
        self._dirty: set[K] = set()
        self._processing: set[K] = set()
        self._failures: dict[K, int] = {}
        self._timers: dict[K, asyncio.TimerHandle] = {}
        self._getters: deque[asyncio.Future[None]] = deque()
        self._is_shut_down = False

    def __len__(self) -> int:
        """How many keys wait now, without those that are delayed or being processed."""
        return len(self._ready)

    def add(self, key: K) -> None:
        """Let the key be processed soon; nothing happens when it waits already or the queue is shut down."""
        if self._is_shut_down or key in self._dirty:
            return
        self._dirty.add(key)
        if key not in self._processing:
            self._ready.append(key)
            self._wake_one()

    def add_after(self, key: K, delay_s: float) -> None:
        """Add the key after a while; of several such calls the earliest moment counts."""
        if self._is_shut_down:
            return
        if delay_s <= 0:
            self.add(key)
            return
        loop = asyncio.get_running_loop()
        pending = self._timers.get(key)
        if pending is not None:
            if pending.when() <= loop.time() + delay_s:
                return
            pending.cancel()
        self._timers[key] = loop.call_later(delay_s, self._fire, key)

    def retry(self, key: K) -> None:
        """Add the key after its back-off, which grows with every call until `forget`."""
        self._failures[key] = self.failures(key) + 1
        self.add_after(key, self._retries.delay_s(self._failures[key]))

    def forget(self, key: K) -> None:
        """The key was processed well: its next `retry` starts from the shortest wait."""
        self._failures.pop(key, None)

    def failures(self, key: K) -> int:
        """Return how often the key was retried since it was last forgotten."""
        return self._failures.get(key, 0)

    async def get(self) -> K:
        """Wait for a key and take it; `done` must follow.

        Raises:
            QueueShutDown: There will be no more keys.
        """
        while not self._ready:
            if self._is_shut_down:
                raise QueueShutDown
            await self._wait()
        key = self._ready.popleft()
        self._dirty.discard(key)
        self._processing.add(key)
        return key

    def done(self, key: K) -> None:
        """The key taken by `get` is processed, well or not; it is queued again if it was added meanwhile."""
        self._processing.discard(key)
        if key in self._dirty:
            self._ready.append(key)
            self._wake_one()

    def shut_down(self) -> None:
        """Accept no more keys; those that wait are still handed out, then `get` raises."""
        self._is_shut_down = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for getter in self._getters:
            if not getter.done():
                getter.set_result(None)

    def _fire(self, key: K) -> None:
        self._timers.pop(key, None)
        self.add(key)

    async def _wait(self) -> None:
        getter = asyncio.get_running_loop().create_future()
        self._getters.append(getter)
        try:
            await getter
        except asyncio.CancelledError:
            # We may have been woken for a key that we now leave behind: pass the wake-up on.
            if getter.done() and not getter.cancelled() and self._ready:
                self._wake_one()
            raise
        finally:
            if getter in self._getters:
                self._getters.remove(getter)

    def _wake_one(self) -> None:
        while self._getters:
            getter = self._getters.popleft()
            if not getter.done():
                getter.set_result(None)
                return
