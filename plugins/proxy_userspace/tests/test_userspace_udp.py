"""UDP: clients keep their backend while they talk, and are forgotten when they do not."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from kubernel.plugin.conformance.sample_backends import ask_udp, sample_port, udp_backends
from kubernel.plugin.contracts.proxy import ServicePort
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings


class Talker:
    """One UDP client."""

    def __init__(self, port: ServicePort) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.connect((port.ip, port.port))

    async def ask(self) -> str:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            await loop.sock_sendall(self._socket, b"?")
            return (await loop.sock_recv(self._socket, 100)).decode().split()[0]

    def close(self) -> None:
        self._socket.close()


async def test_a_client_keeps_its_backend_until_that_is_removed(tmp_path: Path) -> None:
    proxy = UserspaceProxy(UserspaceSettings())
    await proxy.start(tmp_path)
    async with udp_backends(3) as backends:
        port = sample_port(backends, "UDP")
        await proxy.apply([port])
        talker = Talker(port)

        (backend,) = {await talker.ask() for _ in range(5)}
        await proxy.apply([replace(port, backends=tuple(b for b in backends if b.ip != backend))])

        assert await talker.ask() != backend
        talker.close()
        await proxy.stop()


async def test_a_dead_backend_costs_one_datagram(tmp_path: Path) -> None:
    proxy = UserspaceProxy(UserspaceSettings())
    await proxy.start(tmp_path)
    async with udp_backends(1) as backends:
        dead = replace(backends[0], port=1)
        port = sample_port((dead, *backends), "UDP")
        await proxy.apply([port])
        talker = Talker(port)

        answers = 0
        for _ in range(3):
            try:
                async with asyncio.timeout(0.5):
                    answers += await talker.ask() == backends[0].ip
            except TimeoutError:
                continue

        assert answers >= 2
        talker.close()
        await proxy.stop()


async def test_silent_clients_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubernel_proxy_userspace.proxy.SWEEP_S", 0.02)
    proxy = UserspaceProxy(UserspaceSettings(udp_idle_s=0.01))
    await proxy.start(tmp_path)
    async with udp_backends(3) as backends:
        port = sample_port(backends, "UDP")
        await proxy.apply([port])
        talker = Talker(port)
        seen = set[str]()

        async with asyncio.timeout(10):
            while len(seen) < 3:
                seen.add(await talker.ask())
                await asyncio.sleep(0.05)  # the silence that is being tested

        assert seen == {backend.ip for backend in backends}
        talker.close()
        await proxy.stop()


async def test_the_longest_silent_client_makes_room(tmp_path: Path) -> None:
    proxy = UserspaceProxy(UserspaceSettings(udp_clients_max=2))
    await proxy.start(tmp_path)
    async with udp_backends(1) as backends:
        port = sample_port(backends, "UDP")
        await proxy.apply([port])

        answers = {await ask_udp(port) for _ in range(10)}

        assert answers == {backends[0].ip}
        await proxy.stop()
