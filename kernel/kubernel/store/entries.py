"""The values that go into the log and come out of it, and what can go wrong."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

__all__ = [
    "ANY_REVISION",
    "Change",
    "Compacted",
    "Entry",
    "Mismatch",
    "NewerData",
    "Outcome",
    "StoreUnavailable",
    "Write",
    "key_of",
]

ANY_REVISION = -1
"""`Write.expected` of a write that does not care what is there."""


def key_of(resource: str, namespace: str, name: str) -> str:
    """Return the key of an object: ``pods/default/web-1``, ``nodes//node-1`` (no part can hold a slash)."""
    return f"{resource}/{namespace}/{name}"


class Change(IntEnum):
    """What a revision did to its object; the values are stored."""

    ADDED = 0
    MODIFIED = 1
    DELETED = 2


class Write(NamedTuple):
    """One wanted revision.

    Attributes:
        key: See `key_of`.
        expected: The revision that must be current: 0 means "nothing is there", `ANY_REVISION` means any.
        body: The object's canonical JSON without ``resourceVersion``; for a deletion its last state.
        head_length: Where the revision is spliced into the body (`kubernel.objects.codec.head`).
        is_deletion: Whether the object is gone after this revision.
        actor: Who writes, for the audit.
        owners: Kept beside the object and handed back with it (`kubernel.objects.ownership`).
    """

    key: str
    expected: int
    body: bytes
    head_length: int
    is_deletion: bool = False
    actor: str = ""
    owners: str = ""


class Entry(NamedTuple):
    """One revision, as committed: a row of the table ``log``, in the order of its columns.

    Attributes:
        revision: Its number; greater than every earlier one.
        key: The object.
        change: What happened to it.
        previous: The object's revision before this one, 0 when there was none.
        at_ms: When it was committed, milliseconds since 1970 in UTC.
        actor: Who wrote it.
        data: The object's JSON with its ``resourceVersion``; for a deletion the last state.
        owners: As the write said.
    """

    revision: int
    key: str
    change: Change
    previous: int
    at_ms: int
    actor: str
    data: bytes
    owners: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The write was not made: another revision is current (0: nothing is there)."""

    key: str
    current: int


Outcome = Entry | Mismatch


class StoreUnavailable(Exception):  # noqa: N818 - named after the condition
    """The database cannot be written now (disk full, locked, gone). Nothing of the batch was changed; try again."""


class NewerData(Exception):  # noqa: N818
    """The database was written by a newer release; start that release, or restore an older snapshot."""


class Compacted(Exception):  # noqa: N818
    """The wanted revision is before the compaction point and is no longer kept."""

    def __init__(self, wanted: int, oldest: int) -> None:
        super().__init__(f"revision {wanted} is compacted; the oldest kept is {oldest}")
        self.wanted = wanted
        self.oldest = oldest
