"""The time as objects store it."""

from datetime import UTC, datetime
from functools import lru_cache
from time import time

__all__ = ["now"]


def now() -> datetime:
    """Return the moment in UTC and whole seconds."""
    return _second(int(time()))


@lru_cache(maxsize=2)
def _second(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
