"""Processes that outlived a cluster which was killed: those that work inside its data directory.

Components end with their parent, but a pod's containers are meant to outlive their agent, and nobody is left to end
them when everything else was killed. They are found by their working directory, because that says whose they are,
whatever the runtime; a process of another user cannot be read and is left alone.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

__all__ = ["end_leftovers"]


def end_leftovers(data: Path) -> int:
    """Kill every process that works inside a data directory.

    Args:
        data: The directory of a cluster that does not run; absolute.

    Returns:
        How many were ended.
    """
    ended = 0
    for pid in _working_in(data):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
            ended += 1
    return ended


def _working_in(data: Path) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            # A removed directory still shows its old path, with a remark behind it.
            place = Path(str((entry / "cwd").readlink()).removesuffix(" (deleted)"))
            if place != data and place.is_relative_to(data):
                yield int(entry.name)
