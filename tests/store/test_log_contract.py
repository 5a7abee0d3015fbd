"""What the log promises, on a real SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernel.objects.codec import head
from kubernel.store import ANY_REVISION, Change, Compacted, Entry, Log, Mismatch, Write, open_log, sqlite_url

HEAD = head("v1", "Pod")


def body(name: str, note: str = "") -> bytes:
    return HEAD + b'"annotations":{"note":"%s"},"name":"%s"}}' % (note.encode(), name.encode())


def write(name: str, expected: int = 0, *, note: str = "", is_deletion: bool = False) -> Write:
    return Write(f"pods/default/{name}", expected, body(name, note), len(HEAD), is_deletion, "tester")


def commit(log: Log, *writes: Write) -> list[Entry | Mismatch]:
    outcomes = log.apply(writes)
    log.commit()
    return outcomes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    log = open_log(sqlite_url(path))
    yield log
    log.close()


def test_log_numbers_revisions_in_commit_order(log: Log) -> None:
    outcomes = commit(log, write("a"), write("b")) + commit(log, write("c"))

    assert [o.revision for o in outcomes if isinstance(o, Entry)] == [1, 2, 3]
    assert log.revision == 3


def test_log_splices_the_revision_into_the_object(log: Log) -> None:
    [entry] = commit(log, write("a"))

    assert isinstance(entry, Entry)
    assert entry.data == HEAD + b'"resourceVersion":"1","annotations":{"note":""},"name":"a"}}'


def test_log_refuses_a_name_that_is_taken(log: Log) -> None:
    commit(log, write("a"))

    assert commit(log, write("a")) == [Mismatch("pods/default/a", 1)]


def test_log_refuses_a_stale_revision(log: Log) -> None:
    commit(log, write("a"))
    commit(log, write("a", 1))

    assert commit(log, write("a", 1)) == [Mismatch("pods/default/a", 2)]


def test_log_takes_any_revision_when_told_so(log: Log) -> None:
    commit(log, write("a"))

    [entry] = commit(log, write("a", ANY_REVISION))

    assert isinstance(entry, Entry)
    assert (entry.change, entry.previous) == (Change.MODIFIED, 1)


def test_log_lets_writes_of_one_batch_see_each_other(log: Log) -> None:
    outcomes = commit(log, write("a"), write("a"), write("a", 1), write("a", 2, is_deletion=True), write("a"))

    kinds = [o.change.name if isinstance(o, Entry) else "refused" for o in outcomes]
    assert kinds == ["ADDED", "refused", "MODIFIED", "DELETED", "ADDED"]


def test_log_refuses_to_delete_what_is_not_there(log: Log) -> None:
    assert commit(log, write("a", ANY_REVISION, is_deletion=True)) == [Mismatch("pods/default/a", 0)]


def test_log_forgets_a_batch_that_is_rolled_back(log: Log) -> None:
    log.apply([write("a")])
    log.roll_back()

    [entry] = commit(log, write("a"))

    assert isinstance(entry, Entry)
    assert entry.revision == 1


def test_log_keeps_everything_when_it_is_opened_again(log: Log, path: Path) -> None:
    commit(log, write("a"), write("b"))
    commit(log, write("a", 1, note="new"), write("b", 2, is_deletion=True))
    log.close()

    again = open_log(sqlite_url(path))

    assert again.revision == 4
    assert [(e.key, e.revision) for e in again.objects()] == [("pods/default/a", 3)]
    again.close()


def test_log_lists_objects_by_key(log: Log) -> None:
    commit(log, write("b"), write("a"), write("c"))

    assert [e.key for e in log.objects()] == ["pods/default/a", "pods/default/b", "pods/default/c"]


def test_log_tells_history_after_a_revision(log: Log) -> None:
    commit(log, write("a"), write("b"), write("a", 1, note="x"))

    history = log.history(1)

    assert [(e.revision, e.key, e.change.name, e.actor) for e in history] == [
        (2, "pods/default/b", "ADDED", "tester"),
        (3, "pods/default/a", "MODIFIED", "tester"),
    ]
    assert log.entries([1, 3, 99]).keys() == {1, 3}


def test_log_compacts_history_and_keeps_objects(log: Log) -> None:
    commit(log, write("a"), write("b"))
    for revision in (1, 3, 4):
        commit(log, write("a", revision))

    while log.compact(4):
        pass

    assert log.compacted == 4
    assert [e.revision for e in log.history(4)] == [5]
    assert sorted(e.key for e in log.objects()) == ["pods/default/a", "pods/default/b"]
    assert log.entries([1, 3, 4]).keys() == {4}  # what the first change that is kept replaced
    with pytest.raises(Compacted):
        log.history(3)


def test_log_never_compacts_its_newest_revision(log: Log, path: Path) -> None:
    commit(log, write("a"))
    commit(log, write("a", 1, is_deletion=True))

    log.compact(100)
    log.close()

    again = open_log(sqlite_url(path))
    assert again.revision == 2
    again.close()


def test_log_compacts_step_by_step_what_every_step_passes(log: Log) -> None:
    commit(log, *(write(f"kept-{i}") for i in range(100)))
    for _ in range(30):
        commit(log, *(write(f"busy-{i}", ANY_REVISION) for i in range(100)))
    commit(log, *(write(f"busy-{i}", ANY_REVISION, is_deletion=True) for i in range(50)))
    newest = log.revision

    left = [log.compact(newest)]
    while left[-1]:
        left.append(log.compact(newest))

    assert left == [newest - 1 - 2_000, 0]
    assert len(list(log.objects())) == 150
    assert len(log.entries(range(1, newest + 1))) == 150 + 2  # and the newest, a deletion, with what it replaced


def test_log_finds_the_last_revision_before_a_moment(log: Log) -> None:
    for name in "abcdefg":
        commit(log, write(name))
    moments = [entry.at_ms for entry in log.history(0)]

    assert log.newest_before(moments[0]) == 0
    assert log.newest_before(moments[-1] + 1) == 7
    assert log.newest_before(moments[3]) == sum(moment < moments[3] for moment in moments)


def test_log_finds_moments_in_a_log_with_gaps(log: Log) -> None:
    commit(log, write("a"))
    for revision in range(1, 10):
        commit(log, write("a", revision))
    while log.compact(5):
        pass

    assert log.newest_before(2**62) == 10
    assert log.newest_before(0) == log.compacted
