"""Watches: order, resumption, selections, bounds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernel.objects.kinds import CONFIG_MAP
from kubernel.store import Compacted, Entry
from kubernel.watch import WatcherTooSlow
from kubernel.watch.cache import REPLAYED_AT_ONCE
from kubernel.watch.collection import WINDOW_EVENTS
from kubernel.watch.watcher import MAX_PENDING_EVENTS

from tests.watch.cached import Cached, interest, received, told


@pytest.fixture
def cached(tmp_path: Path) -> Iterator[Cached]:
    cached = Cached(tmp_path / "log.db")
    yield cached
    cached.log.close()


async def test_watch_without_revision_begins_with_what_is_there(cached: Cached) -> None:
    cached.put(("a", "x"), ("b", "x"))

    watcher = await cached.watch(interest(), None)
    cached.put(("c", "x"))

    assert told(await received(watcher)) == [("ADDED", "a"), ("ADDED", "b"), ("ADDED", "c")]


async def test_watch_resumes_after_a_revision(cached: Cached) -> None:
    since = cached.put(("a", "x"))
    cached.put(("a", "y"))
    cached.delete("a")

    watcher = await cached.watch(interest(), since)

    assert told(await received(watcher)) == [("MODIFIED", "a"), ("DELETED", "a")]


async def test_watch_resumes_across_a_restart(cached: Cached) -> None:
    since = cached.put(("a", "x"))
    cached.put(("b", "x"))
    cached.reopen()

    watcher = await cached.watch(interest(), since)

    assert told(await received(watcher)) == [("ADDED", "b")]


async def test_watch_resumes_from_the_log_when_memory_has_forgotten(cached: Cached) -> None:
    since = cached.put(("first", "x"))
    for start in range(0, WINDOW_EVENTS + 200, 100):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 100)))

    watcher = await cached.watch(interest(), since)
    events = await received(watcher)

    revisions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert revisions == list(range(since + 1, cached.log.revision + 1))


async def test_watch_from_a_compacted_revision_is_refused(cached: Cached) -> None:
    for start in range(0, WINDOW_EVENTS + 200, 100):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 100)))
    while cached.log.compact(150):
        pass

    with pytest.raises(Compacted):
        await cached.watch(interest(), 20)


async def test_watch_sees_objects_enter_and_leave_its_selection(cached: Cached) -> None:
    watcher = await cached.watch(interest("team=red"), None)

    for team in ("blue", "red", "red", "blue", "red"):
        cached.put(("a", team))
    cached.delete("a")

    assert told(await received(watcher)) == [
        ("ADDED", "a"),
        ("MODIFIED", "a"),
        ("DELETED", "a"),
        ("ADDED", "a"),
        ("DELETED", "a"),
    ]


async def test_watch_sees_an_object_leave_when_it_resumes_after_a_restart(cached: Cached) -> None:
    since = cached.put(("a", "red"))
    cached.put(("a", "blue"))
    cached.reopen()

    watcher = await cached.watch(interest("team=red"), since)

    assert told(await received(watcher)) == [("DELETED", "a")]


async def test_watchers_of_the_same_things_get_the_same_bytes(cached: Cached) -> None:
    first, second = await cached.watch(interest("team=red"), None), await cached.watch(interest("team=red"), None)

    cached.put(("a", "red"), ("b", "blue"), ("c", "red"))

    assert await first.next(0) is await second.next(0)


async def test_watch_of_one_name_sees_only_that(cached: Cached) -> None:
    watcher = await cached.watch(interest(fields="metadata.name=b"), None)

    cached.put(("a", "x"), ("b", "x"))

    assert told(await received(watcher)) == [("ADDED", "b")]


async def test_watcher_that_falls_behind_is_ended_and_holds_nothing(cached: Cached) -> None:
    watcher = await cached.watch(interest(), None)

    for _ in range(MAX_PENDING_EVENTS // 1_000 + 1):
        cached.put(*((f"p{i}", "x") for i in range(1_000)))

    assert not watcher.has_events
    with pytest.raises(WatcherTooSlow):
        await watcher.next(0)


async def test_watch_begins_with_more_objects_than_a_queue_may_hold(cached: Cached) -> None:
    for start in range(0, MAX_PENDING_EVENTS + 500, 500):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 500)))

    watcher = await cached.watch(interest(), None)
    cached.put(("late", "x"))

    assert len(await received(watcher)) == MAX_PENDING_EVENTS + 501


async def test_closed_watcher_gets_nothing_more(cached: Cached) -> None:
    watcher = await cached.watch(interest(), None)
    watcher.close()

    cached.put(("a", "x"))

    assert await watcher.next(0) == b""
    assert cached.cache.collection(CONFIG_MAP).watchers == 0


async def test_silent_watch_returns_nothing_when_its_time_is_over(cached: Cached) -> None:
    watcher = await cached.watch(interest(), None)

    assert await watcher.next(0.01) == b""


async def test_list_goes_on_after_a_place(cached: Cached) -> None:
    cached.put(*((name, "x") for name in "abcde"))

    page = cached.cache.collection(CONFIG_MAP).look(interest(), after=("default", "b"))
    names = [record.name for record in page.records]

    assert names == ["c", "d", "e"]


async def test_watch_from_far_back_reads_the_log_as_its_client_takes_it(
    cached: Cached, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = cached.put(("first", "x"))
    for start in range(0, WINDOW_EVENTS + 2_000, 100):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 100)))
    read: list[int] = []
    history = cached.log.history

    def noted(after: int, **options: Any) -> list[Entry]:
        entries = history(after, **options)
        read.append(len(entries))
        return entries

    monkeypatch.setattr(cached.log, "history", noted)
    watcher = await cached.watch(interest(), since)
    before = list(read)
    first = [await watcher.next(0) for _ in range(2)]
    early = list(read)
    rest = await received(watcher)

    assert before == []
    assert 0 < sum(early) <= 2 * REPLAYED_AT_ONCE
    assert max(read) == REPLAYED_AT_ONCE
    events = [json.loads(line) for chunk in first for line in chunk.splitlines()] + rest
    revisions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert revisions == list(range(since + 1, cached.log.revision + 1))


async def test_watch_from_far_back_goes_on_with_what_happens_meanwhile(cached: Cached) -> None:
    since = cached.put(("first", "x"))
    for start in range(0, WINDOW_EVENTS + 1_000, 100):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 100)))

    watcher = await cached.watch(interest(), since)
    chunk = await watcher.next(0)
    for start in range(0, WINDOW_EVENTS, 100):  # memory forgets all that the watch has not been told
        cached.put(*((f"q{i}", "x") for i in range(start, start + 100)))
    events = [json.loads(line) for line in chunk.splitlines()] + await received(watcher)

    revisions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert revisions == list(range(since + 1, cached.log.revision + 1))


async def test_watch_whose_client_is_slower_than_compaction_is_told(cached: Cached) -> None:
    since = cached.put(("first", "x"))
    for start in range(0, WINDOW_EVENTS + 2_000, 100):
        cached.put(*((f"p{i}", "x") for i in range(start, start + 100)))

    watcher = await cached.watch(interest(), since)
    await watcher.next(0)
    while cached.log.compact(1_500):
        pass

    with pytest.raises(Compacted):
        await received(watcher)
