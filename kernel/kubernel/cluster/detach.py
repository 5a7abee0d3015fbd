r"""``--detach``: the cluster in the background, the caller in front until it is ready.

The caller holds a pipe on which the other side tells its progress, one JSON line each. It ends with readiness, with
the reason of a failure, or, when the other side died, with its end.

    {"type":"Step","text":"starting the API server"}
    {"type":"UpReport","kubeconfig":"…","url":"https://127.0.0.1:6443","seconds":0.93,"pid":4711,"warnings":[]}
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import TextIO

import msgspec

from kubernel.cluster.settings import Progress, UpReport
from kubernel.cluster.state.lock import DataLock

__all__ = ["run_detached"]

EXIT_FAILED = 1


class _Step(msgspec.Struct, frozen=True, tag="Step"):
    text: str


class _Failure(msgspec.Struct, frozen=True, tag="Failure"):
    text: str


_Line = _Step | _Failure | UpReport
_decoder: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)


class _Distant:
    """Progress, told to the process at the other end of a pipe; goes on when that has gone."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def step(self, text: str) -> None:
        self._tell(_Step(text))

    def ready(self, report: UpReport) -> None:
        self._tell(report)

    def failed(self, reason: str) -> None:
        self._tell(_Failure(reason))

    def _tell(self, line: _Line) -> None:
        try:
            os.write(self._fd, msgspec.json.encode(line) + b"\n")
        except OSError:
            return


def run_detached(run: Callable[[int, Progress], int], lock: DataLock, progress: Progress) -> int:
    """Run the cluster in a new session without a terminal, and return as soon as it is ready or has failed.

    Args:
        run: Runs the cluster; gets the pid of its process and whom to tell.
        lock: Held by the caller; the new process takes it over.
        progress: Is told what the new process tells.

    Returns:
        The exit code of the command.
    """
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(told)
        _become_cluster(run, lock, tell)
    os.close(tell)
    lock.hand_over()
    with os.fdopen(told, encoding="utf-8") as lines:
        return _follow(lines, progress)


def _become_cluster(run: Callable[[int, Progress], int], lock: DataLock, tell: int) -> None:
    """Never returns."""
    code = EXIT_FAILED
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        os.close(nothing)
        lock.sign(os.getpid())
        distant = _Distant(tell)
        try:
            code = run(os.getpid(), distant)
        except Exception:  # noqa: BLE001 - the caller must learn why, whatever it is
            distant.failed(traceback.format_exc())
        lock.release()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _follow(lines: TextIO, progress: Progress) -> int:
    for line in lines:
        match _decoder.decode(line):
            case _Step(text):
                progress.step(text)
            case _Failure(reason):
                progress.failed(reason)
                return EXIT_FAILED
            case UpReport() as report:
                progress.ready(report)
                return 0
    progress.failed("the cluster ended before it was ready; see logs/supervisor.log in its data directory")
    return EXIT_FAILED
