"""The zygote: one process that has paid for every import, and forks the others from itself.

A fork of it starts in milliseconds and shares its memory, where a fresh interpreter would need half a second and
forty megabytes (decision 0011). It never imports a plugin, holds no connection and runs no event loop, so a fork
finds the state that a new process wants. It is also everybody's parent: it reaps, it alone sends signals, and when
the supervisor dies it ends the rest.
"""

import contextlib
import os
import selectors
import signal
import socket
import time
from types import FrameType

import msgspec

from kubernel.cluster.processes.birth import fork_program
from kubernel.cluster.processes.messages import PACKET_MAX, Answer, Ended, Kill, Spawn, Spawned, Wish

__all__ = ["Zygote"]

FDS_A_SPAWN = 2
END_GRACE_S = 8.0
"""For everything that is left when the supervisor died: longer than a host's own five seconds."""

_wishes: msgspec.json.Decoder[Wish] = msgspec.json.Decoder(Wish)


class Zygote:
    """Serves one supervisor until that ends.

    Args:
        control: This side of a SOCK_SEQPACKET pair.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()
        self._supervisor = 0
        self._code: int | None = None
        self._selector = selectors.DefaultSelector()
        self._wake, wakeup = socket.socketpair()
        self._wake.setblocking(False)
        wakeup.setblocking(False)
        self._wakeup = wakeup

    def adopt(self, pid: int) -> None:
        """Take care of a process that was forked before `serve`."""
        self._children.add(pid)

    def serve(self, supervisor: int) -> int:
        """Fork and reap until the supervisor ends; return its exit code.

        Signals that ask this process to end are passed on to the supervisor, which stops everything in order.
        """
        self._supervisor = supervisor
        signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _only_wake)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the supervisor as well
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._pass_on)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        self._selector.register(self._control, selectors.EVENT_READ, self._obey)
        self._selector.register(self._wake, selectors.EVENT_READ, self._drain)
        self._reap()
        while self._code is None:
            self._turn(None)
        self._end_the_rest()
        return self._code

    def _turn(self, timeout_s: float | None) -> None:
        """Wait for something to happen, and answer it."""
        for key, _ in self._selector.select(timeout_s):
            key.data()
        self._reap()

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._supervisor, number)

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake.recv(4096):
                pass

    def _obey(self) -> None:
        packet, fds, _, _ = socket.recv_fds(self._control, PACKET_MAX, FDS_A_SPAWN)
        if not packet:
            self._selector.unregister(self._control)  # the supervisor is ending; SIGCHLD tells the rest
            return
        wish = _wishes.decode(packet)
        match wish:
            case Spawn(ticket, program):
                pid = fork_program(program, fds[0], fds[1])
                self._children.add(pid)
                self._tell(Spawned(ticket, pid))
            case Kill():
                self._kill(wish)
        for fd in fds:
            os.close(fd)

    def _kill(self, wish: Kill) -> None:
        if wish.pid not in self._children:
            return
        with contextlib.suppress(ProcessLookupError):
            if wish.group:
                os.killpg(wish.pid, wish.signal)  # each child leads its own session
            else:
                os.kill(wish.pid, wish.signal)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            code = os.waitstatus_to_exitcode(status)
            if pid == self._supervisor:
                self._code = code
            elif pid in self._children:
                self._children.discard(pid)
                self._tell(Ended(pid, code))

    def _tell(self, answer: Answer) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._control.send(msgspec.json.encode(answer))

    def _end_the_rest(self) -> None:
        """End what a supervisor left behind that was killed; after an orderly end there is nothing."""
        for number, grace_s in ((signal.SIGTERM, END_GRACE_S), (signal.SIGKILL, 1.0)):
            for pid in self._children:
                self._kill(Kill(pid, number, group=number == signal.SIGKILL))
            deadline = time.monotonic() + grace_s
            while self._children and (left := deadline - time.monotonic()) > 0:
                self._turn(left)


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """Nothing here: the wake-up descriptor ends the wait in `Zygote.serve`, and only there are children reaped."""
