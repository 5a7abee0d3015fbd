"""Aligned columns, as kubectl prints them: three spaces between, the last one unpadded."""

from collections.abc import Sequence

__all__ = ["Grid"]

GAP = "   "


class Grid:
    """Prints rows under headings; later rows keep the widths of the earlier ones, so that a watch stays aligned."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._headings = tuple(headings)
        self._widths = [0] * len(self._headings)
        self._has_headings = False

    def lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Return the lines of these rows, after the headings the first time."""
        everything = [tuple(row) for row in rows]
        if not self._has_headings:
            everything.insert(0, self._headings)
            self._has_headings = True
        for row in everything:
            self._widths = [max(width, len(cell)) for width, cell in zip(self._widths, row, strict=True)]
        return [self._line(row) for row in everything]

    def _line(self, row: Sequence[str]) -> str:
        padded = [cell.ljust(width) for cell, width in zip(row, self._widths, strict=True)]
        return GAP.join([*padded[:-1], row[-1]]).rstrip()
