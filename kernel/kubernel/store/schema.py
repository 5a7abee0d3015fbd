"""The tables. Alembic owns their history (``migrations/``); a test asserts that both say the same."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

__all__ = ["HEAD", "current", "log", "metadata", "state"]

HEAD = "0002"
"""The newest migration. Kept here so that a start on an up-to-date database need not import Alembic."""

metadata = MetaData()

log = Table(
    "log",
    metadata,
    # SQLite has only one 64-bit integer that can be the row's own id, and it is spelled INTEGER.
    Column("revision", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("change", SmallInteger, nullable=False),
    Column("previous", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("owners", Text, nullable=False, server_default=""),
)
"""Every revision that is kept, in commit order."""

current = Table(
    "current",
    metadata,
    Column("key", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The revision of each object that exists now."""

state = Table(
    "state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""Named numbers; now only ``compacted``, the last revision whose history is gone."""
