"""How large and how deep a body may be, told before anything decodes it.

A body of 3 MiB may hold a million empty lists, which would take 60 MB and block everybody else, or nest so deep that
whoever walks it later runs out of stack. The decoders bound neither; counting a few bytes in C does (1 ms for 3 MiB).
Figures and the choice of the limits: decision 0051.
"""

from itertools import accumulate, count
from operator import sub

from kubernel.objects.errors import StatusError, bad_request

__all__ = ["MAX_DEPTH", "MAX_VALUES", "check_json", "too_deep", "too_many"]

MAX_DEPTH = 128
"""Lists and objects in one another; the deepest schema of a custom resource that we know has 60."""

MAX_VALUES = 50_000
"""Values, lists and objects in one body; an object of the largest size that is stored has 30 bytes for each."""

_STEPS = bytes.maketrans(b"[{]}", b"\x02\x02\x00\x00")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def too_deep() -> StatusError:
    """400: lists and objects are nested too deep."""
    return bad_request(f"error decoding the request body: exceeded max depth ({MAX_DEPTH})")


def too_many() -> StatusError:
    """413: there are too many values."""
    message = f"Request entity too large: limit is {MAX_VALUES} values"
    return StatusError(413, "RequestEntityTooLarge", message)


def check_json(body: bytes) -> None:
    """Check the bounds of a text that a JSON decoder will read.

    Raises:
        StatusError: 400, it is nested too deep; 413, it has too many values.
    """
    opened = body.count(b"{") + body.count(b"[")
    # What is true of almost every body: not even with all that stands inside its strings could it be over a bound.
    if opened <= MAX_DEPTH and (len(body) <= MAX_VALUES or body.count(b",") + opened <= MAX_VALUES):
        return
    bare = _without_strings(body)
    if bare.count(b",") + bare.count(b"{") + bare.count(b"[") > MAX_VALUES:
        raise too_many()
    if _depth(bare) > MAX_DEPTH:
        raise too_deep()


def _without_strings(body: bytes) -> bytes:
    """Return what stands between the strings of a JSON text.

    Raises:
        StatusError: 413, there are too many strings to look for.
    """
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if body.count(b'"') > 4 * MAX_VALUES:  # two for each key and each value
        raise too_many()
    return b"".join(body.split(b'"')[::2])


def _depth(bare: bytes) -> int:
    steps = bare.translate(_STEPS, _NO_BRACKETS)
    # Each step is one too many, so that it is a byte; the position takes it away again.
    return max(map(sub, accumulate(steps), count(1)), default=0)
