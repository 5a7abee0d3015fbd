"""What ``kubectl get`` would show: the cells of an object."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from kubernel.objects.kind import Kind
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

__all__ = ["cells"]


def cells(kind: Kind[Any], plain: Plain, now: datetime) -> list[Any]:
    """Return the row of an object that was created three days ago."""
    created = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    obj = msgspec.convert({**plain, "metadata": {**created, **plain.get("metadata", {})}}, kind.type)
    row: list[Any] = table(kind, [obj], now=now, include="None")["rows"][0]["cells"]
    return row
