"""A proxy that may not have many file descriptors serves a crowd one part after the other."""

import subprocess
import sys

SCRIPT = """
import asyncio, resource, sys, tempfile
from pathlib import Path
from kubernel.plugin.conformance.sample_backends import ask_tcp, sample_port, tcp_backends
from kubernel_proxy_userspace import UserspaceProxy, UserspaceSettings

async def main(limit: int, clients: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    proxy = UserspaceProxy(UserspaceSettings())
    await proxy.start(Path(tempfile.mkdtemp()))
    async with tcp_backends(1) as backends:
        port = sample_port(backends)
        assert await proxy.apply([port]) == {}
        answers = await asyncio.gather(*(ask_tcp(port) for _ in range(clients)))
        print(sum(answer == backends[0].ip for answer in answers))
    await proxy.stop()

asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
"""


def served(limit: int, clients: int) -> int:
    """Return how many clients at once were answered by a process with so many file descriptors."""
    command = [sys.executable, "-c", SCRIPT, str(limit), str(clients)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_low_limit_lets_clients_wait_instead_of_failing() -> None:
    assert served(limit=300, clients=80) == 80
