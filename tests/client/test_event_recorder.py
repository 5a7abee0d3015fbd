"""Events: filed with everything that describes them, counted when repeated, cut down when too many."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kubernel.client import Client, EventRecorder
from kubernel.objects.models import core, meta


class _Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@asynccontextmanager
async def _recording(client: Client, clock: _Clock | None = None) -> AsyncIterator[EventRecorder]:
    recorder = EventRecorder(client, "scheduler", "n1", clock=clock or _Clock())
    running = asyncio.create_task(recorder.run())
    try:
        yield recorder
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _events(client: Client) -> list[core.Event]:
    return (await client.list(core.Event, "default")).items


async def _subject(client: Client) -> core.ConfigMap:
    return await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name="thing", namespace="default")))


async def _flushed(recorder: EventRecorder) -> None:
    await asyncio.wait_for(recorder.flush(), 5)


async def test_event_names_its_object_its_source_and_its_times(client: Client) -> None:
    thing = await _subject(client)
    assert thing.metadata is not None

    async with _recording(client) as recorder:
        recorder.event(thing, "Warning", "Failed", "It did not work.")
        await _flushed(recorder)

    (event,) = await _events(client)
    about, source = event.involvedObject, event.source
    assert (about.kind, about.apiVersion, about.namespace, about.name) == ("ConfigMap", "v1", "default", "thing")
    assert (about.uid, about.resourceVersion) == (thing.metadata.uid, thing.metadata.resourceVersion)
    assert source is not None
    assert (source.component, source.host) == ("scheduler", "n1")
    assert (event.type, event.reason, event.message, event.count) == ("Warning", "Failed", "It did not work.", 1)
    assert event.firstTimestamp == event.lastTimestamp is not None
    assert (event.metadata.name or "").startswith("thing.")


async def test_repeats_become_one_event_with_a_count(client: Client) -> None:
    thing = await _subject(client)

    async with _recording(client) as recorder:
        for _ in range(3):
            recorder.event(thing, "Normal", "Again", "The same.")
        await _flushed(recorder)
        recorder.event(thing, "Normal", "Again", "The same.")
        recorder.event(thing, "Normal", "Again", "Something else.")
        await _flushed(recorder)

    counts = {event.message: event.count for event in await _events(client)}
    assert counts == {"The same.": 4, "Something else.": 1}


async def test_repeat_of_an_event_that_expired_starts_anew(client: Client) -> None:
    thing = await _subject(client)

    async with _recording(client) as recorder:
        recorder.event(thing, "Normal", "Again", "The same.")
        await _flushed(recorder)
        (event,) = await _events(client)
        await client.delete(core.Event, event.metadata.name or "", "default")
        recorder.event(thing, "Normal", "Again", "The same.")
        await _flushed(recorder)

    assert [event.count for event in await _events(client)] == [1]


async def test_flood_about_one_object_is_cut_down(client: Client) -> None:
    thing, clock = await _subject(client), _Clock()

    async with _recording(client, clock) as recorder:
        for number in range(40):
            recorder.event(thing, "Normal", "Flood", f"Number {number}.")
        await _flushed(recorder)
        after_flood = len(await _events(client))
        clock.now_s = 300.0
        recorder.event(thing, "Normal", "Flood", "Five minutes later.")
        recorder.event(thing, "Normal", "Flood", "And another.")
        await _flushed(recorder)

    assert (after_flood, recorder.dropped) == (25, 16)
    assert len(await _events(client)) == 26


async def test_event_about_a_container_names_the_field(client: Client) -> None:
    about = core.ObjectReference(
        kind="Pod", namespace="default", name="p", uid="u", fieldPath="spec.containers{web}", apiVersion="v1"
    )

    async with _recording(client) as recorder:
        recorder.event(about, "Normal", "Started", "Started container web")
        await _flushed(recorder)

    (event,) = await _events(client)
    assert event.involvedObject.fieldPath == "spec.containers{web}"


async def test_event_of_a_cluster_scoped_object_is_in_the_default_namespace(client: Client) -> None:
    node = await client.create(core.Node(metadata=meta.ObjectMeta(name="n1")))

    async with _recording(client) as recorder:
        recorder.event(node, "Normal", "NodeNotReady", "Node n1 status is now: NodeNotReady")
        await _flushed(recorder)

    assert [event.involvedObject.kind for event in await _events(client)] == ["Node"]


async def test_refused_event_is_dropped_and_does_not_hold_the_others_up(client: Client) -> None:
    lost = core.ObjectReference(kind="Pod", namespace="no-such-namespace", name="p", uid="u", apiVersion="v1")
    thing = await _subject(client)

    async with _recording(client) as recorder:
        recorder.event(lost, "Normal", "Lost", "Nobody will read this.")
        recorder.event(thing, "Normal", "Fine", "This one.")
        await _flushed(recorder)

    assert recorder.dropped == 1
    assert [event.reason for event in await _events(client)] == ["Fine"]
