"""The schema's history says the same as the schema; older databases are brought up, newer ones refused."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from kubernel.store import NewerData, StoreUnavailable, open_log, sqlite_url
from kubernel.store.migrate import script_location, upgrade
from kubernel.store.open import engine_for
from kubernel.store.schema import HEAD, metadata
from sqlalchemy import text


def test_migrations_end_where_the_schema_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(script_location()))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    engine = engine_for(sqlite_url(tmp_path / "log.db"))
    with engine.connect() as connection:
        upgrade(connection)

        difference = compare_metadata(MigrationContext.configure(connection), metadata)

    engine.dispose()
    assert difference == []


def test_migrations_make_a_database_that_opens(tmp_path: Path) -> None:
    engine = engine_for(sqlite_url(tmp_path / "log.db"))
    with engine.connect() as connection:
        upgrade(connection)
    engine.dispose()

    log = open_log(sqlite_url(tmp_path / "log.db"))

    assert (log.revision, log.compacted) == (0, 0)
    log.close()


def test_open_refuses_a_database_of_a_newer_release(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "log.db")
    open_log(url).close()
    engine = engine_for(url)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(NewerData, match="has schema 9999, this release knows up to"):
        open_log(url)


def test_open_names_the_file_that_it_cannot_open(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"absent/log\.db"):
        open_log(sqlite_url(tmp_path / "absent" / "log.db"))


def test_open_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database" * 100)

    with pytest.raises(StoreUnavailable, match="not a database"):
        open_log(sqlite_url(tmp_path / "log.db"))


def test_owners_are_added_to_a_database_that_the_previous_release_goes_on_writing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "log.db")
    engine = engine_for(url)
    insert = text("INSERT INTO log VALUES (:revision, 'configmaps/a/b', 0, 0, 0, 'someone', x'7b7d')")
    named = text(
        "INSERT INTO log (revision, key, change, previous, at_ms, actor, data)"
        " VALUES (2, 'configmaps/a/c', 0, 0, 0, 'someone', x'7b7d')"
    )
    with engine.connect() as connection:
        upgrade(connection, "0001")
        connection.execute(insert, {"revision": 1})
        upgrade(connection)
        connection.execute(named)
    engine.dispose()

    log = open_log(url)

    assert [entry.owners for entry in log.history(0)] == ["", ""]
    log.close()
