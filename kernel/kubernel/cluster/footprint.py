"""How much memory the components take, counted honestly although they share most of it.

The processes are forks of one another. Adding up their resident sizes would count a shared page once for each, so
this adds proportional sizes (PSS: a page that n processes share counts 1/n for each; proc(5)).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

__all__ = ["resident_bytes"]

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
KIB = 1024


def resident_bytes(pids: Mapping[str, int]) -> dict[str, int]:
    """Return component → bytes; a component's process counts with all that it started in its session."""
    leaders = {pid: name for name, pid in pids.items()}
    total = dict.fromkeys(pids, 0)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        pid = int(entry.name)
        name = leaders.get(pid) or leaders.get(_session(pid))
        if name is not None:
            total[name] += _proportional_bytes(entry)
    return total


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return 0


def _proportional_bytes(process: Path) -> int:
    try:
        match = _PSS.search((process / "smaps_rollup").read_text())
    except OSError:
        return 0
    return int(match[1]) * KIB if match else 0
