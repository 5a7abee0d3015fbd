"""A fork becomes a component: its own session and standard streams, nothing inherited but what it was given.

The new process ends when its parent does (the kernel sends SIGTERM), so that no `kill -9` leaves orphans.
"""

import ctypes
import fcntl
import gc
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

from kubernel.cluster.processes.messages import Program, RunApi, RunCheck, RunHost

__all__ = ["die_with_parent", "fork_program"]

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
REPORTS_FD = 3
FIRST_OTHER_FD = 4
ABOVE_TARGETS_FD = 10
EXIT_EXCEPTION = 70
"""EX_SOFTWARE of sysexits.h: a program raised instead of returning an exit code."""

_libc = ctypes.CDLL(None, use_errno=True)


def fork_program(program: Program, output_fd: int, reports_fd: int) -> int:
    """Start a program in a new process and return its pid. The caller keeps both file descriptors and closes them."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = EXIT_EXCEPTION
    try:
        _settle(program, parent, output_fd, reports_fd)
        code = _run(program)
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def die_with_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when the parent ends, and leave at once if it has ended already."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _settle(program: Program, parent: int, output_fd: int, reports_fd: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    die_with_parent(parent)
    os.setsid()  # a Ctrl-C in the terminal is for the supervisor alone
    _arrange(output_fd, reports_fd)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc.prctl(PR_SET_NAME, f"k:{_name(program)}".encode()[:15], 0, 0, 0)
    gc.enable()


def _arrange(output_fd: int, reports_fd: int) -> None:
    """Leave exactly four descriptors: no input, the output twice, the reports."""
    wanted = (os.open(os.devnull, os.O_RDONLY), output_fd, output_fd, reports_fd)
    # Copied above the targets first, or one dup2 could overwrite the source of the next.
    sources = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, ABOVE_TARGETS_FD) for fd in wanted]
    for target, source in enumerate(sources):
        os.dup2(source, target, inheritable=target != REPORTS_FD)  # what a plugin executes must not hold the life line
    os.closerange(FIRST_OTHER_FD, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _name(program: Program) -> str:
    return "api" if isinstance(program, RunApi) else program.spec.component


def _run(program: Program) -> int:
    # Each import belongs to one program only: the others must not pay for it in time and memory.
    match program:
        case RunApi():
            from kubernel.cluster.api_server import serve_api  # noqa: PLC0415 - see above

            serve_api(Path(program.data), program.host, program.port)
            return 0
        case RunHost(spec):
            from kubernel.host.main import run_host  # noqa: PLC0415 - see above

            return run_host(spec, REPORTS_FD)
        case RunCheck(spec):
            from kubernel.host.checking import run_check  # noqa: PLC0415 - see above

            return run_check(spec, REPORTS_FD)
