"""Server-side tables: what ``kubectl get`` prints, made of a kind's columns.

A sample, shortened::

    {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "columnDefinitions": [{"name": "Name", …}],
     "rows": [{"cells": ["web", "1/1"], "object": {"kind": "PartialObjectMetadata", "metadata": {…}}}]}

The list's own metadata (``resourceVersion``, ``continue``) is added by who knows it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeVar

from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain

__all__ = ["Include", "column_definitions", "table"]

T = TypeVar("T", bound=ApiObject)
Include = Literal["Metadata", "Object", "None"]
"""What a row's ``object`` is: only its metadata, all of it, or absent."""

TABLE_VERSION = "meta.k8s.io/v1"


def column_definitions(kind: Kind[T]) -> list[Plain]:
    """Return the headings of a kind's table; the same list must not be changed by who gets it."""
    return [
        {
            "name": column.name,
            "type": column.type,
            "format": column.format,
            "description": column.description,
            "priority": column.priority,
        }
        for column in kind.columns
    ]


def table(kind: Kind[T], objects: Sequence[T], *, now: datetime, include: Include = "Metadata") -> Plain:
    """Return the table of some objects of one kind.

    Args:
        kind: Their kind.
        objects: In the order of the rows.
        now: The time now, in UTC, for ages.
        include: What each row carries of its object.

    Returns:
        The table, ready for the encoder; the rows hold the objects themselves, or their metadata, not copies.
    """
    cells = [column.cell for column in kind.columns]
    rows: list[Plain] = []
    for obj in objects:
        row: Plain = {"cells": [cell(obj, now) for cell in cells]}
        if include != "None":
            row["object"] = obj if include == "Object" else _partial(obj)
        rows.append(row)
    return {
        "kind": "Table",
        "apiVersion": TABLE_VERSION,
        "columnDefinitions": column_definitions(kind),
        "rows": rows,
    }


def _partial(obj: ApiObject) -> Plain:
    return {"kind": "PartialObjectMetadata", "apiVersion": TABLE_VERSION, "metadata": obj.metadata}
