"""The warm interpreter from which shims are forked.

A Python start costs 30 ms and 10 MB; a fork of this process, which has everything loaded, costs two
milliseconds and shares its memory. It belongs to the runtime: it reads requests from stdin, one JSON object a
line, and ends with it. The shims that it forked do not.

    → {"verb": "probe", "level": ""}                                              ← {"level": "…", "reason": "…"}
    → {"verb": "keep", "directory": "…", "hostname": "web", "level": "…"}         ← {"error": ""}
"""

import fcntl
import gc
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from kubernel_runtime_process.shim import linux
from kubernel_runtime_process.shim.isolation import Level, enter, probe, settle
from kubernel_runtime_process.shim.keeper import Keeper
from kubernel_runtime_process.shim.program import Surroundings

__all__ = ["SHIM_LOG", "SHIM_PID", "SOCKET", "main"]

SOCKET = "shim.sock"
SHIM_PID = "shim.pid"
SHIM_LOCK = "shim.lock"
SHIM_LOG = "shim.log"


def main() -> None:
    """Answer requests until stdin ends."""
    # Frozen objects are not touched by the collector, so their pages stay shared with every shim.
    gc.collect()
    gc.freeze()
    linux.set_process_name("kubernel-zygote")
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


def _answer(request: dict[str, Any]) -> dict[str, str]:
    if request["verb"] == "probe":
        found = probe(Level(request["level"]) if request["level"] else None)
        return {"level": found.level, "reason": found.reason}
    return {"error": _keep(Path(request["directory"]), request["hostname"], Level(request["level"]))}


def _keep(directory: Path, hostname: str, level: Level) -> str:
    """Fork a shim for this sandbox; returns why that failed, or nothing once its socket listens."""
    middle = os.fork()
    if middle == 0:
        _fork_again(directory, hostname, level)
    _, status = os.waitpid(middle, 0)
    if status == 0:
        return ""
    log = directory / SHIM_LOG
    return log.read_text(errors="replace")[-2000:] if log.exists() else "the shim died at once"


def _fork_again(directory: Path, hostname: str, level: Level) -> NoReturn:
    """Enter the namespaces and fork the shim, which becomes nobody's child but the machine's."""
    code = 1
    try:
        os.setsid()
        os.chdir(directory)
        _let_go_of_zygote()
        machine_proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        enter(level)
        ready_read, ready_write = os.pipe()
        if os.fork() == 0:
            os.close(ready_read)
            _be_shim(directory, hostname, Surroundings(level, machine_proc), ready_write)
        os.close(ready_write)
        code = 0 if os.read(ready_read, 1) else 1
    except OSError as error:
        sys.stderr.write(f"cannot make the sandbox: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(code)


def _let_go_of_zygote() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    log = os.open(SHIM_LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, number in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(source, number)
    os.close(nothing)
    os.close(log)


def _be_shim(directory: Path, hostname: str, around: Surroundings, ready: int) -> NoReturn:
    try:
        linux.set_process_name("kubernel-shim")
        listener = _listen()
        pid = os.readlink("self", dir_fd=around.machine_proc)
        settle(around.level, hostname)
        Path(SHIM_PID).write_text(pid)
        os.write(ready, b"+")
        os.close(ready)
        Keeper(directory, listener, around).run()
    except BaseException as error:  # noqa: BLE001 - the last frame of this process
        sys.stderr.write(f"the shim failed: {error!r}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _listen() -> socket.socket:
    # One shim a sandbox, also when an agent was killed while this one was on its way and the next asked for another.
    # The lock goes with the process; nothing closes it before.
    lock = os.open(SHIM_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # A relative path, because the whole one may be longer than the 107 bytes that fit into a socket's address.
    Path(SOCKET).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(SOCKET)
    listener.listen(8)
    return listener
