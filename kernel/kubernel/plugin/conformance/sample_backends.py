"""Real servers to put proxies to: each says who it is, then repeats what it hears."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from kubernel.plugin.contracts.proxy import Backend, ServicePort

__all__ = ["GOODBYE", "ask_tcp", "ask_udp", "sample_port", "tcp_backends", "udp_backends"]

GOODBYE = b"goodbye"
"""What a TCP backend says after the client has finished sending."""

BACKEND_PORT = 9376
ANSWER_S = 2.0

# All of 127.0.0.0/8 is this machine's. These two ranges are neither the cluster's pods nor its services, so that a
# check beside a running cluster disturbs nothing.
_service_numbers = itertools.count(random.randrange(1 << 14))
_backend_numbers = itertools.count(random.randrange(1 << 14))


def _address(second: int, number: int) -> str:
    return f"127.{second}.{number // 250 % 250}.{number % 250 + 1}"


def sample_port(backends: tuple[Backend, ...], protocol: str = "TCP", affinity_s: int | None = None) -> ServicePort:
    """Return a service port at an address of its own."""
    number = next(_service_numbers)
    return ServicePort(
        namespace="default",
        service=f"sample-{number}",
        name="",
        protocol=protocol,
        ip=_address(200, number),
        port=8000 + number % 1000,
        backends=tuple(sorted(backends)),
        session_affinity_s=affinity_s,
    )


@asynccontextmanager
async def tcp_backends(count: int) -> AsyncIterator[tuple[Backend, ...]]:
    """Run TCP servers, each at an address of its own; the address is what each answers."""
    servers = []
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            writer.write(writer.get_extra_info("sockname")[0].encode() + b"\n")
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write(GOODBYE)
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client left, or the check is over: the end of a talk either way
        finally:
            talks.discard(task)
            writer.close()

    backends = tuple(Backend(_address(201, next(_backend_numbers)), BACKEND_PORT) for _ in range(count))
    try:
        for backend in backends:
            servers.append(await asyncio.start_server(talk, backend.ip, backend.port))  # noqa: PERF401 - closed below
        yield backends
    finally:
        for server in servers:
            server.close()
        for task in list(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


class _Repeater(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is no subclass of it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name = self._transport.get_extra_info("sockname")[0]
        self._transport.sendto(f"{name} ".encode() + data, addr)


@asynccontextmanager
async def udp_backends(count: int) -> AsyncIterator[tuple[Backend, ...]]:
    """Run UDP servers, each at an address of its own; each answers with its address and what it got."""
    loop = asyncio.get_running_loop()
    backends = tuple(Backend(_address(201, next(_backend_numbers)), BACKEND_PORT) for _ in range(count))
    transports = []
    try:
        for backend in backends:
            transport, _ = await loop.create_datagram_endpoint(_Repeater, local_addr=(backend.ip, backend.port))
            transports.append(transport)
        yield backends
    finally:
        for transport in transports:
            transport.close()


async def ask_tcp(port: ServicePort) -> str:
    """Connect to the service and return who answers.

    Raises:
        OSError: Nobody answers there.
    """
    async with asyncio.timeout(ANSWER_S):
        reader, writer = await asyncio.open_connection(port.ip, port.port)
        try:
            return (await reader.readline()).decode().strip()
        finally:
            writer.close()


async def ask_udp(port: ServicePort, question: bytes = b"?") -> str:
    """Send the service a datagram from a new socket and return who answers.

    Raises:
        OSError: Nobody listens there.
        TimeoutError: No answer came.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bytes] = loop.create_future()

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002 - asyncio's signature
            if not answer.done():
                answer.set_result(data)

        def error_received(self, exc: Exception) -> None:
            if not answer.done():
                answer.set_exception(exc)

    transport, _ = await loop.create_datagram_endpoint(Listener, remote_addr=(port.ip, port.port))
    try:
        transport.sendto(question)
        async with asyncio.timeout(ANSWER_S):
            who, said = (await answer).split(b" ", 1)
        assert said == question, f"the answer repeats {said!r} instead of {question!r}"
        return who.decode()
    finally:
        transport.close()
