"""The log on SQLAlchemy Core: append a batch, read what is current, read what happened, forget what is old.

`Log` is synchronous and belongs to one thread at a time; `GroupCommit` is what requests use. A batch is checked
against the index (one SELECT), appended (one INSERT of many rows), indexed (one upsert, one DELETE) and then
committed; the revision numbers are consecutive and in commit order.
"""

from collections.abc import Iterator, Sequence
from time import time_ns
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from kubernel.objects.codec import with_revision
from kubernel.store.entries import ANY_REVISION, Change, Compacted, Entry, Mismatch, Outcome, StoreUnavailable, Write
from kubernel.store.schema import current, log, state
from kubernel.store.statements import Statements

__all__ = ["Log"]

_ENTRY = tuple(log.c)
_COMPACT_CHUNK = 2_000
_LOOKUP_CHUNK = 500


def _entry(row: Sequence[Any]) -> Entry:
    revision, key, change, previous, at_ms, actor, data, owners = row
    return Entry(revision, key, Change(change), previous, at_ms, actor, data, owners)


def _is_of(resource: str) -> ColumnElement[bool]:
    return log.c.key.startswith(f"{resource}/", autoescape=True)


class Log:
    """The append-only log of one database.

    `apply` and `commit` are two steps on purpose: the first is work for the processor, the second waits for
    the disk and may run in another thread meanwhile.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect()
        self._begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
        # The newest row is never compacted, so the log itself says how far it is.
        self._revision = int(self._connection.execute(select(func.max(log.c.revision))).scalar_one() or 0)
        compacted = select(state.c.value).where(state.c.name == "compacted")
        self._compacted = int(self._connection.execute(compacted).scalar_one())
        self._applied = self._revision
        self._statements = Statements(engine)
        self._raw: Any = self._connection.connection.dbapi_connection
        self._refusal: type[Exception] = engine.dialect.loaded_dbapi.Error

    @property
    def revision(self) -> int:
        """The last committed revision; 0 for an empty log."""
        return self._revision

    @property
    def compacted(self) -> int:
        """The last revision whose history is gone; 0 when nothing was compacted."""
        return self._compacted

    def apply(self, writes: Sequence[Write]) -> list[Outcome]:
        """Begin a transaction and append what passes its check; `commit` or `roll_back` must follow.

        Returns:
            One outcome a write, in order. Writes of one batch see each other.

        Raises:
            StoreUnavailable: The database refused; it is rolled back already.
        """
        try:
            cursor = self._raw.cursor()
            cursor.execute(self._begin)
            revisions = self._statements.revisions(cursor, {write.key for write in writes})
            outcomes = self._decide(writes, revisions)
            if entries := [outcome for outcome in outcomes if isinstance(outcome, Entry)]:
                self._statements.append(cursor, entries, revisions)
        except self._refusal as error:
            self.roll_back()
            raise StoreUnavailable(f"the log cannot be written: {error}") from error
        return outcomes

    def _decide(self, writes: Sequence[Write], revisions: dict[str, int]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        revision, at_ms = self._revision, time_ns() // 1_000_000
        for write in writes:
            before = revisions.get(write.key, 0)
            if write.expected not in (before, ANY_REVISION) or (write.is_deletion and not before):
                outcomes.append(Mismatch(write.key, before))
                continue
            revision += 1
            if write.is_deletion:
                change, revisions[write.key] = Change.DELETED, 0
            else:
                change, revisions[write.key] = Change.MODIFIED if before else Change.ADDED, revision
            data = with_revision(write.body, write.head_length, revision)
            outcomes.append(Entry(revision, write.key, change, before, at_ms, write.actor, data, write.owners))
        self._applied = revision
        return outcomes

    def commit(self) -> None:
        """Make the applied batch durable; returns when it is on the disk.

        Raises:
            StoreUnavailable: It is not, and nothing of the batch happened.
        """
        try:
            self._raw.cursor().execute("COMMIT")
        except self._refusal as error:
            self.roll_back()
            raise StoreUnavailable(f"the log cannot be written: {error}") from error
        self._revision = self._applied

    def roll_back(self) -> None:
        """Undo an applied batch that was not committed; nothing happens without one."""
        self._applied = self._revision
        self._raw.rollback()

    def objects(self) -> Iterator[Entry]:
        """Yield the newest entry of every object that exists, in the order of their keys."""
        statement = select(*_ENTRY).join(current, current.c.revision == log.c.revision).order_by(current.c.key)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1_000).execute(statement):
                yield _entry(row)

    def history(
        self, after: int, *, until: int | None = None, limit: int | None = None, resource: str = ""
    ) -> list[Entry]:
        """Return the revisions after one, oldest first.

        Args:
            after: The revision.
            until: The last one that is wanted; ``None`` goes to the newest.
            limit: At most so many.
            resource: Only objects whose keys begin with it; empty for all.

        Raises:
            Compacted: Some of them are no longer kept.
        """
        if after < self._compacted:
            raise Compacted(after, self._compacted)
        statement = select(*_ENTRY).where(log.c.revision > after).order_by(log.c.revision)
        if until is not None:
            statement = statement.where(log.c.revision <= until)
        if resource:
            statement = statement.where(_is_of(resource))
        if limit is not None:
            statement = statement.limit(limit)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(statement)]

    def before(self, resource: str, after: int, until: int) -> dict[str, Entry | None]:
        """Return what the objects of a resource that changed after a revision were at it.

        Args:
            resource: What their keys begin with.
            after: The revision.
            until: The last one whose changes are looked at.

        Returns:
            By key; ``None`` for an object that was not there.

        Raises:
            Compacted: That revision is no longer kept.
        """
        if after < self._compacted:
            raise Compacted(after, self._compacted)
        first = select(func.min(log.c.revision)).where(log.c.revision.between(after + 1, until), _is_of(resource))
        first = first.group_by(log.c.key)
        with self._engine.connect() as connection:
            statement = select(log.c.key, log.c.previous).where(log.c.revision.in_(first))
            previous: dict[str, int] = dict(connection.execute(statement).all())
        entries = self.entries([revision for revision in previous.values() if revision])
        if after < self._compacted:  # meanwhile: what is missing may be gone, or may never have been
            raise Compacted(after, self._compacted)
        return {key: entries.get(revision) for key, revision in previous.items()}

    def entries(self, revisions: Sequence[int]) -> dict[int, Entry]:
        """Return those of the revisions that are kept, by number."""
        found: dict[int, Entry] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(revisions), _LOOKUP_CHUNK):
                chunk = revisions[start : start + _LOOKUP_CHUNK]
                for row in connection.execute(select(*_ENTRY).where(log.c.revision.in_(chunk))):
                    found[row[0]] = _entry(row)
        return found

    def newest_before(self, at_ms: int) -> int:
        """Return the last kept revision committed before a moment; 0 when there is none.

        Revisions are in the order of time, so this is a binary search: some twenty reads, however long the log is.
        """
        low, high = self._compacted, self._revision
        statement = select(log.c.revision, log.c.at_ms).order_by(log.c.revision).limit(1)
        with self._engine.connect() as connection:
            while low < high:
                middle = (low + high) // 2 + 1
                found = connection.execute(statement.where(log.c.revision >= middle)).one_or_none()
                if found is not None and found[1] < at_ms:
                    low = found[0]
                else:
                    high = middle - 1
        return low

    def compact(self, until: int) -> int:
        """Forget some of the history up to and including a revision; objects that exist stay.

        One bounded step in a transaction of its own: call again until it returns 0, between batches. Each revision
        knows the one that it replaced, so a step reads only the revisions that it passes, whatever lies before them.

        Returns:
            How many revisions are still to be passed.

        Raises:
            StoreUnavailable: The database refused; nothing changed.
        """
        until = min(until, self._revision - 1)
        first, last = self._compacted, min(until, self._compacted + _COMPACT_CHUNK)
        if last <= first:
            return 0
        passed = log.c.revision.between(first + 1, last)
        replaced = select(log.c.previous).where(passed, log.c.previous > 0)
        try:
            self._connection.exec_driver_sql(self._begin)
            self._connection.execute(delete(log).where(log.c.revision.in_(replaced)))
            self._connection.execute(delete(log).where(passed, log.c.change == Change.DELETED))
            self._connection.execute(update(state).where(state.c.name == "compacted").values(value=last))
            self._connection.exec_driver_sql("COMMIT")
        except DBAPIError as error:
            self.roll_back()
            raise StoreUnavailable(f"the log cannot be compacted: {error.orig}") from error
        self._compacted = last
        return until - last

    def close(self) -> None:
        """Close every connection; an applied batch that was not committed is undone."""
        self._connection.close()
        self._engine.dispose()
