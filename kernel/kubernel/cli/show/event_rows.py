"""Events as rows: when, what, about which object, in which words."""

from collections.abc import Iterable

from kubernel.cli.access.connection import Plain
from kubernel.cli.show.ages import age, moment

__all__ = ["HEADINGS", "event_row", "in_order", "last_seen", "seen"]

HEADINGS = ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE")


def last_seen(event: Plain) -> str:
    """Return when it happened last, as RFC 3339; events of several generations keep it in different fields."""
    series: Plain = event.get("series") or {}
    found = series.get("lastObservedTime") or event.get("lastTimestamp") or event.get("eventTime")
    return found or event["metadata"].get("creationTimestamp") or ""


def in_order(events: Iterable[Plain]) -> list[Plain]:
    """Return the events, the oldest first; those of one second in the order of their revisions."""
    return sorted(events, key=lambda event: (last_seen(event), int(event["metadata"].get("resourceVersion") or 0)))


def seen(event: Plain) -> str:
    """Return ``12s``, or ``12s (x5 over 3m)`` for one that happened again and again."""
    last = moment(last_seen(event))
    count = event.get("count") or 1
    if count == 1:
        return age(last)
    return f"{age(last)} (x{count} over {age(moment(event.get('firstTimestamp')))})"


def event_row(event: Plain) -> tuple[str, ...]:
    """Return one row for `HEADINGS`."""
    about: Plain = event.get("involvedObject") or {}
    target = f"{(about.get('kind') or '').lower()}/{about.get('name', '')}"
    message = " ".join((event.get("message") or "").split())
    return (seen(event), event.get("type") or "", event.get("reason") or "", target, message)
