"""What the benchmarks found: a table for people, JSON for machines."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

__all__ = ["Line", "show", "write"]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        what: What was measured.
        value: The median, in ``unit``.
        unit: Such as ``creates/s``.
        target: What it should be, in words; empty when it is only reported.
        met: Whether it is; ``None`` without a target.
        ceiling: The ceiling of the same run, in ``unit``; ``None`` without one.
        ratio: ``value`` over ``ceiling`` (for times: how many times longer).
        rounds: Every round's value.
        note: Anything else worth knowing.
    """

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    ceiling: float | None = None
    ratio: float | None = None
    rounds: tuple[float, ...] = ()
    note: str = ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def show(lines: list[Line]) -> None:
    """Print the table."""
    table = Table(title="Benchmarks: medians, each beside a ceiling taken in the same run")
    for heading, justify in (
        ("What", "left"),
        ("Median", "right"),
        ("Unit", "left"),
        ("Ceiling", "right"),
        ("Ratio", "right"),
        ("Target", "left"),
        ("Met", "left"),
        ("Note", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for line in lines:
        met = "" if line.met is None else ("[green]yes" if line.met else "[red]no")
        table.add_row(
            line.what,
            _number(line.value),
            line.unit,
            _number(line.ceiling),
            _number(line.ratio),
            line.target,
            met,
            line.note,
        )
    Console(width=max(140, Console().width)).print(table)


def write(lines: list[Line], path: Path) -> None:
    """Write everything as JSON."""
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "lines": [asdict(line) for line in lines],
    }
    path.write_text(json.dumps(document, indent=2) + "\n")
