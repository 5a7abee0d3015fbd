"""A container's state in a file, ``record.json`` in its directory, replaced atomically at each change.

The shim writes, the runtime reads, at any moment and also after the shim died. Nothing is synced to the disk: a
record speaks of processes, and they do not outlive the machine either.
"""

import json
import signal
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

__all__ = ["RECORD", "ContainerRecord", "as_killed", "as_never_run", "read_record", "write_record"]

RECORD = "record.json"
_CANNOT_RUN = 128
"""What Kubernetes shows for a container whose program could not be started."""
_KILLED = 128 + signal.SIGKILL


@dataclass(frozen=True, slots=True)
class ContainerRecord:
    """One container.

    Attributes:
        id, name, attempt, image, image_id: From its start; ``name`` and ``attempt`` are in the id too.
        pid: Of its first process, as the machine counts; 0 before the fork.
        started_at, finished_at: Unix time in seconds; 0 until it happened.
        exit_code: 128 + n when signal n ended it; meaningful once ``finished_at`` is set.
        reason, message: As in ``ContainerStatus``.
    """

    id: str
    name: str
    attempt: int
    image: str
    image_id: str
    pid: int = 0
    started_at: float = 0.0
    finished_at: float = 0.0
    exit_code: int = 0
    reason: str = ""
    message: str = ""


def as_never_run(record: ContainerRecord, why: str) -> ContainerRecord:
    """Return the record of a container whose program could not be started."""
    now = time.time()
    return replace(
        record,
        started_at=now,
        finished_at=now,
        exit_code=_CANNOT_RUN,
        reason="ContainerCannotRun",
        message=why,
    )


def as_killed(record: ContainerRecord, why: str) -> ContainerRecord:
    """Return the record of a container that was killed with nobody there to see it."""
    return replace(record, finished_at=time.time(), exit_code=_KILLED, reason="Error", message=why)


def read_record(directory: Path) -> ContainerRecord | None:
    """Return the container's record, or ``None`` when there is none (its start was cut off by a crash)."""
    try:
        return ContainerRecord(**json.loads((directory / RECORD).read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_record(directory: Path, record: ContainerRecord) -> None:
    """Replace the container's record."""
    fresh = directory / f".{RECORD}"
    fresh.write_text(json.dumps(asdict(record)))
    fresh.replace(directory / RECORD)
