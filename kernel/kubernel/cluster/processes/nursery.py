"""The supervisor's line to the zygote: ask for a process, get a `Child`, learn of its end."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket

import msgspec

from kubernel.cluster.processes.child import Child, read_pipe
from kubernel.cluster.processes.messages import PACKET_MAX, Answer, Ended, Kill, Program, Spawn, Spawned, Wish

__all__ = ["Ears", "Nursery"]

ORPHAN_POLL_S = 0.05

_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


class Ears:
    """What to do with the bytes that a process sends; the default ignores them."""

    def output(self, data: bytes) -> None:
        """Standard output and error."""

    def output_closed(self) -> None:
        """Nobody holds its standard output any more."""

    def reports(self, data: bytes) -> None:
        """The pipe of ``kubernel.host.reports``."""


class Nursery:
    """Gives birth to processes, through the zygote.

    Args:
        control: The supervisor's side of the SOCK_SEQPACKET pair.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._tickets = itertools.count()
        self._expected: dict[int, asyncio.Future[Child]] = {}
        self._children: dict[int, Child] = {}
        self._orphaned: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(control, self._hear)

    def close(self) -> None:
        """Hang up; the zygote then only waits for the supervisor's end."""
        self._loop.remove_reader(self._control)
        self._control.close()

    async def spawn(self, program: Program, ears: Ears) -> Child:
        """Start a program."""
        ticket = next(self._tickets)
        expected: asyncio.Future[Child] = self._loop.create_future()
        self._expected[ticket] = expected
        output, reports = os.pipe(), os.pipe()
        packet = _encode(Spawn(ticket, program))
        socket.send_fds(self._control, [packet], [output[1], reports[1]])
        os.close(output[1])
        os.close(reports[1])
        read_pipe(output[0], ears.output, ears.output_closed)
        read_pipe(reports[0], ears.reports, _nothing)
        return await expected

    def adopt(self, pid: int, output_fd: int, ears: Ears) -> Child:
        """Take over a process that the zygote started before this one."""
        read_pipe(output_fd, ears.output, ears.output_closed)
        return self._enter(pid)

    def _enter(self, pid: int) -> Child:
        child = self._children[pid] = Child(pid, self._kill)
        return child

    def _kill(self, pid: int, number: int, group: bool) -> None:
        if self._orphaned is None:
            self._control.send(_encode(Kill(pid, number, group)))
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-pid if group else pid, number)

    def _hear(self) -> None:
        try:
            packet = self._control.recv(PACKET_MAX, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        if not packet:
            self._loop.remove_reader(self._control)
            self._orphaned = self._loop.create_task(self._watch_orphans())
            return
        match _answers.decode(packet):
            case Spawned(ticket, pid):
                self._expected.pop(ticket).set_result(self._enter(pid))
            case Ended(pid, code):
                self._children.pop(pid).ended.set_result(code)

    async def _watch_orphans(self) -> None:
        """The zygote was killed, and the kernel has sent SIGTERM to its children: see them end without its help."""
        while self._children:
            for pid in [pid for pid in self._children if not _exists(pid)]:
                self._children.pop(pid).ended.set_result(-signal.SIGTERM)
            await asyncio.sleep(ORPHAN_POLL_S)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _encode(wish: Wish) -> bytes:
    packet = msgspec.json.encode(wish)
    if len(packet) > PACKET_MAX:
        raise ValueError(f"a process's description of {len(packet)} bytes is too long; shorten spec.config")
    return packet


def _nothing() -> None:
    return None
