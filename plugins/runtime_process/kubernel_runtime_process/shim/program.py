"""From fork to exec: turning a `Launch` into a running program.

Everything that can fail fails in the child, which says why through a pipe that exec closes; so `start_program`
returns a running program or raises with a sentence.
"""

import errno
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from kubernel_runtime_process.shim import linux
from kubernel_runtime_process.shim.isolation import Level
from kubernel_runtime_process.shim.messages import Launch
from kubernel_runtime_process.shim.root import RootFailed, build_root

__all__ = ["Program", "ProgramFailed", "Surroundings", "start_program"]

_KEPT_CAPABILITIES = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
"""What container engines leave to root: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap (capability.h)."""
_HIGHEST_CAPABILITY = 63


class ProgramFailed(Exception):  # noqa: N818 - named after the condition
    """The program does not run; nothing is left of it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every container of a pod shares.

    Attributes:
        level: The isolation that the shim is in.
        machine_proc: A file descriptor of the machine's own ``/proc``.
    """

    level: Level
    machine_proc: int


@dataclass(frozen=True, slots=True)
class Program:
    """A running program.

    Attributes:
        pid: As the shim sees it.
        machine_pid: As the machine sees it.
        stdout, stderr: The reading ends of its output.
    """

    pid: int
    machine_pid: int
    stdout: int
    stderr: int


def start_program(launch: Launch, directory: Path, around: Surroundings) -> Program:
    """Start the program.

    Args:
        launch: What to run.
        directory: The container's directory.
        around: What the pod's containers share.

    Raises:
        ProgramFailed: With a sentence for the user.
    """
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    news_read, news_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(launch, directory, around, (out_write, err_write, news_write))
    for fd in (out_write, err_write, news_write):
        os.close(fd)
    with open(news_read, "rb") as news:  # noqa: PTH123 - a file descriptor, not a path
        machine_pid, _, problem = news.read().decode(errors="replace").partition("\n")
    if problem:
        os.waitpid(pid, 0)
        os.close(out_read)
        os.close(err_read)
        raise ProgramFailed(problem)
    return Program(pid, int(machine_pid or pid), out_read, err_read)


def _become(launch: Launch, directory: Path, around: Surroundings, pipes: tuple[int, int, int]) -> NoReturn:
    """Turn this child into the program, or say why not and end."""
    out, err, news = pipes
    try:
        os.write(news, _machine_pid(around.machine_proc) + b"\n")
        os.setsid()
        _plug(out, err)
        _reset_signals()
        for procs in launch.cgroups:
            Path(procs).write_text("0")
        if around.level is not Level.PLAIN:
            build_root(launch, directory)
        _step_down(launch)
        if around.level is Level.PLAIN:
            # Without a process-id namespace nothing else ends the program when the shim is killed. It must come
            # after the change of user, which clears it.
            linux.die_with_parent(signal.SIGKILL)
        os.umask(0o022)
        _change_directory(launch.working_dir)
        _execute(launch)
    except (OSError, RootFailed, ProgramFailed) as error:
        _give_up(news, str(error))
    except BaseException as error:  # noqa: BLE001 - nothing may return into the shim's loop in this process
        _give_up(news, f'cannot run "{launch.argv[0]}": {error!r}')


def _give_up(news: int, why: str) -> NoReturn:
    os.write(news, why.encode())
    os._exit(127)


def _execute(launch: Launch) -> NoReturn:
    program = launch.argv[0]
    try:
        os.execvpe(program, launch.argv, launch.env)  # noqa: S606 - starting programs is our job
    except FileNotFoundError as error:
        why = os.strerror(errno.ENOENT).lower() if "/" in program else "executable file not found in $PATH"
        raise ProgramFailed(f'exec: "{program}": {why}') from error
    except OSError as error:
        raise ProgramFailed(f'exec: "{program}": {os.strerror(error.errno or 0).lower()}') from error


def _machine_pid(machine_proc: int) -> bytes:
    # In a /proc of the machine's process-id namespace, `self` is our number in that namespace.
    with suppress(OSError):
        return os.readlink("self", dir_fd=machine_proc).encode()
    return str(os.getpid()).encode()


def _plug(out: int, err: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(source, number, inheritable=True)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _step_down(launch: Launch) -> None:
    if launch.drop_capabilities:
        for capability in range(_HIGHEST_CAPABILITY + 1):
            if capability not in _KEPT_CAPABILITIES:
                with suppress(OSError):  # the kernel knows fewer
                    linux.drop_from_bounding_set(capability)
    if launch.user is None or launch.user == os.geteuid():
        return
    try:
        os.setgroups([])
        os.setgid(launch.user)
        os.setuid(launch.user)
    except OSError as error:
        raise ProgramFailed(
            f"runAsUser {launch.user}: this runtime may not become another user: {error.strerror}"
        ) from error


def _change_directory(place: str) -> None:
    try:
        os.chdir(place)
    except OSError as error:
        raise ProgramFailed(f"working directory {place}: {error.strerror}") from error
