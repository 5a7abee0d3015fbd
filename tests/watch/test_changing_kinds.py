"""Kinds that come, change and go while the cache runs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kubernel.objects.kinds import BUILTIN, CONFIG_MAP

from tests.watch.cached import Cached, interest


@pytest.fixture
def cached(tmp_path: Path) -> Iterator[Cached]:
    """Yield a cache over an empty log."""
    cached = Cached(tmp_path / "log.db")
    yield cached
    cached.log.close()


def test_kind_that_comes_later_finds_its_objects(cached: Cached) -> None:
    cached.put(("a", "red"))
    cached.reopen([kind for kind in BUILTIN if kind is not CONFIG_MAP])
    cached.put(("b", "red"))

    assert "configmaps" not in [resource for resource, _, _ in cached.cache.sizes()]
    cached.registry.add(CONFIG_MAP)

    assert cached.names(interest("team=red")) == ["a", "b"]


async def test_kind_that_comes_later_can_be_watched_from_before(cached: Cached) -> None:
    before = cached.put(("a", "red"))
    cached.reopen([kind for kind in BUILTIN if kind is not CONFIG_MAP])
    cached.put(("b", "red"))
    cached.registry.add(CONFIG_MAP)

    watcher = await cached.watch(interest(), before)

    assert b'"name":"b"' in await watcher.next(0)


async def test_watch_ends_when_its_kind_changes(cached: Cached) -> None:
    cached.put(("a", "red"))
    watcher = await cached.watch(interest(), None)
    changed = replace(CONFIG_MAP, selectable={"data.size": lambda obj: str(len(obj.data or {}))})

    cached.registry.replace([CONFIG_MAP], [changed])

    assert watcher.closed
    record = cached.cache.collection(changed).get("default", "a")
    assert record is not None
    assert record.fields["data.size"] == "0"


async def test_watch_ends_when_its_kind_goes(cached: Cached) -> None:
    watcher = await cached.watch(interest(), None)

    cached.registry.remove(CONFIG_MAP)

    assert watcher.closed
