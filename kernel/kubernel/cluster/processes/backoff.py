"""How long to wait before a process that ended is started again."""

from collections.abc import Callable

__all__ = ["Backoff"]

FIRST_S = 0.1
LONGEST_S = 30.0
HEALTHY_S = 60.0
"""A process that lived so long had another reason to end: start over with the shortest wait."""


class Backoff:
    """0.1 s, then twice as long each time up to 30 s, and 0.1 s again after a minute of health."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next_s = FIRST_S
        self._started = 0.0

    def started(self) -> None:
        """The process was started now."""
        self._started = self._clock()

    def ended(self) -> float:
        """The process ended now: return how many seconds to wait."""
        if self._clock() - self._started >= HEALTHY_S:
            self._next_s = FIRST_S
        wait_s = self._next_s
        self._next_s = min(wait_s * 2, LONGEST_S)
        return wait_s

    def reset(self) -> None:
        """Something else is started: forget the past."""
        self._next_s = FIRST_S
