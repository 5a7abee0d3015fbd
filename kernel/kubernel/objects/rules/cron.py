"""Schedules of CronJobs: five fields or a word such as ``@hourly``, and the time zones that they are read in.

The grammar and the sentences are those of the parser that Kubernetes uses (source: ``robfig/cron`` v3,
``ParseStandard``; for time zones ``pkg/apis/batch/validation``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kubernel.objects.durations import DurationError, parse_duration

__all__ = ["cron_errors", "time_zone_errors"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_EVERY = "@every "
_ZONES = ("TZ=", "CRON_TZ=")
_ZONE_PART = re.compile(r"[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_SCHEDULE_MAX = 4096
"""Longer schedules are refused unread; the longest sensible one names every minute of an hour."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (_Bounds(0, 59), _Bounds(0, 23), _Bounds(1, 31), _Bounds(1, 12, _MONTHS), _Bounds(0, 6, _DAYS))
"""Minute, hour, day of the month, month, day of the week."""


def cron_errors(schedule: str) -> list[str]:
    """Check a schedule; whether it may name a time zone (``TZ=…``) is its kind's business."""
    if not schedule:
        return ["empty spec string"]
    if len(schedule) > _SCHEDULE_MAX:
        return [f"must be no more than {_SCHEDULE_MAX} characters"]
    try:
        _check(schedule)
    except ValueError as error:
        return [str(error)]
    return []


def time_zone_errors(name: str) -> list[str]:
    """Check the name of a time zone: one of the IANA database's, such as ``Europe/Berlin``."""
    if not name:
        return ["timeZone must be nil or non-empty string"]
    if any(part in {".", ".."} or not _ZONE_PART.fullmatch(part) for part in name.split("/")):
        return [f"unknown time zone {name}"]
    if name.lower() == "local":
        return ["timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"]
    return [] if _is_zone(name) else [f"unknown time zone {name}"]


@lru_cache(maxsize=256)
def _is_zone(name: str) -> bool:
    # Few objects name a time zone, and the module reads the system's configuration when it is imported.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check(schedule: str) -> None:
    if schedule.startswith(_ZONES):
        zone, _, schedule = schedule.partition("=")[2].partition(" ")
        if zone and zone != "Local" and time_zone_errors(zone):
            raise ValueError(f"provided bad location {zone}: unknown time zone {zone}")
        schedule = schedule.strip()
    if schedule.startswith("@"):
        _check_descriptor(schedule)
        return
    fields = schedule.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    for field, bounds in zip(fields, _FIELDS, strict=True):
        for expression in _expressions(field):
            _check_range(expression, bounds)


def _check_descriptor(word: str) -> None:
    if word in _DESCRIPTORS:
        return
    if not word.startswith(_EVERY):
        raise ValueError(f"unrecognized descriptor: {word}")
    try:
        parse_duration(word.removeprefix(_EVERY))
    except DurationError as error:
        raise ValueError(f"failed to parse duration {word}: {error}") from error


def _expressions(field: str) -> Iterator[str]:
    return filter(None, field.split(","))


def _check_range(expression: str, bounds: _Bounds) -> None:
    whole, *steps = expression.split("/")
    first, *rest = whole.split("-")
    if first in {"*", "?"}:
        start, end = bounds.low, bounds.high
    else:
        start = _number(first, bounds.names, bounds.low)
        if len(rest) > 1:
            raise ValueError(f"too many hyphens: {expression}")
        end = _number(rest[0], bounds.names, bounds.low) if rest else start
    if len(steps) > 1:
        raise ValueError(f"too many slashes: {expression}")
    step = _number(steps[0]) if steps else 1
    if steps and not rest:
        end = bounds.high  # `N/step` goes on to the end
    if start < bounds.low:
        raise ValueError(f"beginning of range ({start}) below minimum ({bounds.low}): {expression}")
    if end > bounds.high:
        raise ValueError(f"end of range ({end}) above maximum ({bounds.high}): {expression}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {expression}")
    if step == 0:
        raise ValueError(f"step of range should be a positive number: {expression}")


def _number(text: str, names: tuple[str, ...] = (), first: int = 0) -> int:
    """Return a number or a name's number; the names count from ``first``."""
    if text.lower() in names:
        return names.index(text.lower()) + first
    if not _INTEGER.fullmatch(text):
        raise ValueError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    if int(text) < 0:
        raise ValueError(f"negative number ({int(text)}) not allowed: {text}")
    return int(text)
