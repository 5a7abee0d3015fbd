"""`make bench`: every benchmark, or those named on the command line; a table and ``benchmarks/results.json``."""

import sys
from collections.abc import Callable
from pathlib import Path

import uvloop

from benchmarks.clusters import hollow_pods, starts
from benchmarks.patching import patches
from benchmarks.reading_writing import creates, lists
from benchmarks.report import Line, show, write
from benchmarks.watching import watches

BENCHMARKS: dict[str, Callable[[], list[Line]]] = {
    "creates": lambda: uvloop.run(creates()),
    "patches": lambda: uvloop.run(patches()),
    "lists": lambda: uvloop.run(lists()),
    "watches": lambda: uvloop.run(watches()),
    "starts": starts,
    "hollow": hollow_pods,
}


def main(names: list[str]) -> int:
    """Run them one after another; returns 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"error: no benchmark is called {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
        return 2
    lines: list[Line] = []
    for name in names or BENCHMARKS:
        print(f"{name} …", flush=True)
        lines += BENCHMARKS[name]()
    show(lines)
    write(lines, Path(__file__).with_name("results.json"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
