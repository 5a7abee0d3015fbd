"""Small changes of plain objects, for tests that break one rule at a time."""

import re
from typing import Any

import msgspec
from kubernel.objects.models import Plain

__all__ = ["changed"]


def changed(plain: Plain, **values: Any) -> Plain:
    """Return a copy of an object with other values at some places.

    Args:
        plain: The object; it stays as it is.
        values: Path → value, such as ``**{"spec.ports[0].port": 0}``; ``...`` leaves the field out.
    """
    copy: Plain = msgspec.json.decode(msgspec.json.encode(plain))
    for path, value in values.items():
        *steps, last = [int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", path)]
        place: Any = copy
        for step in steps:
            place = place[step] if isinstance(step, int) else place.setdefault(step, {})
        if value is ...:
            del place[last]
        else:
            place[last] = msgspec.json.decode(msgspec.json.encode(value))
    return copy
