"""Back-off: how long to wait before the n-th repetition."""

import random
from dataclasses import dataclass

__all__ = ["Backoff"]

MAX_DOUBLINGS = 32
"""Beyond it the result is the limit anyway; keeps the power from overflowing."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off with jitter.

    Attributes:
        first_s: The wait before the first repetition.
        limit_s: No wait is longer.
        jitter: A wait is stretched by up to this share, so that many clients of one server do not return in step.
    """

    first_s: float
    limit_s: float
    jitter: float = 0.0

    def delay_s(self, failures: int) -> float:
        """Return the wait after so many failures in a row; ``failures`` starts at 1."""
        plain = min(self.limit_s, self.first_s * 2.0 ** min(failures - 1, MAX_DOUBLINGS))
        return plain * (1 + random.random() * self.jitter)
