"""Expectations: what we did that our cache does not show yet.

After starting pods the cache is stale for a moment; counting then would start them again. So the controller remembers
the uids that it created and those that it asked to delete, and does not count until the cache has shown them all
(source: client-go's ``ControllerExpectations``, with uids for creations as well as for deletions). An expectation that
is not met within five minutes lapses: better one pod too many than a controller that stands still.

The cache may show a pod *before* the answer to its creation arrives; therefore a round notes what it sees while it
acts.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["LAPSE_S", "Expectations", "Round"]

LAPSE_S = 300.0
"""Kubernetes' ``ExpectationsTimeout``."""


@dataclass(slots=True)
class Round:
    """One act of starting or killing pods, and what is not yet seen of it."""

    started_s: float
    is_acting: bool = True
    creations: set[str] = field(default_factory=set)
    deletions: set[str] = field(default_factory=set)
    seen_early: set[str] = field(default_factory=set)

    def created(self, pod_uid: str) -> None:
        """The server answered: this pod exists."""
        if pod_uid not in self.seen_early:
            self.creations.add(pod_uid)

    def deleting(self, pod_uid: str) -> None:
        """We are about to ask for this pod's end."""
        self.deletions.add(pod_uid)

    def not_deleted(self, pod_uid: str) -> None:
        """The server refused, so there is nothing to wait for."""
        self.deletions.discard(pod_uid)


class Expectations:
    """The last round of every replication controller, by its uid."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rounds: dict[str, Round] = {}

    @contextmanager
    def acting(self, owner_uid: str) -> Iterator[Round]:
        """Open a new round for the time of the act."""
        current = self._rounds[owner_uid] = Round(self._clock())
        try:
            yield current
        finally:
            current.is_acting = False
            current.seen_early.clear()

    def are_met(self, owner_uid: str) -> bool:
        """Whether the cache shows everything that we did."""
        last = self._rounds.get(owner_uid)
        if last is None:
            return True
        if last.is_acting:
            return False
        return not (last.creations or last.deletions) or self._clock() - last.started_s >= LAPSE_S

    def observe_creation(self, owner_uid: str, pod_uid: str) -> None:
        """The cache shows a new pod."""
        last = self._rounds.get(owner_uid)
        if last is not None:
            last.creations.discard(pod_uid)
            if last.is_acting:
                last.seen_early.add(pod_uid)

    def observe_deletion(self, owner_uid: str, pod_uid: str) -> None:
        """The cache shows that a pod ends or is gone."""
        last = self._rounds.get(owner_uid)
        if last is not None:
            last.deletions.discard(pod_uid)

    def forget(self, owner_uid: str) -> None:
        """The replication controller is gone."""
        self._rounds.pop(owner_uid, None)
