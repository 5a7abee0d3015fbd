"""Run by `test_userspace_redirect` inside a network namespace of its own: prints what it found as JSON."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from kubernel.plugin.conformance.sample_backends import ask_tcp, ask_udp, sample_port, tcp_backends, udp_backends
from kubernel.plugin.contracts.proxy import ServicePort
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings

SERVICE_IP = "10.9.8.7"  # the talk's


def rules() -> list[str]:
    """Return our part of the nat table as iptables shows it."""
    saved = subprocess.run(["iptables-save", "-t", "nat"], capture_output=True, text=True, check=True).stdout
    return [line for line in saved.splitlines() if "KUBERNEL" in line]


async def is_refused(port: ServicePort) -> bool:
    """Whether nobody listens there."""
    try:
        await ask_tcp(port)
    except ConnectionRefusedError:
        return True
    return False


async def main(data: Path) -> dict[str, object]:
    """Serve two ports of an address that is not this machine's, then take them away."""
    found: dict[str, object] = {}
    proxy = UserspaceProxy(UserspaceSettings())
    await proxy.start(data)
    async with tcp_backends(2) as tcp, udp_backends(2) as udp:
        web = replace(sample_port(tcp), ip=SERVICE_IP, port=80, service="nifty-svc")
        dns = replace(sample_port(udp, "UDP"), ip=SERVICE_IP, port=53, service="dns")
        found["failures"] = list((await proxy.apply([web, dns])).values())
        found["tcp"] = len({await ask_tcp(web) for _ in range(4)})
        found["udp"] = len({await ask_udp(dns) for _ in range(4)})
        found["rules"] = rules()
        await proxy.apply([replace(web, backends=()), dns])
        found["refused without backends"] = await is_refused(web)

        crashed = proxy  # as after kill -9: its rules are still there
        proxy = UserspaceProxy(UserspaceSettings())
        await proxy.start(data)
        found["rules after a crash"] = rules()
        await proxy.apply([web])
        found["tcp after a crash"] = len({await ask_tcp(web) for _ in range(4)})
        await proxy.stop()
        await crashed.stop()
        found["rules at the end"] = rules()
    return found


if __name__ == "__main__":
    # An address and a default route, as every machine has them; without, a connection would have no source.
    for command in ("link set lo up", "address add 192.0.2.1/32 dev lo", "route add default dev lo src 192.0.2.1"):
        subprocess.run(["ip", *command.split()], check=True)
    print(json.dumps(asyncio.run(main(Path(sys.argv[1])))))  # noqa: T201 - its output
