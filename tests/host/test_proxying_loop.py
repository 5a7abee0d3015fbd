"""The proxy's loop over a real API server: the table it hands over, and what it tells people."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from kubernel.client import Client, EventRecorder
from kubernel.host.proxying import ProxyLoop
from kubernel.objects.models import core, meta
from kubernel.plugin.contracts import ActorContext, PluginInfo, Proxy
from kubernel.plugin.contracts.proxy import Backend, PortKey, ServicePort
from kubernel.testing import eventually

KEY = ("default", "svc", "")


class Recording(Proxy):
    """Keeps every table; fails, detours or raises as the test says."""

    info = PluginInfo("recording", "For tests.")

    def __init__(self) -> None:
        self.tables: list[dict[PortKey, ServicePort]] = []
        self.failures: dict[PortKey, str] = {}
        self.elsewhere: dict[PortKey, str] = {}
        self.raises: Exception | None = None
        self.is_stopped = False

    async def start(self, data: Path) -> None:
        self.data = data

    async def apply(self, ports: Sequence[ServicePort]) -> dict[PortKey, str]:
        table = {port.key: port for port in ports}
        self.tables.append(table)
        if self.raises:
            error, self.raises = self.raises, None
            raise error
        return {key: why for key, why in self.failures.items() if key in table}

    def detours(self) -> Mapping[PortKey, str]:
        return self.elsewhere

    async def stop(self) -> None:
        self.is_stopped = True

    def has(self, *backends: str) -> bool:
        """Whether the newest table serves the service with these backends."""
        port = self.tables[-1].get(KEY)
        return port is not None and port.backends == tuple(Backend(ip, 9376) for ip in backends)


@asynccontextmanager
async def proxying(client: Client, driver: Proxy, data: Path) -> AsyncIterator[None]:
    """Run the loop and the recorder as the host does."""
    ready, stopping = asyncio.Event(), asyncio.Event()
    recorder = EventRecorder(client, "proxy")
    context = ActorContext(client, recorder, logging.getLogger("proxy"), data, ready.set, stopping)
    recording = asyncio.ensure_future(recorder.run())
    work = asyncio.ensure_future(ProxyLoop(driver).run(context))
    try:
        async with asyncio.timeout(10):
            await asyncio.wait((work, asyncio.ensure_future(ready.wait())), return_when=asyncio.FIRST_COMPLETED)
            yield
            stopping.set()
            await work
    finally:
        work.cancel()
        recording.cancel()
        await asyncio.gather(work, recording, return_exceptions=True)


async def add_service(client: Client) -> core.Service:
    spec = core.ServiceSpec(ports=[core.ServicePort(port=80, targetPort=9376)])
    return await client.create(core.Service(metadata=meta.ObjectMeta(name="svc"), spec=spec), "default")


async def set_endpoints(client: Client, *ips: str) -> None:
    subset = core.EndpointSubset(
        addresses=[core.EndpointAddress(ip=ip) for ip in ips], ports=[core.EndpointPort(port=9376, protocol="TCP")]
    )
    await client.create(core.Endpoints(metadata=meta.ObjectMeta(name="svc"), subsets=[subset]), "default")


async def test_hands_over_what_was_there_and_every_change(client: Client, tmp_path: Path) -> None:
    created = await add_service(client)
    proxy = Recording()

    async with proxying(client, proxy, tmp_path):
        assert proxy.has()
        assert created.spec is not None
        assert proxy.tables[-1][KEY].ip == created.spec.clusterIP

        await set_endpoints(client, "127.64.0.1", "127.64.0.2")
        await eventually(lambda: proxy.has("127.64.0.1", "127.64.0.2"), "the backends")

        await client.delete(core.Service, "svc", "default")
        await eventually(lambda: KEY not in proxy.tables[-1], "the service is gone")

    assert proxy.is_stopped


async def test_tells_a_failure_and_tries_again(client: Client, tmp_path: Path) -> None:
    proxy = Recording()
    proxy.failures[KEY] = "127.96.0.1:80 is in use by another program"

    async with proxying(client, proxy, tmp_path):
        await add_service(client)
        await eventually(lambda: len(proxy.tables) >= 2, "the table with the service")
        tries = len(proxy.tables)
        await eventually(lambda: len(proxy.tables) > tries, "another try")
        events = await client.list(core.Event, "default", field_selector="involvedObject.name=svc")

    assert [(event.type, event.reason, event.message) for event in events.items] == [
        ("Warning", "FailedToServe", "127.96.0.1:80 is in use by another program")
    ]


async def test_annotates_a_service_that_is_served_elsewhere(client: Client, tmp_path: Path) -> None:
    proxy = Recording()
    proxy.elsewhere[KEY] = "127.96.0.1:8080"
    found: list[str | None] = []

    async def look() -> None:
        service = await client.get(core.Service, "svc", "default")
        found.append(((service.metadata and service.metadata.annotations) or {}).get("kubernel.dev/reachable-at"))

    async with proxying(client, proxy, tmp_path):
        await add_service(client)
        while not found or found[-1] is None:
            await look()
        assert found[-1] == "80/TCP=127.96.0.1:8080"

        proxy.elsewhere.clear()
        await set_endpoints(client, "127.64.0.1")
        while found[-1] is not None:
            await look()


async def test_survives_a_proxy_that_raises(client: Client, tmp_path: Path) -> None:
    proxy = Recording()

    async with proxying(client, proxy, tmp_path):
        proxy.raises = ZeroDivisionError("by nothing")
        await add_service(client)
        await eventually(lambda: proxy.raises is None, "the failing try")
        tries = len(proxy.tables)
        await eventually(lambda: len(proxy.tables) > tries, "another try")


async def test_ends_with_the_error_of_a_first_table_that_cannot_be_applied(client: Client, tmp_path: Path) -> None:
    proxy = Recording()
    proxy.raises = ZeroDivisionError("by nothing")
    context = ActorContext(
        client, EventRecorder(client, "proxy"), logging.getLogger(), tmp_path, lambda: None, asyncio.Event()
    )

    with pytest.raises(ZeroDivisionError):
        await ProxyLoop(proxy).run(context)

    assert proxy.is_stopped
