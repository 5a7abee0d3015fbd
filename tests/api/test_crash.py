"""SIGKILL at any moment: what was acknowledged is there, once, and watches resume where they were."""

import asyncio
import contextlib
import json
from pathlib import Path

import pytest
from kubernel.client import Client, Unreachable, WatchEvent
from kubernel.objects.models import core, meta
from kubernel.testing import ApiServer, eventually


async def _write_until_killed(client: Client, prefix: str, acknowledged: set[str]) -> None:
    with contextlib.suppress(Unreachable):
        for number in range(10_000):
            name = f"{prefix}-{number}"
            await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name=name)), "default")
            acknowledged.add(name)


@pytest.mark.parametrize("moment_s", [0.05, 0.11, 0.23, 0.41])
async def test_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, moment_s: float) -> None:
    acknowledged: set[str] = set()
    with ApiServer(tmp_path) as server:
        async with server.client() as client:
            writers = [asyncio.ensure_future(_write_until_killed(client, f"w{i}", acknowledged)) for i in range(8)]
            await asyncio.sleep(moment_s)
            await asyncio.to_thread(server.kill)
            await asyncio.gather(*writers)
        await asyncio.to_thread(server.start)

        async with server.client() as client:
            stored = [c.metadata.name for c in (await client.list(core.ConfigMap, "default")).items if c.metadata]

    assert acknowledged
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))


async def test_watch_resumes_across_a_kill_without_gap_or_repeat(tmp_path: Path) -> None:
    with ApiServer(tmp_path) as server:
        async with server.client() as client:
            since = (await client.list(core.ConfigMap)).resource_version
            names = [f"before-{i}" for i in range(20)]
            for name in names:
                await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name=name)), "default")
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        async with server.client() as client:
            await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name="after")), "default")

            events = [event async for event in client.watch(core.ConfigMap, resource_version=since, timeout_s=1)]

    assert _told(events) == [*names, "after"]


def _told(events: list[WatchEvent[core.ConfigMap]]) -> list[str]:
    return [event.object.metadata.name or "" for event in events if event.type == "ADDED" and event.object.metadata]


async def test_term_ends_watches_and_the_process(tmp_path: Path) -> None:
    with ApiServer(tmp_path) as server:
        async with server.client() as client:
            since = (await client.list(core.Pod)).resource_version
            watch = asyncio.ensure_future(_drain(client, since))
            await eventually(lambda: _watchers(client, 1), "the watch is open")

            async with asyncio.timeout(5):
                await asyncio.gather(asyncio.to_thread(server.stop), watch)


async def _drain(client: Client, since: str) -> None:
    async for _ in client.watch(core.Pod, resource_version=since):
        pass


async def _watchers(client: Client, count: int) -> bool:
    metrics = (await client.request("GET", "/metrics", accept="*/*")).body.decode()
    return f'apiserver_longrunning_requests{{resource="pods",verb="WATCH"}} {count}.0' in metrics


async def test_request_log_has_a_json_line_a_request(tmp_path: Path) -> None:
    with ApiServer(tmp_path) as server:
        async with server.client("tester/1") as client:
            await client.list(core.Pod, "default", label_selector="a=b")

    lines = [json.loads(line) for line in (tmp_path / "requests.log").read_text().splitlines()]
    found = next(line for line in lines if line["path"] == "/api/v1/namespaces/default/pods")
    assert (found["method"], found["code"], found["user"]) == ("GET", 200, "system:tester")
    assert "labelSelector=a%3Db" in found["query"]
    assert (tmp_path / "requests.log").stat().st_mode & 0o777 == 0o600
