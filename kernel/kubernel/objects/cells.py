"""The words in the columns of ``kubectl get``: ages, lists of labels, names.

Each function makes a cell's text from plain values; a kind's columns call them. The formats are Kubernetes' own
(source: apimachinery ``util/duration``, ``pkg/printers/internalversion``), because people's scripts cut them apart.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kubernel.objects.kind import Column
from kubernel.objects.models import ApiObject

__all__ = [
    "AGE",
    "CREATED_AT",
    "NAME",
    "NONE",
    "UNKNOWN",
    "UNSET",
    "age",
    "duration",
    "first_few",
    "labels_text",
]

NONE = "<none>"
UNKNOWN = "<unknown>"
UNSET = "<unset>"
SHOWN = 3

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400


def duration(seconds: float) -> str:
    """Return two or three significant figures of a duration: ``45s``, ``3m12s``, ``5h30m``, ``2d4h``, ``3y12d``."""
    s = int(seconds)
    if s < -1:
        return "<invalid>"
    if s < 2 * _MINUTE:
        return f"{max(s, 0)}s"
    if s < 10 * _MINUTE:
        return _two(s, _MINUTE, "m", 1, "s")
    if s < 3 * _HOUR:
        return f"{s // _MINUTE}m"
    if s < 8 * _HOUR:
        return _two(s, _HOUR, "h", _MINUTE, "m")
    if s < 2 * _DAY:
        return f"{s // _HOUR}h"
    if s < 8 * _DAY:
        return _two(s, _DAY, "d", _HOUR, "h")
    if s < 2 * _YEAR:
        return f"{s // _DAY}d"
    if s < 8 * _YEAR:
        return _two(s, _YEAR, "y", _DAY, "d")
    return f"{s // _YEAR}y"


def _two(seconds: int, unit: int, name: str, part: int, part_name: str) -> str:
    whole, rest = divmod(seconds, unit)
    return f"{whole}{name}{rest // part}{part_name}" if rest // part else f"{whole}{name}"


def age(since: datetime | None, now: datetime) -> str:
    """Return how long ago ``since`` was; ``None`` is ``<unknown>``."""
    return UNKNOWN if since is None else duration((now - since).total_seconds())


def labels_text(labels: Mapping[str, str] | None) -> str:
    """Return ``a=1,b=2`` sorted by key, or ``<none>``."""
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) if labels else NONE


def first_few(words: Sequence[str], absent: str = NONE) -> str:
    """Return the first three words joined with commas, and how many more there are; ``absent`` when there is none."""
    shown = ",".join(words[:SHOWN])
    return f"{shown} + {len(words) - SHOWN} more..." if len(words) > SHOWN else shown or absent


def _name(obj: ApiObject, _now: datetime) -> str:
    return (obj.metadata.name if obj.metadata else None) or ""


def _created(obj: ApiObject, now: datetime) -> str:
    return age(obj.metadata.creationTimestamp if obj.metadata else None, now)


def _created_at(obj: ApiObject, _now: datetime) -> str:
    created = obj.metadata.creationTimestamp if obj.metadata else None
    return created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if created else UNKNOWN


NAME: Column[Any] = Column("Name", _name, format="name", description="The name, unique in its namespace.")
AGE: Column[Any] = Column("Age", _created, description="The time since the object was created.")
CREATED_AT: Column[Any] = Column("Created At", _created_at, type="date", description="When the object was created.")
"""What is shown beside the name of a kind without columns of its own."""
