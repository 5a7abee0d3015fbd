"""kill -9 of the agent at any moment: no pod is started twice, and nothing is leaked."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from kubernel.client import Client
from kubernel.objects.models import core
from kubernel.testing import ApiServer
from tests.agent_machine import Machine, make_pod, until

AGENT = """
import asyncio, logging, sys
from pathlib import Path
from kubernel.client import Client, EventRecorder
from kubernel.plugin.contracts import ActorContext
from kubernel_network_loopback import LoopbackNetwork
from kubernel_node_agent import NodeAgent
from kubernel_runtime_process.runtime import ProcessRuntime

async def main(socket, data, node):
    async with Client.over_socket(Path(socket), user_agent="kubernel-agent/test") as client:
        recorder = EventRecorder(client, "agent")
        drivers = {"runtime": ProcessRuntime(), "network": LoopbackNetwork()}
        context = ActorContext(client, recorder, logging.getLogger("agent"), Path(data), lambda: None,
                               asyncio.Event(), drivers, (node,))
        await NodeAgent().run(context)

asyncio.run(main(*sys.argv[1:]))
"""
PODS = 12


@pytest.fixture
def prepared(agent_client: Client, tmp_path: Path) -> Iterator[Machine]:
    """Yield a machine without an agent, and end what is left on it."""
    machine = Machine(agent_client, tmp_path)
    machine.data.mkdir(parents=True)
    (tmp_path / "run").mkdir()
    yield machine
    for shim in machine.data.glob("runtimes/*/sandboxes/*/shim.pid"):
        psutil.Process(int(shim.read_text())).kill()


def _launch(server: ApiServer, machine: Machine) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", AGENT, str(server.socket), str(machine.data), machine.name], stderr=subprocess.DEVNULL
    )


async def test_agent_that_is_killed_again_and_again(shared_server: ApiServer, prepared: Machine) -> None:
    machine, chance = prepared, random.Random(20140606)
    await machine.prepare()
    names = [f"p{number}" for number in range(PODS)]
    for name in names:
        await machine.create(make_pod(name))

    for _ in range(4):
        agent = _launch(shared_server, machine)
        deadline_s = time.monotonic() + 0.5 + chance.random() * 0.3
        while time.monotonic() < deadline_s and agent.poll() is None:
            await machine.pause()
        agent.send_signal(signal.SIGKILL)
        agent.wait()
    await machine.start()

    for name in names:
        pod = await machine.phase(name, "Running")
        assert pod.status is not None
        assert (pod.status.containerStatuses or [])[0].restartCount == 0, f"pod {name} was started twice"
    sandboxes = list(machine.sandboxes.iterdir())
    assert len(sandboxes) == PODS
    shims = [psutil.Process(int((sandbox / "shim.pid").read_text())) for sandbox in sandboxes]
    assert all(len(shim.children()) == 1 for shim in shims), "a program runs twice"

    for name in names:
        await machine.delete(name, grace_s=0)

    async def all_clean() -> bool | None:
        left = await machine.client.list(core.Pod, machine.name)
        return True if not left.items and not list(machine.sandboxes.iterdir()) else None

    await until(all_clean, "everything is gone")
    assert not [shim for shim in shims if shim.is_running() and shim.status() != psutil.STATUS_ZOMBIE]
    await machine.stop()
