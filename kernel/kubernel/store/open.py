"""Opening a database: connection settings, its schema brought up to date, a newer one refused."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from kubernel.store.entries import NewerData, StoreUnavailable
from kubernel.store.log import Log
from kubernel.store.schema import HEAD, metadata, state

__all__ = ["engine_for", "open_log", "sqlite_url"]

_BUSY_TIMEOUT_MS = 5_000
_CACHE_KIB = 16_384
_CHECKPOINT_PAGES = 4_000  # 16 MiB of write-ahead log between checkpoints: few enough to stay off the hot path


def sqlite_url(path: Path) -> str:
    """Return SQLAlchemy's address of a SQLite file."""
    return f"sqlite:///{path}"


def engine_for(url: str) -> Engine:
    """Return an engine with our settings; the caller disposes of it.

    SQLite: write-ahead log, ``synchronous=FULL`` (a commit is on the disk before it is acknowledged), and explicit
    transactions, because the driver's implicit ones would begin at the first INSERT and not at ours.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, isolation_level="AUTOCOMMIT")
    # The event loop writes and a thread waits for the sync: one connection, used by one thread at a time.
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"cache_size = -{_CACHE_KIB}",
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def open_log(url: str) -> Log:
    """Open the log, creating or migrating its tables.

    Args:
        url: SQLAlchemy's address, such as `sqlite_url` returns.

    Raises:
        NewerData: A newer release wrote this database.
        StoreUnavailable: It cannot be opened or written; the message names the reason.
    """
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            _bring_up_to_date(engine, connection)
        return Log(engine)
    except DBAPIError as error:
        engine.dispose()
        raise StoreUnavailable(f"cannot open the database {engine.url.render_as_string()}: {error.orig}") from error
    except BaseException:
        engine.dispose()
        raise


def _bring_up_to_date(engine: Engine, connection: Connection) -> None:
    if not inspect(connection).has_table("alembic_version"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN")
        metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
        connection.execute(state.insert(), [{"name": "compacted", "value": 0}])
        connection.exec_driver_sql("COMMIT")
        return
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found == HEAD:
        connection.execute(select(state.c.value).limit(1))
        return
    # Alembic takes 0.4 s to import; only a database that needs it pays.
    from kubernel.store.migrate import knows, upgrade  # noqa: PLC0415

    if found is not None and not knows(found):
        raise NewerData(
            f"the database {engine.url.render_as_string()} has schema {found}, this release knows up to {HEAD}; "
            "start the newer release that wrote it, or use another data directory"
        )
    upgrade(connection)
