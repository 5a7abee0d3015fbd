"""Where a port is served when its own address cannot be bound."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from kubernel.plugin.conformance.sample_backends import ask_tcp, sample_port, tcp_backends
from kubernel.plugin.contracts.proxy import Backend, ServicePort
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings

NO_REDIRECT = UserspaceSettings(redirect=False)
AS_NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
SCRIPT = """
import asyncio, json, sys, tempfile
from pathlib import Path
from kubernel.plugin.contracts.proxy import Backend, ServicePort
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings

async def main() -> None:
    proxy = UserspaceProxy(UserspaceSettings(detour_offset=int(sys.argv[1])))
    await proxy.start(Path(tempfile.mkdtemp()))
    backends = (Backend("127.64.0.1", 9376),)
    failures = await proxy.apply([ServicePort("default", "svc", "", "TCP", "127.200.99.1", 80, backends)])
    print(json.dumps([list(failures.values()), list(proxy.detours().values())]))
    await proxy.stop()

asyncio.run(main())
"""


def lowest_unprivileged_port() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


def serve_port_80_unprivileged(detour_offset: int) -> tuple[list[str], list[str]]:
    command = [sys.executable, "-c", SCRIPT, str(detour_offset)]
    if os.geteuid() == 0:
        command = AS_NOBODY + command
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    failures, detours = json.loads(done.stdout)
    return failures, detours


needs_privileged_ports = pytest.mark.skipif(
    lowest_unprivileged_port() <= 80, reason="this kernel lets everybody bind port 80"
)


@pytest.mark.component("setpriv")
@needs_privileged_ports
def test_an_unprivileged_user_gets_a_detour_for_port_80() -> None:
    assert serve_port_80_unprivileged(8000) == ([], ["127.200.99.1:8080"])


@pytest.mark.component("setpriv")
@needs_privileged_ports
def test_without_detours_the_sentence_names_the_cure() -> None:
    (failure,), detours = serve_port_80_unprivileged(0)

    assert detours == []
    assert failure == (
        "TCP 127.200.99.1:80 needs privileges: run as root, or allow it for all users with "
        "`sysctl net.ipv4.ip_unprivileged_port_start=80`"
    )


async def test_a_taken_port_gets_a_detour_and_the_others_work(tmp_path: Path) -> None:
    proxy = UserspaceProxy(NO_REDIRECT)
    await proxy.start(tmp_path)
    async with tcp_backends(1) as backends:
        taken, fine = sample_port(backends), sample_port(backends)
        with socket.create_server((taken.ip, taken.port)):
            assert await proxy.apply([taken, fine]) == {}
            assert proxy.detours() == {taken.key: f"{taken.ip}:{taken.port + 8000}"}
        await proxy.stop()


async def test_a_detour_ends_when_the_address_can_be_bound(tmp_path: Path) -> None:
    proxy = UserspaceProxy(NO_REDIRECT)
    await proxy.start(tmp_path)
    async with tcp_backends(1) as backends:
        port = sample_port(backends)
        with socket.create_server((port.ip, port.port)):
            await proxy.apply([port])
            _, writer = await asyncio.open_connection(port.ip, port.port + 8000)

        assert await proxy.apply([port]) == {}

        assert proxy.detours() == {}
        assert await ask_tcp(port) == backends[0].ip
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((port.ip, port.port + 8000))
        writer.close()
        await proxy.stop()


async def test_a_service_has_an_older_right_to_its_address_than_a_detour(tmp_path: Path) -> None:
    proxy = UserspaceProxy(NO_REDIRECT)
    await proxy.start(tmp_path)
    async with tcp_backends(1) as backends:
        taken = sample_port(backends)
        owner = ServicePort("default", "owner", "", "TCP", taken.ip, taken.port + 8000, backends)
        with socket.create_server((taken.ip, taken.port)):
            assert await proxy.apply([taken]) == {}

            failures = await proxy.apply([taken, owner])

            assert list(failures) == [taken.key]
            assert "is in use by another program" in failures[taken.key]
            assert proxy.detours() == {}
        await proxy.stop()


@pytest.mark.parametrize(
    ("protocol", "ip", "sentence"),
    [
        ("TCP", "192.0.2.1", "is not an address of this machine"),
        ("SCTP", "127.200.99.2", "protocol SCTP is not served by this proxy"),
    ],
)
async def test_says_why_a_port_cannot_be_served(tmp_path: Path, protocol: str, ip: str, sentence: str) -> None:
    proxy = UserspaceProxy(NO_REDIRECT)
    await proxy.start(tmp_path)
    port = ServicePort("default", "svc", "", protocol, ip, 8080, (Backend("127.64.0.1", 80),))

    failures = await proxy.apply([port])

    assert sentence in failures[port.key]
    await proxy.stop()


@pytest.mark.component("root")
async def test_takes_a_detour_when_iptables_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("iptables", "iptables-restore"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'Permission denied (you must be root)' >&2\nexit 4\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    proxy = UserspaceProxy(UserspaceSettings())
    await proxy.start(tmp_path)
    async with tcp_backends(1) as backends:
        taken = sample_port(backends)
        foreign = replace(sample_port(backends), ip="192.0.2.1")
        with socket.create_server((taken.ip, taken.port)):
            failures = await proxy.apply([taken, foreign])

            assert proxy.detours() == {taken.key: f"{taken.ip}:{taken.port + 8000}"}
            assert list(failures) == [foreign.key]
            assert "iptables: Permission denied" in failures[foreign.key]
        await proxy.stop()
