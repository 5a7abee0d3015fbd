"""Entering a pod's namespaces, as far as the kernel lets us.

Three levels, tried in this order by `probe` once when the runtime starts:

- ``namespaces``: as root: process ids, mounts, host name and System V IPC of the pod's own.
- ``user-namespaces``: the same without privilege, inside a user namespace that maps only our own uid and gid.
- ``plain``: processes as they are; the shim is their subreaper.

The network namespace is never left: the loopback network's addresses are the machine's.
"""

import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kubernel_runtime_process.shim import linux

__all__ = ["Isolation", "Level", "enter", "probe", "settle"]

_POD = linux.CLONE_NEWNS | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC | linux.CLONE_NEWPID


class Level(StrEnum):
    """How far a pod is set apart."""

    NAMESPACES = "namespaces"
    USER_NAMESPACES = "user-namespaces"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Isolation:
    """What `probe` found; `reason` says why it is not more."""

    level: Level
    reason: str = ""


def enter(level: Level) -> None:
    """Leave for new namespaces; the *next* fork is the first process of the new process-id namespace.

    Raises:
        OSError: The kernel does not permit it.
    """
    if level is Level.PLAIN:
        return
    uid, gid = os.geteuid(), os.getegid()
    if level is Level.NAMESPACES:
        linux.unshare(_POD)
        return
    linux.unshare(_POD | linux.CLONE_NEWUSER)
    # Without this the kernel lets nobody but root write a gid map (user_namespaces(7)).
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def settle(level: Level, hostname: str) -> None:
    """Arrange the new namespaces from inside: nothing that is mounted here shows outside.

    Raises:
        OSError: The kernel does not permit it.
    """
    if level is Level.PLAIN:
        linux.become_subreaper()
        return
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    # Some machines (a container with a masked /proc) forbid it; then /proc shows the machine's processes.
    with suppress(OSError):
        linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    if hostname:
        socket.sethostname(hostname)


def probe(wanted: Level | None) -> Isolation:
    """Find the highest level that works here, by trying in a child process.

    Args:
        wanted: Try only this one; ``None`` tries all.
    """
    if wanted is Level.PLAIN:
        return Isolation(wanted, "it was asked for")
    if wanted is not None:
        candidates = [wanted]
    elif os.geteuid() == 0:
        candidates = [Level.NAMESPACES, Level.USER_NAMESPACES]
    else:
        candidates = [Level.USER_NAMESPACES]
    reason = ""
    for level in candidates:
        problem = _problem_with(level)
        if not problem:
            return Isolation(level, reason)
        reason = f"{level}: {problem}"
    return Isolation(Level.PLAIN, reason)


def _problem_with(level: Level) -> str:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _try(level, write_end)
    os.close(write_end)
    with open(read_end, "rb") as answer:  # noqa: PTH123 - a file descriptor, not a path
        words = answer.read().decode(errors="replace")
    os.waitpid(child, 0)
    return "" if words == "works" else words or "the trial process died"


def _try(level: Level, answer: int) -> None:
    try:
        enter(level)
        first = os.fork()
        if first == 0:
            settle(level, "kubernel-probe")
            linux.set_mount_read_only("/")
            os.write(answer, b"works")
            os._exit(0)
        os.waitpid(first, 0)
    except OSError as error:
        os.write(answer, str(error).encode())
    finally:
        sys.stderr.flush()
        os._exit(0)
