"""Moments with microseconds: the published type ``MicroTime`` of events and leases.

Kubernetes writes them with six digits, always, and its clients refuse fewer; the encoder leaves out digits that are
all zero. So the bytes of the few types that have such fields are mended after encoding.
"""

import re
from functools import lru_cache

from kubernel.objects.published import fields_of, name_of

__all__ = ["with_microseconds"]


def with_microseconds(struct: type, body: bytes) -> bytes:
    """Return the JSON of an object of a type with six digits in each of its moments that need them."""
    pattern = _whole_seconds(struct)
    return body if pattern is None else pattern.sub(rb"\1.000000Z", body)


@lru_cache(maxsize=512)
def _whole_seconds(struct: type) -> re.Pattern[bytes] | None:
    """Return what finds ``"eventTime":"…:00Z"``; ``None`` for a type without such fields.

    Text inside a value cannot be mistaken for it: there each quotation mark has a backslash before it.
    """
    # A type that was made of a published one (one that refuses unknown fields) has its fields.
    names = [name for base in struct.__mro__ if fields_of(name := name_of(base))]
    found = _moments(names[0], set()) if names else set()
    if not found:
        return None
    listed = "|".join(sorted(found))
    return re.compile(rf'("(?:{listed})":"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)Z'.encode())


def _moments(name: str, seen: set[str]) -> set[str]:
    seen.add(name)
    found = set()
    for key, field in fields_of(name).items():
        if field.element == "microtime":
            found.add(key)
        elif field.element not in seen:
            found |= _moments(field.element, seen)
    return found
