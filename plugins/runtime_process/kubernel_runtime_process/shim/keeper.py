"""The shim's loop: the parent of a pod's containers, from the sandbox's beginning to its end.

It obeys whoever connects to its socket, and needs nobody: it goes on when the agent dies, and records how each
container ends. It ends when it is told to ``quit``, or killed; its containers never outlive it.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kubernel_runtime_process.shim.capture import LogFile, OutputPipe
from kubernel_runtime_process.shim.messages import Launch, Reply, Request, decode_request, encode
from kubernel_runtime_process.shim.program import ProgramFailed, Surroundings, start_program
from kubernel_runtime_process.shim.records import ContainerRecord, as_never_run, read_record, write_record

__all__ = ["CONTAINERS", "Keeper"]

CONTAINERS = "containers"
_LOOKS_ROUND_S = 2.0
"""How soon a pod that was given up ends; a look is one system call."""


@dataclass(slots=True)
class _Running:
    record: ContainerRecord
    directory: Path
    pid: int
    log: LogFile
    pipes: list[OutputPipe]
    kill_at: float = float("inf")


class Keeper:
    """Keeps one pod's containers; ``directory`` is the sandbox's, ``listener`` its bound socket."""

    def __init__(self, directory: Path, listener: socket.socket, around: Surroundings) -> None:
        self._containers = directory / CONTAINERS
        self._home = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._around = around
        self._listener = listener
        self._running: dict[str, _Running] = {}
        self._connections: dict[socket.socket, bytes] = {}
        self._selector = selectors.DefaultSelector()
        self._quitting = False

    def run(self) -> None:
        """Serve until told to quit."""
        self._listen_to_signals()
        self._listener.setblocking(False)
        self._watch(self._listener.fileno(), self._accept)
        while not self._quitting:
            for key, _ in self._selector.select(self._patience_s()):
                action: Callable[[], None] = key.data
                action()
            self._reap()
            self._kill_overdue()
            self._quitting |= self._is_abandoned()
        self._end_all()

    def _watch(self, fd: int, action: Callable[[], None]) -> None:
        self._selector.register(fd, selectors.EVENT_READ, action)

    def _listen_to_signals(self) -> None:
        # Only `quit` or SIGKILL ends a shim: a Ctrl-C or a hang-up is meant for the cluster, which decides.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        self._watch(read_end, lambda: self._forget_wakeups(read_end))

    @staticmethod
    def _forget_wakeups(fd: int) -> None:
        with suppress(BlockingIOError):
            os.read(fd, 4096)

    def _patience_s(self) -> float:
        next_kill = min((running.kill_at for running in self._running.values()), default=float("inf"))
        return max(0.0, min(next_kill - time.monotonic(), _LOOKS_ROUND_S))

    def _is_abandoned(self) -> bool:
        """Whether somebody removed our directory: then nobody will ever find us, or this pod.

        The directory that we opened is asked, not its path: a runtime that is swapped out and in again makes a new one
        there for the same pod.
        """
        return os.fstat(self._home).st_nlink == 0

    # --- the agent's side -------------------------------------------------------------------------------------

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(True)
        self._connections[connection] = b""
        self._watch(connection.fileno(), lambda: self._receive(connection))

    def _receive(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._hang_up(connection)
            return
        *lines, self._connections[connection] = (self._connections[connection] + data).split(b"\n")
        for line in lines:
            request = decode_request(line)
            self._send(connection, Reply(request.id, error=self._obey(request)))

    def _hang_up(self, connection: socket.socket) -> None:
        if self._connections.pop(connection, None) is not None:
            self._selector.unregister(connection.fileno())
            connection.close()

    def _send(self, connection: socket.socket, reply: Reply) -> None:
        try:
            connection.sendall(encode(reply))
        except OSError:
            self._hang_up(connection)

    def _obey(self, request: Request) -> str:
        """Do what is asked; returns why not, or nothing."""
        if request.verb == "start" and request.launch is not None:
            return self._start(request.launch)
        if request.verb == "stop":
            self._stop(request.container, request.grace_s)
            return ""
        if request.verb == "quit":
            self._quitting = True
            return ""
        return f"this shim does not know the verb {request.verb}"

    # --- the containers' side ---------------------------------------------------------------------------------

    def _start(self, launch: Launch) -> str:
        directory = self._containers / launch.container
        record = read_record(directory)
        if record is None:
            return f"container {launch.container} has no record"
        if record.started_at or record.finished_at:
            return record.message if record.reason == "ContainerCannotRun" else ""
        log = LogFile(directory, launch.log_max_bytes)
        try:
            program = start_program(launch, directory, self._around)
        except ProgramFailed as failed:
            log.close()
            write_record(directory, as_never_run(record, str(failed)))
            return str(failed)
        record = replace(record, pid=program.machine_pid, started_at=time.time())
        write_record(directory, record)
        pipes = [OutputPipe(program.stdout, "stdout", log), OutputPipe(program.stderr, "stderr", log)]
        self._running[record.id] = _Running(record, directory, program.pid, log, pipes)
        for pipe in pipes:
            self._watch(pipe.fd, lambda pipe=pipe: self._drain(pipe))  # type: ignore[misc]
        return ""

    def _drain(self, pipe: OutputPipe) -> None:
        if not pipe.drain():
            self._selector.unregister(pipe.fd)

    def _stop(self, container: str, grace_s: float) -> None:
        running = self._running.get(container)
        if running is None:
            return
        if grace_s > 0 and running.kill_at == float("inf"):
            with suppress(ProcessLookupError):
                os.kill(running.pid, signal.SIGTERM)
        running.kill_at = min(running.kill_at, time.monotonic() + grace_s)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for running in self._running.values():
            if running.kill_at <= now:
                _kill_session(running.pid)
                running.kill_at = float("inf")

    def _reap(self) -> None:
        ends: dict[int, int] = {}
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                ends[pid] = os.waitstatus_to_exitcode(status)
        for running in [running for running in self._running.values() if running.pid in ends]:
            self._finish(running, ends[running.pid])

    def _finish(self, running: _Running, code: int) -> None:
        del self._running[running.record.id]
        # A container ends with its first process; what it left in its session ends with it.
        _kill_session(running.pid)
        for pipe in running.pipes:
            with suppress(KeyError):
                self._selector.unregister(pipe.fd)
            pipe.finish()
        running.log.close()
        exit_code = code if code >= 0 else 128 - code
        reason = "Error" if exit_code else "Completed"
        record = replace(running.record, finished_at=time.time(), exit_code=exit_code, reason=reason)
        with suppress(FileNotFoundError):  # the container was removed meanwhile
            write_record(running.directory, record)
        for connection in list(self._connections):
            self._send(connection, Reply(0, exited=record.id))

    def _end_all(self) -> None:
        for running in self._running.values():
            _kill_session(running.pid)
        while self._running:
            self._reap()
            time.sleep(0.001)


def _kill_session(leader: int) -> None:
    """Kill every process of the session that the container's first process leads."""
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            pid = int(entry.name)
            if os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)
