"""The live swap: whoever is to serve is decided by an object, and a failure leaves the old one in service."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

import psutil
import pytest
from kubernel.client import Client, EventRecorder
from kubernel.client.backoff import Backoff
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.units.launch import Launcher
from kubernel.cluster.units.plan import RETRY_ANNOTATION
from kubernel.cluster.units.reconciler import Reconciler
from kubernel.objects.models import Plain, core, meta, meta_of
from kubernel.objects.plugin_object import Plugin, PluginSpec, PluginStatus
from kubernel.testing import eventually

from tests.cluster.drivers import CRASHES, ENDS, HANGS, NEVER_READY, SERVES, actor
from tests.shelf import Shelf


@dataclass(frozen=True)
class Stage:
    """A reconciler at work on a real API server."""

    client: Client
    shelf: Shelf
    name: str

    def offer(self, driver: str, body: str = SERVES) -> None:
        """Install a driver."""
        module = f"m_{driver}"
        self.shelf.add(f"acme-{driver}", {f"controller:{driver}": f"{module}:Driver"}, {module: actor(driver, body)})

    async def create(self, driver: str, **spec: object) -> None:
        """Create the object."""
        plugin = Plugin(spec=PluginSpec(role="controller", driver=driver), metadata=meta.ObjectMeta(name=self.name))
        await self.client.create(plugin)
        if spec:
            await self.patch({"spec": spec})

    async def patch(self, patch: Plain) -> None:
        """Change the object."""
        await self.client.patch(Plugin, self.name, patch)

    async def use(self, driver: str, **spec: object) -> None:
        """Ask for another driver."""
        await self.patch({"spec": {"driver": driver, **spec}})

    async def until(self, what: str, test: Callable[[PluginStatus], bool]) -> PluginStatus:
        """Wait until the object's status answers its newest spec, and is as the test wants."""

        async def answer() -> PluginStatus | None:
            plugin = await self.client.get(Plugin, self.name)
            status, about = plugin.status, plugin.metadata
            if status is None or about is None or status.observedGeneration != about.generation:
                return None
            assert test(status), status
            return status

        status = await eventually(answer, what, timeout_s=20)
        assert status is not None
        return status

    async def serving(self, driver: str) -> PluginStatus:
        """Wait until this driver serves and nothing is wrong."""
        return await self.until(f"{driver} serves", lambda s: s.driver == driver and bool(s.ready) and not s.message)

    async def refused(self) -> PluginStatus:
        """Wait until something is wrong."""
        return await self.until("the swap is refused", lambda status: bool(status.message))

    async def events(self) -> list[tuple[str, str, str]]:
        """Return type, reason and message of the events about the object."""
        events = (await self.client.list(core.Event)).items
        return [(e.type or "", e.reason or "", e.message or "") for e in events if e.involvedObject.name == self.name]

    async def event(self, reason: str) -> str:
        """Wait for an event and return its message."""

        async def messages() -> list[str]:
            return [message for _, found, message in await self.events() if found == reason]

        return (await eventually(messages, f"an event {reason}"))[0]


@pytest.fixture
async def stage(api: Client, launcher: Launcher, data: DataDir, shelf: Shelf) -> AsyncIterator[Stage]:
    recorder = EventRecorder(api, "supervisor")
    reconciler = Reconciler(api, recorder, launcher, data=data, nodes=(), on_change=lambda: None)
    tasks = [asyncio.create_task(reconciler.run()), asyncio.create_task(recorder.run())]
    stage = Stage(api, shelf, f"acme-{uuid.uuid4().hex[:8]}")  # the tests share one API server
    yield stage
    await reconciler.stop()
    for plugin in (await api.list(Plugin)).items:
        await api.delete(Plugin, meta_of(plugin).name or "")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _is_alive(pid: int | None) -> bool:
    return pid is not None and psutil.pid_exists(pid)


async def test_a_new_object_gets_its_host(stage: Stage) -> None:
    stage.offer("blue")

    await stage.create("blue")

    status = await stage.serving("blue")
    assert (status.phase, status.distribution, status.version, status.restarts) == ("Running", "acme-blue", "1.0", 0)
    assert _is_alive(status.pid)


async def test_another_driver_takes_over_and_the_old_one_ends(stage: Stage) -> None:
    stage.offer("blue")
    stage.offer("green")
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.use("green")

    new = await stage.serving("green")
    assert _is_alive(new.pid)
    await eventually(lambda: not _is_alive(old.pid), "the old one has ended")
    assert await stage.event("Swapped") == "blue → green"


async def test_other_settings_are_a_swap_too(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.use("blue", config={"word": "new"})

    new = await stage.until("it has swapped", lambda status: status.pid != old.pid and bool(status.ready))
    assert new.driver == "blue"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("os._exit(9)", "green: its process ended with exit code 9"),
        ("return", "nobody had asked it to stop"),
        (NEVER_READY, "green was not ready within 1 s"),
    ],
)
async def test_a_driver_that_does_not_start_leaves_the_old_one(
    stage: Stage, body: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubernel.cluster.units.launch.READY_TIMEOUT_S", 1.0 if body == NEVER_READY else 15.0)
    stage.offer("blue")
    stage.offer("green", body)
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.use("green")

    status = await stage.refused()
    assert sentence in (status.message or "")
    assert (status.driver, status.pid, status.phase, status.ready) == ("blue", old.pid, "Running", True)
    assert _is_alive(old.pid)
    assert await stage.event("SwapFailed") == f"blue stays: {status.message}"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import not_there_at_all", "ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("class Driver: pass", "Driver is not a subclass of"),
        (actor("green", SERVES).replace("async def run", "async def walk"), "Driver does not implement run"),
        ("import os; os._exit(11)", "its process ended with exit code 11"),
    ],
)
async def test_a_driver_that_does_not_load_or_fit_leaves_the_old_one(stage: Stage, source: str, sentence: str) -> None:
    stage.offer("blue")
    stage.shelf.add("acme-green", {"controller:green": "m_green:Driver"}, {"m_green": source})
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.use("green")

    status = await stage.refused()
    assert sentence in (status.message or "")
    assert (status.driver, status.pid) == ("blue", old.pid)


async def test_wrong_settings_leave_the_old_one_and_name_the_key(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.use("blue", config={"colour": "red"})

    status = await stage.refused()
    assert "spec.config.colour: unknown setting; known: word" in (status.message or "")
    assert status.pid == old.pid


async def test_asking_back_for_what_serves_clears_the_message(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")
    await stage.use("nosuch")
    await stage.refused()

    await stage.use("blue")

    assert (await stage.serving("blue")).pid == old.pid


async def test_a_refused_driver_is_tried_again_when_asked(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    await stage.serving("blue")
    await stage.use("green")
    await stage.refused()

    stage.offer("green")
    await stage.patch({"metadata": {"annotations": {RETRY_ANNOTATION: "1"}}})

    await stage.serving("green")


async def test_a_refused_driver_is_tried_again_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubernel.cluster.units.unit.REFUSED_RETRIES", Backoff(first_s=0.2, limit_s=0.2))
    stage.offer("blue")
    await stage.create("blue")
    await stage.serving("blue")
    await stage.use("green")
    await stage.refused()

    stage.offer("green")

    await stage.serving("green")


async def test_a_first_driver_that_fails_says_so_and_comes_when_it_can(stage: Stage) -> None:
    await stage.create("late")
    status = await stage.refused()
    assert (status.phase, status.ready, status.driver, status.pid) == ("Failed", False, None, None)

    stage.offer("late")

    await stage.serving("late")


@pytest.mark.parametrize(("body", "reason"), [(CRASHES, "RuntimeError: boom"), (ENDS, "nobody had asked")])
async def test_a_host_that_ends_is_started_again(stage: Stage, body: str, reason: str) -> None:
    stage.offer("blue", body)

    await stage.create("blue")

    status = await stage.until("it was restarted", lambda status: (status.restarts or 0) >= 2)
    assert reason in await stage.event("BackOff")
    assert status.phase == "Running"


async def test_a_hung_host_is_ended_and_started_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kubernel.cluster.units.unit.HEARTBEAT_S", 0.2
    )  # how often the unit looks, not how often it beats
    monkeypatch.setattr("kubernel.cluster.units.host.HEARTBEATS_MISSED_MAX", 2)
    stage.offer("blue", HANGS)

    await stage.create("blue")

    await stage.until("it was restarted", lambda status: (status.restarts or 0) >= 1)
    assert await stage.event("BackOff") == "blue hung and was ended; its log has the stack"


async def test_a_killed_host_is_back_at_once(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")

    psutil.Process(old.pid).kill()

    new = await stage.until("it is back", lambda status: status.pid != old.pid and bool(status.ready))
    assert (new.restarts, new.message) == (1, None)


async def test_disabling_stops_the_host_and_enabling_starts_it(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.patch({"spec": {"enabled": False}})
    await stage.until("it is disabled", lambda status: status.phase == "Disabled")
    await eventually(partial(lambda pid: not _is_alive(pid), old.pid), "its host has ended")
    await stage.patch({"spec": {"enabled": True}})

    await stage.serving("blue")


async def test_deleting_the_object_stops_the_host(stage: Stage) -> None:
    stage.offer("blue")
    await stage.create("blue")
    old = await stage.serving("blue")

    await stage.client.delete(Plugin, stage.name)

    await eventually(lambda: not _is_alive(old.pid), "its host has ended")


async def test_a_role_that_does_not_exist_is_a_status(stage: Stage) -> None:
    await stage.client.create(
        Plugin(spec=PluginSpec(role="cook", driver="x"), metadata=meta.ObjectMeta(name=stage.name))
    )

    status = await stage.refused()

    assert (status.phase, status.message) == ("Failed", "there is no role 'cook'")


async def test_a_hosts_events_are_filed_in_its_components_name(stage: Stage) -> None:
    body = """
        from kubernel.objects.models import core
        about = core.ObjectReference(apiVersion="v1", kind="Node", name="n")
        context.recorder.event(about, "Normal", "Hello", "there"); context.ready(); await context.stopping.wait()"""
    stage.offer("blue", body.strip())

    await stage.create("blue")

    async def components() -> list[str]:
        events = (await stage.client.list(core.Event)).items
        return [event.source.component or "" for event in events if event.reason == "Hello" and event.source]

    assert await eventually(components, "the event is there") == [stage.name]
