"""The store: one append-only log of revisions, and the index of what is current in it.

One write = one row = one event = one ``resourceVersion``. The room knows nothing of kinds: an object is a key and
bytes. `Log` is the store on SQLAlchemy Core, `GroupCommit` shares one transaction and one sync among the
requests that wait.
"""

from kubernel.store.commit import GroupCommit
from kubernel.store.entries import (
    ANY_REVISION,
    Change,
    Compacted,
    Entry,
    Mismatch,
    NewerData,
    Outcome,
    StoreUnavailable,
    Write,
    key_of,
)
from kubernel.store.log import Log
from kubernel.store.open import open_log, sqlite_url

__all__ = [
    "ANY_REVISION",
    "Change",
    "Compacted",
    "Entry",
    "GroupCommit",
    "Log",
    "Mismatch",
    "NewerData",
    "Outcome",
    "StoreUnavailable",
    "Write",
    "key_of",
    "open_log",
    "sqlite_url",
]
