"""How long to wait before a process that ended is started again."""

from collections.abc import Callable

from kubernel.client.backoff import Backoff

__all__ = ["RestartBackoff"]

WAITS = Backoff(first_s=0.1, limit_s=30.0)
HEALTHY_S = 60.0
"""A process that lived so long had another reason to end: start over with the shortest wait."""


class RestartBackoff:
    """0.1 s, then twice as long each time up to 30 s, and 0.1 s again after a minute of health."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._started = 0.0

    def started(self) -> None:
        """The process was started now."""
        self._started = self._clock()

    def ended(self) -> float:
        """The process ended now: return how many seconds to wait."""
        if self._clock() - self._started >= HEALTHY_S:
            self._failures = 0
        self._failures += 1
        return WAITS.delay_s(self._failures)

    def reset(self) -> None:
        """Something else is to be started: forget the past."""
        self._failures = 0
