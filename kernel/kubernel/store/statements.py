"""The four statements of a commit, built with SQLAlchemy Core once and run on the driver's own cursor.

Core's execution costs about 35 µs a statement, whatever the statement does; a commit of one write has four of them, and
its rows cost 5 µs each. So Core writes the SQL for the dialect, and the cursor runs it. Nothing else in the store does.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import msgspec
from sqlalchemy import Engine, Executable, bindparam, delete, func, insert, select

from kubernel.store.entries import Entry
from kubernel.store.schema import current, log

__all__ = ["Statements"]


class _Prepared:
    """One statement.

    Args:
        statement: Its parameters are ``names``, in any order.
        names: The parameters in the order in which the rows have them.
        engine: Whose dialect it is for.
    """

    def __init__(self, statement: Executable, names: Sequence[str], engine: Engine) -> None:
        compiled: Any = statement.compile(dialect=engine.dialect)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        order: list[str] | None = compiled.positiontup
        if order is not None and order != list(names):
            raise ValueError(f"{self.sql}: its parameters are {order}, not {list(names)}")
        self._names = names if order is None else None

    def row(self, row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a tuple or a dict, as the driver wants
        """Return one row of parameters in the form that the driver takes."""
        return row if self._names is None else dict(zip(self._names, row, strict=True))

    def run(self, cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:  # noqa: ANN401 - a DBAPI cursor
        """Execute it for each row."""
        cursor.executemany(self.sql, rows if self._names is None else [self.row(row) for row in rows])


class Statements:
    """What a commit executes; every method takes a DBAPI cursor inside a transaction."""

    def __init__(self, engine: Engine) -> None:
        is_sqlite = engine.dialect.name == "sqlite"
        # One dialect is enough: that of PostgreSQL takes 12 ms to import.
        dialect = import_module(f"sqlalchemy.dialects.{'sqlite' if is_sqlite else 'postgresql'}")
        upsert: Any = dialect.insert(current)
        upsert = upsert.on_conflict_do_update(
            index_elements=[current.c.key], set_={"revision": upsert.excluded.revision}
        )
        keys: Any = bindparam("keys")
        among = (
            current.c.key.in_(select(func.json_each(keys).table_valued("value").c.value))
            if is_sqlite
            else current.c.key == func.any(keys)
        )
        self._find = _Prepared(select(current.c.key, current.c.revision).where(among), ["keys"], engine)
        self._append = _Prepared(insert(log), [column.name for column in log.c], engine)
        self._index = _Prepared(upsert, ["key", "revision"], engine)
        self._unindex = _Prepared(delete(current).where(current.c.key == bindparam("key")), ["key"], engine)
        self._keys_as = _json_list if is_sqlite else list

    def revisions(self, cursor: Any, keys: set[str]) -> dict[str, int]:  # noqa: ANN401
        """Return the current revisions of those keys that exist."""
        cursor.execute(self._find.sql, self._find.row((self._keys_as(keys),)))
        return dict(cursor.fetchall())

    def append(self, cursor: Any, entries: Sequence[Entry], revisions: dict[str, int]) -> None:  # noqa: ANN401
        """Append the entries and bring the index up to date.

        Args:
            cursor: Of the writing connection.
            entries: At least one.
            revisions: What is current afterwards, by key; 0 for what is gone.
        """
        self._append.run(cursor, entries)
        touched = {entry.key for entry in entries}
        if kept := [(key, revisions[key]) for key in touched if revisions[key]]:
            self._index.run(cursor, kept)
        if gone := [(key,) for key in touched if not revisions[key]]:
            self._unindex.run(cursor, gone)


def _json_list(keys: set[str]) -> str:
    return msgspec.json.encode(list(keys)).decode()
