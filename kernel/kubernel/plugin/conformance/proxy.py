"""What the proxy contract promises, as checks (see `check` for the frame).

Every check starts the driver, gives it a table of sample services, talks to them as any program would, and stops it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from kubernel.plugin.conformance.check import Check
from kubernel.plugin.conformance.sample_backends import (
    GOODBYE,
    ask_tcp,
    ask_udp,
    sample_port,
    tcp_backends,
    udp_backends,
)
from kubernel.plugin.contracts.proxy import CAPABILITY_RETRIES, Backend, Proxy, ServicePort

__all__ = ["CHECKS"]

BULK_BYTES = 4 * 2**20
STEP_S = 5.0
"""Longer than any answer on one machine takes."""


async def reaches_every_backend(driver: Proxy, workspace: Path) -> None:
    """TCP connections go to all backends in turn."""
    async with tcp_backends(3) as backends, _serving(driver, workspace, port := sample_port(backends)):
        answers = Counter([await ask_tcp(port) for _ in range(12)])
        for backend in backends:
            assert answers[backend.ip] > 0, f"12 connections never reached one of 3 backends: {dict(answers)}"


async def carries_udp(driver: Proxy, workspace: Path) -> None:
    """Datagrams reach all backends, and answers come back to who asked."""
    async with udp_backends(2) as backends, _serving(driver, workspace, port := sample_port(backends, "UDP")):
        answers = {await ask_udp(port, f"question {i}".encode()) for i in range(12)}
        expected = {backend.ip for backend in backends}
        assert answers == expected, f"datagrams of 12 clients reached {sorted(answers)}, expected {sorted(expected)}"


async def carries_bulk_both_ways(driver: Proxy, workspace: Path) -> None:
    """Bytes arrive complete and in order, also when the client sends long before it reads, then half-closes."""
    sent = bytes(range(256)) * (BULK_BYTES // 256)
    async with tcp_backends(1) as backends, _serving(driver, workspace, port := sample_port(backends)):
        reader, writer = await asyncio.open_connection(port.ip, port.port)
        try:
            await reader.readline()
            writer.write(sent)
            writer.write_eof()
            async with asyncio.timeout(STEP_S):
                received = await reader.read(-1)
        finally:
            writer.close()
        assert received == sent + GOODBYE, f"sent {len(sent)} bytes and got {len(received)} back, or others"


async def keeps_connections_over_changes(driver: Proxy, workspace: Path) -> None:
    """A new table leaves connections of ports that stay alone, also those to a removed backend."""
    async with tcp_backends(2) as backends, _serving(driver, workspace, port := sample_port(backends)):
        reader, writer = await asyncio.open_connection(port.ip, port.port)
        try:
            first = (await reader.readline()).decode().strip()
            left = tuple(backend for backend in backends if backend.ip != first)
            other = sample_port(backends)
            await _apply(driver, [replace(port, backends=left), other])
            writer.write(b"still there?\n")
            async with asyncio.timeout(STEP_S):
                assert await reader.readline() == b"still there?\n", "a changed table cut a connection"
            answers = {await ask_tcp(port) for _ in range(4)}
            assert answers == {left[0].ip}, f"new connections went to {sorted(answers)}, only {left[0].ip} is left"
            await ask_tcp(other)
        finally:
            writer.close()


async def refuses_without_backends(driver: Proxy, workspace: Path) -> None:
    """A service without ready backends refuses; it serves again as soon as there is one."""
    async with tcp_backends(1) as backends, _serving(driver, workspace, port := sample_port(backends)):
        await ask_tcp(port)
        await _apply(driver, [replace(port, backends=())])
        await _is_refused(port, "has no backends")
        await _apply(driver, [port])
        await ask_tcp(port)


async def tries_the_next_backend(driver: Proxy, workspace: Path) -> None:
    """A backend that does not answer costs nobody a connection, if the proxy can see that."""
    if CAPABILITY_RETRIES not in driver.info.capabilities:
        return
    async with tcp_backends(1) as backends:
        dead = Backend(backends[0].ip, 1)
        async with _serving(driver, workspace, port := sample_port((*backends, dead))):
            for attempt in range(4):
                assert await ask_tcp(port) == backends[0].ip, f"connection {attempt} did not reach the living backend"


async def keeps_sessions(driver: Proxy, workspace: Path) -> None:
    """With session affinity one client stays with one backend."""
    async with tcp_backends(3) as backends, _serving(driver, workspace, port := sample_port(backends, affinity_s=60)):
        answers = {await ask_tcp(port) for _ in range(6)}
        assert len(answers) == 1, f"one client's six connections went to {sorted(answers)}"


async def removes_ports(driver: Proxy, workspace: Path) -> None:
    """A port that is no longer in the table refuses; the others go on."""
    async with tcp_backends(1) as backends:
        gone, stays = sample_port(backends), sample_port(backends)
        async with _serving(driver, workspace, gone, stays):
            await ask_tcp(gone)
            await _apply(driver, [stays])
            await _is_refused(gone, "was taken out of the table")
            await ask_tcp(stays)


async def takes_the_same_table_twice(driver: Proxy, workspace: Path) -> None:
    """Applying a table that is true already changes nothing."""
    async with tcp_backends(1) as backends, _serving(driver, workspace, port := sample_port(backends)):
        await _apply(driver, [port])
        await ask_tcp(port)


async def stops_completely(driver: Proxy, workspace: Path) -> None:
    """After `stop` nobody answers any more, and the driver can be started again."""
    async with tcp_backends(1) as backends:
        port = sample_port(backends)
        for _ in range(2):
            async with _serving(driver, workspace, port):
                await ask_tcp(port)
            await _is_refused(port, "was served by a proxy that has stopped")


@asynccontextmanager
async def _serving(driver: Proxy, workspace: Path, *ports: ServicePort) -> AsyncIterator[None]:
    await driver.start(workspace)
    try:
        await _apply(driver, ports)
        yield
    finally:
        await driver.stop()


async def _apply(driver: Proxy, ports: Sequence[ServicePort]) -> None:
    failures = await driver.apply(ports)
    assert not failures, f"could not serve {len(failures)} of {len(ports)} ports: {'; '.join(failures.values())}"


async def _is_refused(port: ServicePort, why: str) -> None:
    try:
        answer = await ask_tcp(port)
    except (OSError, TimeoutError):
        return
    # A reset right after the connection was made looks like an empty answer: refused as well.
    assert not answer, f"{answer} answered on {port.ip}:{port.port}, which {why}"


CHECKS: tuple[Check[Proxy], ...] = (
    Check("reaches every TCP backend in turn", reaches_every_backend),
    Check("carries UDP both ways", carries_udp),
    Check("carries 4 MiB both ways over a half-closed connection", carries_bulk_both_ways, quick=False),
    Check("keeps connections when the table changes", keeps_connections_over_changes),
    Check("refuses without backends", refuses_without_backends),
    Check("tries the next backend when one is dead", tries_the_next_backend),
    Check("keeps a client at its backend with session affinity", keeps_sessions),
    Check("refuses ports that left the table", removes_ports),
    Check("takes the same table twice", takes_the_same_table_twice),
    Check("frees everything when it stops", stops_completely),
)
