"""Group commit: shared transactions, published before answered, nothing half done."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from kubernel.objects.codec import head
from kubernel.store import Entry, GroupCommit, Log, Mismatch, StoreUnavailable, Write, open_log, sqlite_url
from kubernel.store.compaction import Compactor, Retention

HEAD = head("v1", "Pod")


def write(name: str, expected: int = 0) -> Write:
    return Write(f"pods/default/{name}", expected, HEAD + b'"name":"%s"}}' % name.encode(), len(HEAD))


class Feed:
    """Remembers what was published, commit by commit."""

    def __init__(self) -> None:
        self.commits: list[list[Entry]] = []

    def publish(self, entries: Sequence[Entry]) -> None:
        self.commits.append(list(entries))

    @property
    def revisions(self) -> list[int]:
        return [entry.revision for commit in self.commits for entry in commit]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return open_log(sqlite_url(tmp_path / "log.db"))


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
async def commit(log: Log, feed: Feed) -> AsyncIterator[GroupCommit]:
    commit = GroupCommit(log, feed.publish)
    commit.start()
    yield commit
    await commit.stop()
    log.close()


async def test_group_commit_shares_transactions_among_waiting_writes(commit: GroupCommit, feed: Feed) -> None:
    outcomes = await asyncio.gather(*(commit.write(write(f"p{i}")) for i in range(300)))

    assert sorted(o.revision for o in outcomes if isinstance(o, Entry)) == list(range(1, 301))
    assert feed.revisions == list(range(1, 301))
    assert len(feed.commits) < 30


async def test_group_commit_publishes_before_it_answers(commit: GroupCommit, feed: Feed) -> None:
    outcome = await commit.write(write("a"))

    assert isinstance(outcome, Entry)
    assert feed.revisions == [outcome.revision]


async def test_group_commit_lets_one_of_many_creators_win(commit: GroupCommit) -> None:
    outcomes = await asyncio.gather(*(commit.write(write("same")) for _ in range(50)))

    assert sum(isinstance(o, Entry) for o in outcomes) == 1
    assert sum(isinstance(o, Mismatch) for o in outcomes) == 49


async def test_group_commit_gathers_writers_that_come_back_one_by_one(commit: GroupCommit, feed: Feed) -> None:
    async def writer(number: int) -> None:
        for turn in range(20):
            for _ in range(number):  # they come back at different turns of the loop
                await asyncio.sleep(0)
            await commit.write(write(f"w{number}-{turn}"))

    await asyncio.gather(*(writer(number) for number in range(16)))

    assert feed.revisions == list(range(1, 321))
    assert len(feed.commits) <= 60


async def test_group_commit_does_not_wait_for_company_that_left(commit: GroupCommit, feed: Feed) -> None:
    await asyncio.gather(*(commit.write(write(f"p{i}")) for i in range(50)))

    async with asyncio.timeout(1):
        for i in range(20):
            await commit.write(write(f"alone-{i}"))

    assert len(feed.commits) == 21


async def test_group_commit_goes_on_when_a_client_hung_up(commit: GroupCommit) -> None:
    abandoned = asyncio.ensure_future(commit.write(write("a")))
    await asyncio.sleep(0)
    abandoned.cancel()

    assert isinstance(await commit.write(write("b")), Entry)


async def test_group_commit_commits_what_waits_when_it_stops(log: Log, feed: Feed) -> None:
    commit = GroupCommit(log, feed.publish)
    commit.start()
    waiting = asyncio.ensure_future(commit.write(write("last")))
    await asyncio.sleep(0)

    await commit.stop()

    assert isinstance(await waiting, Entry)
    with pytest.raises(StoreUnavailable):
        await commit.write(write("too late"))
    log.close()


async def test_group_commit_whose_commits_cannot_be_published_lets_nobody_wait(log: Log) -> None:
    def fail(_entries: Sequence[Entry]) -> None:
        raise ValueError("no place for it")

    commit = GroupCommit(log, fail)
    commit.start()

    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable):
            await commit.write(write("a"))
        with pytest.raises(StoreUnavailable):
            await commit.write(write("b"))

    assert not commit.is_running
    await commit.stop()
    log.close()


async def test_group_commit_lets_other_work_at_the_log_only_between_batches(
    commit: GroupCommit, log: Log, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubernel.store.commit.SLOW_SYNC_S", 0.0)  # every batch stays open while a thread waits
    for i in range(1, 31):
        first = asyncio.ensure_future(commit.write(write(f"a{i}")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # its batch is open now, unless the disk was quicker
        # A transaction inside another one is refused by the database, and undoes the one that it is in.
        compaction = asyncio.ensure_future(commit.between_batches(partial(Log.compact, until=i)))
        second = asyncio.ensure_future(commit.write(write(f"b{i}")))
        await asyncio.gather(first, compaction, second)

    assert log.compacted == 30
    assert feed.revisions == list(range(1, 61))


async def test_compactor_keeps_the_newest_revisions_however_old(commit: GroupCommit, log: Log) -> None:
    for i in range(20):
        await commit.write(write(f"p{i}"))
    compactor = Compactor(log, commit, Retention(age_s=0, least=5, most=100))

    assert compactor.target(now_ms=2**60) == 15


async def test_compactor_never_keeps_more_than_the_most(commit: GroupCommit, log: Log) -> None:
    for i in range(20):
        await commit.write(write(f"p{i}"))
    compactor = Compactor(log, commit, Retention(age_s=3600, least=5, most=8))

    target = compactor.target(now_ms=0)
    await compactor.compact(target)

    assert target == 12
    assert log.compacted == 12
