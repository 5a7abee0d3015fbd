"""Alembic: the schema's history, run on a database that an older release wrote."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

__all__ = ["knows", "script_location", "upgrade"]


def script_location() -> Path:
    """Return the folder of the migrations: inside the installed wheel, or at the top of a checkout."""
    inside = Path(__file__).parents[1] / "migrations"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    config.attributes["connection"] = connection
    return config


def knows(version: str) -> bool:
    """Whether this release has the migration that a database says it is at."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(version) is not None
    except CommandError:
        return False


def upgrade(connection: Connection, to: str = "head") -> None:
    """Apply every migration that is missing; each is a transaction of its own and safe to interrupt.

    Args:
        connection: The database.
        to: The last one to apply; only a test stops before the newest.
    """
    command.upgrade(_config(connection), to)
