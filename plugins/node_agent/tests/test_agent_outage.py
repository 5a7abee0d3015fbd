"""The API server may go away: pods go on, containers are restarted, and what happened is told afterwards."""

import os
import signal
from pathlib import Path

from kubernel.testing import ApiServer, eventually
from kubernel_runtime_process.shim.records import read_record
from tests.agent_machine import Machine, make_pod


async def test_container_is_restarted_while_the_api_server_is_away(tmp_path: Path) -> None:
    data = tmp_path / "api"
    data.mkdir()
    with ApiServer(data) as server:
        async with server.client("kubernel-agent/test") as client:
            machine = Machine(client, tmp_path)
            await machine.start()
            pod = await machine.run(make_pod("web"))
            second = machine.sandbox_of(pod) / "containers" / f"{machine.sandbox_of(pod).name}.main.1"

            server.kill()
            os.kill(machine.process_of("web", pod), signal.SIGKILL)
            await eventually(lambda: read_record(second) is not None, "the container is started again")
            server.start()

            await machine.state("web", lambda container: container.restartCount == 1 and container.ready)
            await machine.shut_down()
