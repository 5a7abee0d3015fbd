"""The board: what runs now, in a file, for whoever looks from outside without asking the API."""

from pathlib import Path

import msgspec

from kubernel.cluster.state.datadir import write_private

__all__ = ["Board", "ComponentStatus", "read_board", "write_board"]


class ComponentStatus(msgspec.Struct, frozen=True):
    """One component.

    Attributes:
        name: ``api``, ``supervisor``, ``zygote`` or the name of a Plugin object.
        pid: Its process; ``None`` when there is none at the moment.
        phase: ``Pending``, ``Running`` or ``Failed``.
        is_ready: Whether it does its work.
        restarts: How often it was started again.
        driver: The plugin that serves, for a Plugin object.
        message: What is wrong; empty when nothing is.
    """

    name: str
    pid: int | None
    phase: str
    is_ready: bool
    restarts: int = 0
    driver: str = ""
    message: str = ""


class Board(msgspec.Struct, frozen=True):
    """All components of a running cluster, and where its API is."""

    url: str
    is_ready: bool
    components: tuple[ComponentStatus, ...]


def write_board(path: Path, board: Board) -> None:
    """Replace the file."""
    write_private(path, msgspec.json.encode(board), durable=False)


def read_board(path: Path) -> Board | None:
    """Return what was written last, or ``None`` when there is nothing to read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Board)
    except (OSError, msgspec.DecodeError):
        return None
