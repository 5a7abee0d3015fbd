"""A server's ``Table`` (meta.k8s.io/v1) as lines of text.

The server chooses columns and cells; this adds the namespace and the type where a list mixes several, and leaves out
the columns that only ``-o wide`` shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kubernel.cli.access.connection import Plain
from kubernel.cli.show.grid import Grid

__all__ = ["TABLE", "TableText", "TableView"]

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@dataclass(frozen=True, slots=True)
class TableView:
    """How a table is shown.

    Attributes:
        wide: With the columns of lower priority.
        namespaces: With the namespace of each object in front.
        labels: With each object's labels at the end.
        prefix: What stands before each name, such as ``pod/``.
        headings: Whether the headings are printed.
    """

    wide: bool = False
    namespaces: bool = False
    labels: bool = False
    prefix: str = ""
    headings: bool = True


class TableText:
    """Prints one table and the rows that follow it in a watch."""

    def __init__(self, view: TableView) -> None:
        self._view = view
        self._columns: list[Plain] = []
        self._grid: Grid | None = None

    def lines(self, table: Plain) -> list[str]:
        """Return the lines of this table's rows; nothing for a table without rows."""
        # Events of a watch repeat the column definitions only in the first one.
        self._columns = table.get("columnDefinitions") or self._columns
        rows = [list(self._cells(row)) for row in table.get("rows") or ()]
        if not rows:
            return []
        if self._grid is None:
            self._grid = Grid(list(self._headings()))
            lines = self._grid.lines(rows)
            return lines if self._view.headings else lines[1:]
        return self._grid.lines(rows)

    def _headings(self) -> Iterator[str]:
        if self._view.namespaces:
            yield "NAMESPACE"
        for column in self._columns:
            if self._is_shown(column):
                yield column["name"].upper()
        if self._view.labels:
            yield "LABELS"

    def _cells(self, row: Plain) -> Iterator[str]:
        metadata: Plain = (row.get("object") or {}).get("metadata") or {}
        if self._view.namespaces:
            yield metadata.get("namespace", "")
        for column, cell in zip(self._columns, row["cells"], strict=False):
            if self._is_shown(column):
                prefix = self._view.prefix if column.get("format") == "name" else ""
                yield prefix + _text(cell)
        if self._view.labels:
            labels = metadata.get("labels") or {}
            yield ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"

    def _is_shown(self, column: Plain) -> bool:
        return self._view.wide or not column.get("priority")


def _text(cell: object) -> str:
    if cell is None:
        return "<none>"
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(cell)
