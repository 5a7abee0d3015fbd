"""A UDP port: each client keeps one backend for as long as it talks, through a socket of its own.

UDP has no connections; what stands for one is a *talk*: a client's address, a socket connected to a backend, and the
time of the last datagram either way. Answers go out from the very address that the client wrote to.
"""

import asyncio
import socket
import struct
from collections import OrderedDict
from dataclasses import dataclass

from kubernel.plugin.contracts.proxy import Backend, ServicePort

from kubernel_proxy_userspace.balancer import Balancer
from kubernel_proxy_userspace.settings import UserspaceSettings

__all__ = ["UdpFront"]

DATAGRAM_MAX = 65535
BURST = 64
"""Datagrams carried in one go before others get their turn."""

IP_PKTINFO = 8  # <linux/in.h>; Python's socket module has no name for it before 3.14
_PKTINFO = struct.Struct("=I4s4s")  # interface index, local address, destination address

Ancillary = list[tuple[int, int, bytes]]


@dataclass(slots=True)
class _Talk:
    """One client with its backend.

    Attributes:
        client: The client's address, as the listener's family has it.
        backend: Who answers.
        socket: Connected to the backend.
        answers_from: The ancillary data that makes answers leave from the address that the client wrote to.
        moved_s: When the last datagram was carried.
    """

    client: tuple[str, int]
    backend: Backend
    socket: socket.socket
    answers_from: Ancillary
    moved_s: float


class UdpFront:
    """One bound socket."""

    def __init__(self, listener: socket.socket, port: ServicePort, settings: UserspaceSettings) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._settings = settings
        self._balancer = Balancer(port)
        self._talks: OrderedDict[tuple[str, int], _Talk] = OrderedDict()
        if listener.family == socket.AF_INET:
            listener.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._loop.add_reader(listener, self._receive)

    def update(self, port: ServicePort) -> None:
        """Clients of a removed backend get another one with their next datagram; all others keep theirs."""
        self._balancer.update(port)
        for talk in [talk for talk in self._talks.values() if talk.backend not in port.backends]:
            self._end(talk)

    def close(self) -> None:
        """Receive nothing any more, and forget all clients."""
        self._loop.remove_reader(self._listener)
        for talk in list(self._talks.values()):
            self._end(talk)
        self._listener.close()

    def sweep(self, now_s: float) -> None:
        """Forget clients that were silent for too long."""
        for talk in [talk for talk in self._talks.values() if now_s - talk.moved_s > self._settings.udp_idle_s]:
            self._end(talk)

    def _receive(self) -> None:
        for _ in range(BURST):
            try:
                data, ancillary, _flags, client = self._listener.recvmsg(DATAGRAM_MAX, 64)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error about an answer sent earlier; the next call has the next datagram
            self._forward(data, client[:2], _answer_from(ancillary))

    def _forward(self, data: bytes, client: tuple[str, int], answers_from: Ancillary) -> None:
        talk = self._talks.get(client)
        if talk is not None and self._send(talk, data):
            return
        # Nobody yet, or the backend refused: an ICMP error shows at the send after the one that it answers.
        for backend in self._balancer.candidates(client[0]):
            talk = self._begin(client, backend, answers_from)
            if talk is not None and self._send(talk, data):
                self._balancer.settled(client[0], backend)
                return

    def _begin(self, client: tuple[str, int], backend: Backend, answers_from: Ancillary) -> _Talk | None:
        if len(self._talks) >= self._settings.udp_clients_max:
            self._end(next(iter(self._talks.values())))
        family = socket.AF_INET6 if ":" in backend.ip else socket.AF_INET
        try:
            sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        except OSError:
            return None
        try:
            sock.connect((backend.ip, backend.port))
        except OSError:
            sock.close()
            return None
        talk = self._talks[client] = _Talk(client, backend, sock, answers_from, self._loop.time())
        self._loop.add_reader(sock, self._answer, talk)
        return talk

    def _send(self, talk: _Talk, data: bytes) -> bool:
        try:
            talk.socket.send(data)
        except BlockingIOError:
            pass  # the backend's queue is full: a datagram may be lost, that is what UDP promises
        except OSError:
            self._end(talk)
            return False
        self._moved(talk)
        return True

    def _answer(self, talk: _Talk) -> None:
        for _ in range(BURST):
            try:
                data = talk.socket.recv(DATAGRAM_MAX)
            except BlockingIOError:
                return
            except OSError:
                self._end(talk)
                return
            self._moved(talk)
            try:
                self._listener.sendmsg([data], talk.answers_from, 0, talk.client)
            except OSError:
                return

    def _moved(self, talk: _Talk) -> None:
        talk.moved_s = self._loop.time()
        self._talks.move_to_end(talk.client)

    def _end(self, talk: _Talk) -> None:
        if self._talks.get(talk.client) is talk:
            del self._talks[talk.client]
        self._loop.remove_reader(talk.socket)
        talk.socket.close()


def _answer_from(ancillary: Ancillary) -> Ancillary:
    """Turn the destination of a received datagram into the source of its answers."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO) and len(data) >= _PKTINFO.size:
            _interface, local, _destination = _PKTINFO.unpack_from(data)
            return [(socket.IPPROTO_IP, IP_PKTINFO, _PKTINFO.pack(0, local, bytes(4)))]
    return []
