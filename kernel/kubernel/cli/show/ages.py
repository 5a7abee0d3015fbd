"""How long ago, as people of this field write it: ``45s``, ``3m10s``, ``5h``, ``12d``.

Source: apimachinery ``util/duration`` (HumanDuration); the server prints the same in its tables.
"""

from datetime import UTC, datetime

__all__ = ["age", "moment"]

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


def moment(text: str | None) -> datetime | None:
    """Read an RFC 3339 time; ``None`` when there is none."""
    return datetime.fromisoformat(text) if text else None


def age(since: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago ``since`` was, with two units while the smaller one matters."""
    if since is None:
        return "<unknown>"
    seconds = max(0, int(((now or datetime.now(UTC)) - since).total_seconds()))
    if seconds < 2 * MINUTE_S:
        return f"{seconds}s"
    if seconds < 10 * MINUTE_S:
        return _two(seconds, MINUTE_S, "m", 1, "s")
    if seconds < 3 * HOUR_S:
        return f"{seconds // MINUTE_S}m"
    if seconds < 8 * HOUR_S:
        return _two(seconds, HOUR_S, "h", MINUTE_S, "m")
    if seconds < 2 * DAY_S:
        return f"{seconds // HOUR_S}h"
    if seconds < 8 * DAY_S:
        return _two(seconds, DAY_S, "d", HOUR_S, "h")
    return f"{seconds // DAY_S}d"


def _two(seconds: int, large_s: int, large: str, small_s: int, small: str) -> str:
    rest = seconds % large_s // small_s
    return f"{seconds // large_s}{large}{rest}{small}" if rest else f"{seconds // large_s}{large}"
