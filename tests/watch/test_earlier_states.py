"""What was there at an earlier revision: selected from the cache and the log as if it were now."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernel.objects.kinds import CONFIG_MAP
from kubernel.store import Compacted
from kubernel.watch import Interest, Place, Record

from tests.watch.cached import Cached, interest

NAMES, TEAMS = st.sampled_from("abcd"), st.sampled_from(["red", "blue"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.tuples(NAMES, TEAMS), min_size=1, max_size=4)),
        st.tuples(st.just("delete"), NAMES),
        st.tuples(st.just("restart"), st.integers(0, 30)),
    ),
    max_size=20,
)


async def _seen(cached: Cached, revision: int, labels: str = "") -> list[str]:
    """Return names and revisions of what was there."""
    earlier = await cached.cache.earlier(CONFIG_MAP, revision)
    return _told(cached, interest(labels), earlier)


def _told(cached: Cached, selection: Interest, earlier: Mapping[Place, Record | None]) -> list[str]:
    records = cached.cache.collection(CONFIG_MAP).look(selection, earlier=earlier).records
    return [f"{record.name}@{record.revision}" for record in records if selection.sees(record)]


def _now(cached: Cached, labels: str = "") -> list[str]:
    return _told(cached, interest(labels), {})


async def _run(steps: list, path: Path) -> None:
    cached, pasts = Cached(path), dict[int, tuple[list[str], list[str]]]()
    for step in steps:
        match step:
            case ("put", named):
                cached.put(*named)
            case ("delete", name) if name in cached.names(interest()):
                cached.delete(name)
            case ("restart", back):
                cached.log.compact(cached.log.revision - back)
                cached.reopen()
        pasts[cached.log.revision] = (_now(cached), _now(cached, "team=red"))
    for revision, (everything, red) in pasts.items():
        if revision >= cached.log.compacted:
            assert await _seen(cached, revision) == everything
            assert await _seen(cached, revision, "team=red") == red
    cached.log.close()


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_every_kept_revision_can_be_seen_as_it_was(steps: list) -> None:
    with TemporaryDirectory() as directory:
        asyncio.run(_run(steps, Path(directory) / "log.db"))


@pytest.fixture
def cached(tmp_path: Path) -> Iterator[Cached]:
    """Yield a cache over an empty log."""
    cached = Cached(tmp_path / "log.db")
    yield cached
    cached.log.close()


async def test_revision_older_than_the_memory_is_read_from_the_log(cached: Cached) -> None:
    first = cached.put(("a", "red"), ("b", "red"))
    cached.delete("a")
    for _ in range(5):
        cached.put(*(("b", "blue") for _ in range(1_000)))

    assert cached.cache.collection(CONFIG_MAP).floor > first
    assert await _seen(cached, first, "team=red") == [f"a@{first - 1}", f"b@{first}"]


async def test_compacted_revision_cannot_be_seen(cached: Cached) -> None:
    first = cached.put(("a", "red"))
    newest = cached.put(("a", "blue"), ("b", "red"))
    cached.log.compact(newest)
    cached.reopen()

    with pytest.raises(Compacted):
        await cached.cache.earlier(CONFIG_MAP, first)


async def test_look_goes_only_where_a_name_is(cached: Cached) -> None:
    cached.put(*((name, "red") for name in "abc"))
    collection, named = cached.cache.collection(CONFIG_MAP), interest(fields="metadata.name=b", namespace="default")

    assert [record.name for record in collection.look(named).records] == ["b"]
    assert collection.look(named, after=("default", "b")).records == []
    assert collection.look(interest(fields="metadata.name=x", namespace="default")).records == []


async def test_look_knows_how_much_it_leaves(cached: Cached) -> None:
    cached.put(("a", "red"), ("b", "blue"), ("c", "red"), ("d", "blue"))
    collection = cached.cache.collection(CONFIG_MAP)

    pages = [collection.look(interest(), limit=limit) for limit in (1, 4, 9)]
    selective = collection.look(interest("team=red"), limit=1)

    assert [(len(page.records), page.rest) for page in pages] == [(1, 3), (4, 0), (4, 0)]
    assert (len(selective.records), selective.rest) == (4, 0)
