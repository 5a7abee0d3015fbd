"""Who has which address, in a file that survives a kill at any moment.

A journal of lines, ``+ UID ADDRESS`` and ``- UID``, appended with one write each; a line that was cut by a crash
is ignored. Opening it replays it, and writes it anew (temporary file, rename) when it has become mostly history.
It is not synced to the disk: what it describes, processes of this machine, does not survive a power cut either.
"""

import os
from ipaddress import IPv4Address
from pathlib import Path

__all__ = ["AllocationJournal"]

_REWRITE_ABOVE_LINES = 4096
"""Below this a replay takes milliseconds whatever the file holds."""


class AllocationJournal:
    """Allocations by pod uid; every change is in the file before the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.last: IPv4Address | None = None
        self.addresses: dict[str, IPv4Address] = {}
        lines = self._replay()
        self.taken: set[IPv4Address] = set(self.addresses.values())
        if lines > max(_REWRITE_ABOVE_LINES, 4 * len(self.addresses)):
            self._rewrite()
        path.touch(mode=0o600)
        self._file = path.open("ab", buffering=0)
        self._end_cut_line()

    def assign(self, uid: str, address: IPv4Address) -> None:
        """Record that the pod has this address."""
        self._file.write(f"+ {uid} {address}\n".encode())
        self.addresses[uid] = address
        self.taken.add(address)
        self.last = address

    def release(self, uid: str) -> None:
        """Record that the pod has no address any more; nothing happens when it had none."""
        address = self.addresses.get(uid)
        if address is None:
            return
        self._file.write(f"- {uid}\n".encode())
        del self.addresses[uid]
        self.taken.discard(address)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _replay(self) -> int:
        if not self._path.exists():
            return 0
        text = self._path.read_text(encoding="ascii", errors="replace")
        whole = text[: text.rfind("\n") + 1].splitlines()
        for line in whole:
            match line.split():
                case ["+", uid, address]:
                    self.addresses[uid] = self.last = IPv4Address(address)
                case ["-", uid]:
                    self.addresses.pop(uid, None)
        return len(whole)

    def _rewrite(self) -> None:
        fresh = self._path.with_suffix(".new")
        # The address dealt last must stay last: it is where the ring goes on.
        ordered = sorted(self.addresses.items(), key=lambda item: item[1] == self.last)
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"+ {uid} {address}\n" for uid, address in ordered), encoding="ascii")
        fresh.replace(self._path)

    def _end_cut_line(self) -> None:
        size = self._path.stat().st_size
        if size == 0:
            return
        with self._path.open("rb") as file:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                os.truncate(self._path, self._path.read_bytes().rfind(b"\n") + 1)
