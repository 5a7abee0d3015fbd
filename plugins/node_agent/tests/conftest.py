"""The fixtures of the agent's tests."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from kubernel.client import Client
from kubernel.testing import ApiServer
from tests.agent_machine import Machine

PROBE = """
from kubernel_runtime_process.shim.isolation import probe
found = probe(None)
print(found.level, found.reason)
"""


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """One API server for all machines: they have namespaces and nodes of their own, and a start takes a second."""
    with ApiServer(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture
async def agent_client(shared_server: ApiServer) -> AsyncIterator[Client]:
    """Yield a client with the name of an agent."""
    async with shared_server.client("kubernel-agent/test") as client:
        yield client


@pytest.fixture
async def machine(agent_client: Client, tmp_path: Path) -> AsyncIterator[Machine]:
    """Yield a machine with a running agent; nothing of it is left at the end."""
    machine = Machine(agent_client, tmp_path)
    await machine.start()
    yield machine
    if not machine.is_running:
        await machine.start()
    await machine.shut_down()


@pytest.fixture(scope="session")
def volumes() -> None:
    """Skip where the kernel permits no mount namespaces, and so no volumes: in many containers."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    level, _, reason = done.stdout.partition(" ")
    if level == "plain":
        pytest.skip(f"no mount namespaces here: {reason}")
