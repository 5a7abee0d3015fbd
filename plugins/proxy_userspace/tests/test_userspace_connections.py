"""TCP under unfriendly conditions: slow readers, resets, crowds, limits, removed services."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from kubernel.plugin.conformance.sample_backends import GOODBYE, ask_tcp, sample_port, tcp_backends
from kubernel.plugin.contracts.proxy import ServicePort
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings

FLOOD = 64 * 2**20
IDLE = UserspaceSettings(idle_s=0.05, half_closed_s=0.05)


@asynccontextmanager
async def serving(
    data: Path, *ports: ServicePort, settings: UserspaceSettings | None = None
) -> AsyncIterator[UserspaceProxy]:
    proxy = UserspaceProxy(settings or UserspaceSettings())
    await proxy.start(data)
    try:
        assert await proxy.apply(ports) == {}
        yield proxy
    finally:
        await proxy.stop()


async def test_a_client_that_does_not_read_stops_its_backend(tmp_path: Path) -> None:
    sent = 0

    async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        try:
            while sent < FLOOD:
                writer.write(bytes(2**16))
                await writer.drain()
                sent += 2**16
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with tcp_backends(1) as (backend,):
        port = sample_port((type(backend)(backend.ip, 9377),))
        async with await asyncio.start_server(flood, backend.ip, 9377), serving(tmp_path, port):
            client = socket.create_connection((port.ip, port.port))
            before = -1
            while sent != before:  # until the backend is stuck: nothing moved for a while
                before = sent
                await asyncio.sleep(0.2)
            assert 0 < sent < FLOOD

            reader, writer = await asyncio.open_connection(sock=client)
            async with asyncio.timeout(20):
                assert len(await reader.read(-1)) == FLOOD
            writer.close()


async def test_a_reset_reaches_the_other_side(tmp_path: Path) -> None:
    ended = asyncio.get_running_loop().create_future()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ended.set_result(await reader.read())
        except ConnectionError as error:
            ended.set_result(type(error))
        writer.close()

    async with tcp_backends(1) as (backend,):
        port = sample_port((type(backend)(backend.ip, 9378),))
        async with await asyncio.start_server(wait, backend.ip, 9378), serving(tmp_path, port):
            _, writer = await asyncio.open_connection(port.ip, port.port)
            client = writer.get_extra_info("socket")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.close()
            async with asyncio.timeout(5):
                assert await ended is ConnectionResetError


async def test_carries_a_thousand_connections_at_once(tmp_path: Path) -> None:
    async with tcp_backends(4) as backends, serving(tmp_path, port := sample_port(backends)):

        async def talk(number: int) -> bytes:
            reader, writer = await asyncio.open_connection(port.ip, port.port)
            await reader.readline()
            await everybody_is_here.wait()
            writer.write(b"%d" % number)
            writer.write_eof()
            answer = await reader.read(-1)
            writer.close()
            return answer

        everybody_is_here = asyncio.Barrier(1000)
        async with asyncio.timeout(30):
            answers = await asyncio.gather(*(talk(number) for number in range(1000)))

        assert answers == [b"%d" % number + GOODBYE for number in range(1000)]


async def test_clients_beyond_the_limit_wait_for_their_turn(tmp_path: Path) -> None:
    settings = UserspaceSettings(connections_max=1)
    async with tcp_backends(1) as backends, serving(tmp_path, port := sample_port(backends), settings=settings):
        first_reader, first = await asyncio.open_connection(port.ip, port.port)
        await first_reader.readline()
        second_reader, second = await asyncio.open_connection(port.ip, port.port)
        waiting = asyncio.ensure_future(second_reader.readline())
        assert not (await asyncio.wait((waiting,), timeout=0.2))[0]

        first.close()

        async with asyncio.timeout(5):
            assert await waiting == f"{backends[0].ip}\n".encode()
        second.close()


async def test_connections_outlive_their_service(tmp_path: Path) -> None:
    async with tcp_backends(1) as backends, serving(tmp_path, port := sample_port(backends)) as proxy:
        reader, writer = await asyncio.open_connection(port.ip, port.port)
        await reader.readline()

        await proxy.apply([])

        writer.write(b"still there?\n")
        assert await reader.readline() == b"still there?\n"
        writer.close()


async def test_silent_connections_end_when_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubernel_proxy_userspace.proxy.SWEEP_S", 0.05)
    async with tcp_backends(1) as backends, serving(tmp_path, port := sample_port(backends), settings=IDLE):
        reader, writer = await asyncio.open_connection(port.ip, port.port)
        await reader.readline()

        async with asyncio.timeout(5):
            with pytest.raises(ConnectionResetError):
                await reader.readline()
        writer.close()


async def test_changed_address_moves_the_listener(tmp_path: Path) -> None:
    async with tcp_backends(1) as backends, serving(tmp_path, old := sample_port(backends)) as proxy:
        elsewhere = sample_port(backends)
        new = ServicePort(old.namespace, old.service, old.name, "TCP", elsewhere.ip, elsewhere.port, backends)

        assert await proxy.apply([new]) == {}

        assert await ask_tcp(new) == backends[0].ip
        with pytest.raises(OSError, match="Connect call failed"):
            await ask_tcp(old)
