"""Durations as Go writes them: ``1h30m``, ``1.5s``, ``-100ms`` — exact, in nanoseconds.

Source: Go's ``time.ParseDuration`` and ``Duration.String``, whose words Kubernetes hands on to its clients.
"""

import re

__all__ = ["DurationError", "format_duration", "parse_duration"]

_UNITS_NS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<unit>[^0-9.]*)")
_LARGEST_NS = 2**63
_TEXT_MAX = 128
"""Longer texts are refused unread; the longest sensible one has some thirty characters."""


class DurationError(ValueError):
    """The text is not a duration; the message has Go's words."""


def parse_duration(text: str) -> int:
    """Return a duration in nanoseconds.

    Raises:
        DurationError: It is none, or longer than 292 years.
    """
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    invalid = DurationError(f'time: invalid duration "{text}"')
    if not rest or len(rest) > _TEXT_MAX:
        raise invalid
    total, position = 0, 0
    while position < len(rest):
        part = _PART.match(rest, position)
        assert part is not None, "every part of the pattern may be empty"
        whole, fraction, unit = part["whole"], part["fraction"] or "", part["unit"]
        if not whole and not fraction:
            raise invalid
        if not unit:
            raise DurationError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS_NS:
            raise DurationError(f'time: unknown unit "{unit}" in duration "{text}"')
        total += int(whole + fraction) * _UNITS_NS[unit] // 10 ** len(fraction)
        position = part.end()
    if total > _LARGEST_NS - (sign > 0):
        raise invalid
    return sign * total


def format_duration(nanoseconds: int) -> str:
    """Return the one way in which Go writes a duration: ``90m`` is ``1h30m0s``, half a second ``500ms``."""
    if nanoseconds == 0:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for unit in ("ns", "µs", "ms"):
        if rest < _UNITS_NS[unit] * 1_000:
            return f"{sign}{_decimal(rest, _UNITS_NS[unit])}{unit}"
    minutes, below = divmod(rest, _UNITS_NS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{_decimal(below, _UNITS_NS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else f"{sign}{seconds}"


def _decimal(value: int, unit: int) -> str:
    whole, below = divmod(value, unit)
    digits = str(below).rjust(len(str(unit)) - 1, "0").rstrip("0") if below else ""
    return f"{whole}.{digits}" if digits else str(whole)
