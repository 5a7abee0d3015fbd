"""The lock of a data directory: at most one cluster runs on it.

It is a kernel lock (flock) on the pid file, so a process that was killed leaves none behind: the file may lie there
with an old number, what counts is who holds it.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from kubernel.cluster.errors import ClusterError

__all__ = ["DataLock", "holder"]


class DataLock:
    """Held while a cluster runs, by every process that shares the open file through a fork."""

    def __init__(self, pid_file: Path) -> None:
        self._pid_file = pid_file
        self._fd = -1

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            ClusterError: Another cluster runs on this directory; the message has its pid.
        """
        fd = os.open(self._pid_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(fd, 32, 0).decode().strip() or "unknown"
            os.close(fd)
            directory = self._pid_file.parent.parent
            raise ClusterError(
                f"a cluster is running already on {directory} (pid {pid}); stop it with `kubernel down`, "
                "or choose another directory with --data"
            ) from None
        self._fd = fd
        self.sign(os.getpid())
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.release()

    def sign(self, pid: int) -> None:
        """Write down which process takes signals."""
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{pid}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock up for all processes that share it; nothing happens when it was handed over."""
        if self._fd >= 0:
            os.ftruncate(self._fd, 0)
            self.hand_over()

    def hand_over(self) -> None:
        """Let go in this process, in favour of the forks that hold the lock as well."""
        os.close(self._fd)
        self._fd = -1


def holder(pid_file: Path) -> int | None:
    """Return the pid of the running cluster, or ``None`` when there is none."""
    try:
        fd = os.open(pid_file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ClusterError(f"{pid_file} cannot be read: {error.strerror}") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.pread(fd, 32, 0).decode().strip()
        return int(text) if text.isdecimal() else None
    finally:
        os.close(fd)
    return None
