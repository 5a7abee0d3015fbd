"""One host: its life from birth to end, in a real process under a real zygote."""

import asyncio
import signal
import socket
from dataclasses import replace

import pytest
from kubernel.cluster.processes.logbook import Logbook
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.units.host import Host, HostFailed
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import Plan
from kubernel.host.reports import Origin
from kubernel.host.spec import DriverSpec, HostSpec
from kubernel.testing import eventually

from tests.cluster.drivers import CRASHES, DEAF, ENDS, HANGS, NEVER_READY, SERVES, actor
from tests.shelf import Shelf

pytestmark = pytest.mark.usefixtures("listening")


def _plan(data: DataDir, shelf: Shelf, body: str, config: dict[str, object] | None = None) -> Plan:
    shelf.add("acme-ctl", {"controller:acme": "acme_ctl:Driver"}, {"acme_ctl": actor("acme", body)}, version="1.2")
    spec = HostSpec("acme-controller", DriverSpec("controller", "acme", config), str(data.path))
    return Plan(spec, (), side_by_side=True, objects={"controller": "acme-controller"}, generations={})


def _log(data: DataDir) -> str:
    return (data.logs / "acme-controller.log").read_text()


async def test_a_host_is_ready_and_stops_when_asked(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    host = await launcher.start(_plan(data, shelf, SERVES, {"word": "blue"}))

    assert host.origins == (Origin("controller", "acme", "acme-ctl", "1.2"),)
    await host.stop()
    assert host.child.ended.result() == 0
    assert "INFO acme-controller: word blue" in _log(data)


async def test_a_refused_driver_gives_its_reason(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    plan = _plan(data, shelf, SERVES, {"wrd": "x"})

    with pytest.raises(HostFailed, match=r"spec.config.wrd: unknown setting; known: word"):
        await launcher.start(plan)


async def test_a_driver_that_is_not_installed_is_refused(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    plan = _plan(data, shelf, SERVES)
    shelf.remove("acme-ctl")

    with pytest.raises(HostFailed, match="no installed distribution offers controller 'acme'"):
        await launcher.start(plan)


async def test_a_crash_after_the_start_is_told(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    host = await launcher.start(_plan(data, shelf, CRASHES))

    assert await host.child.ended == 4
    assert host.last_words() == "RuntimeError: boom"
    assert "RuntimeError: boom" in _log(data)


async def test_a_loop_that_returns_counts_as_a_crash(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    host = await launcher.start(_plan(data, shelf, ENDS))

    assert await host.child.ended == 4
    assert "nobody had asked it to stop" in host.last_words()


async def test_a_killed_host_says_by_what(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    host = await launcher.start(_plan(data, shelf, SERVES))

    host.child.signal(signal.SIGKILL)
    await host.child.ended

    assert host.last_words() == "acme: its process was killed by SIGKILL"


async def test_a_host_that_is_never_ready_is_given_up(
    launcher: Launcher, data: DataDir, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubernel.cluster.units.launch.READY_TIMEOUT_S", 0.6)

    with pytest.raises(HostFailed, match=r"acme was not ready within 0.6 s"):
        await launcher.start(_plan(data, shelf, NEVER_READY))


async def test_a_host_that_does_not_stop_is_cancelled_after_its_grace(
    launcher: Launcher, data: DataDir, shelf: Shelf
) -> None:
    host = await launcher.start(_plan(data, shelf, DEAF))

    await host.stop()

    assert host.child.ended.result() == 5
    assert "did not stop within 5 s" in _log(data)


async def test_a_hung_host_leaves_its_stack_in_the_log(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    host = await launcher.start(_plan(data, shelf, HANGS))

    silent = [host.is_hung() for _ in range(16)]
    await host.abort()

    assert silent == [False] * 15 + [True]
    assert host.child.ended.result() == -signal.SIGABRT
    await eventually(lambda: "acme_ctl.py" in _log(data), "the stack is in the log")
    assert "hung" in host.last_words()


async def test_heartbeats_forgive_silence(logbook: Logbook, data: DataDir, shelf: Shelf) -> None:
    host = Host(_plan(data, shelf, SERVES), logbook.pen("acme-controller"))
    silent = [host.is_hung() for _ in range(15)]

    host.reports(b'{"type":"Alive"}\n')

    assert [*silent, host.is_hung()] == [False] * 16


async def test_a_host_begins_when_the_api_server_listens(
    launcher: Launcher, data: DataDir, shelf: Shelf, listening: socket.socket
) -> None:
    listening.close()
    data.api_socket.unlink()
    starting = asyncio.create_task(launcher.start(_plan(data, shelf, SERVES)))
    await eventually((data.logs / "acme-controller.log").exists, "it is on its way")
    assert not starting.done()

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(data.api_socket))
        server.listen()
        host = await starting

    await host.stop()


async def test_a_rehearsal_passes_and_leaves_nothing(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    await launcher.rehearse(_plan(data, shelf, CRASHES))  # it is never run

    assert list(data.run.glob("check-*")) == []


async def test_a_rehearsal_names_the_failed_check(launcher: Launcher, data: DataDir, shelf: Shelf) -> None:
    source = """
from kubernel.plugin.contracts import PluginInfo, Scheduler

class Driver(Scheduler):
    info = PluginInfo("acme", "Decides nothing.")

    def __init__(self, settings): ...

    def schedule(self, pods, snapshot):
        return []
"""
    plan = _plan(data, shelf, SERVES)
    shelf.add("acme-sched", {"scheduler:acme": "acme_sched:Driver"}, {"acme_sched": source})
    plan = replace(plan, spec=HostSpec("scheduler", DriverSpec("scheduler", "acme"), str(data.path)))

    with pytest.raises(HostFailed, match=r"scheduler 'acme' fails the check '"):
        await launcher.rehearse(plan)
