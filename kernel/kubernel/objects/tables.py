"""Server-side tables: what ``kubectl get`` prints, made of a kind's columns.

A sample, shortened::

    {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "columnDefinitions": [{"name": "Name", …}],
     "rows": [{"cells": ["web", "1/1"], "object": {"kind": "PartialObjectMetadata", "metadata": {…}}}]}

The list's own metadata (``resourceVersion``, ``continue``) is added by who knows it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain

__all__ = ["META_VERSION", "Include", "column_definitions", "rows", "table"]

T = TypeVar("T", bound=ApiObject)
Include = Literal["Metadata", "Object", "None"]
"""What a row's ``object`` is: only its metadata, all of it, or absent."""

META_VERSION = "meta.k8s.io/v1"


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


def table(
    kind: Kind[T], objects: Sequence[T], *, now: datetime, include: Include = "Metadata", version: str = META_VERSION
) -> Plain:
    """Return the table of some objects of one kind.

    Args:
        kind: Their kind.
        objects: In the order of the rows.
        now: The time now, in UTC, for ages.
        include: What each row carries of its object.
        version: The table's ``apiVersion``: ``meta.k8s.io/v1``, or ``v1beta1`` for old clients.

    Returns:
        The table, ready for the encoder; the rows hold the objects themselves, or their metadata, not copies.
    """
    return {
        "kind": "Table",
        "apiVersion": version,
        "columnDefinitions": column_definitions(kind),
        "rows": rows(kind, objects, now=now, include=include, version=version),
    }


def rows(
    kind: Kind[T], objects: Iterable[T], *, now: datetime, include: Include = "Metadata", version: str = META_VERSION
) -> list[Plain]:
    """Return the rows of a table; arguments as of `table`."""
    cells = [column.cell for column in kind.columns]
    made: list[Plain] = []
    for obj in objects:
        row: Plain = {"cells": [cell(obj, now) for cell in cells]}
        if include == "Object":
            row["object"] = obj
        elif include == "Metadata":
            row["object"] = {"kind": "PartialObjectMetadata", "apiVersion": version, "metadata": obj.metadata}
        made.append(row)
    return made
