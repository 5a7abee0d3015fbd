"""The request log: one JSON line a request, written in batches so that no request waits for the disk."""

import asyncio
from pathlib import Path
from time import time_ns
from typing import IO

import msgspec

__all__ = ["RequestLine", "RequestLog"]

_FLUSH_S = 0.5
_MAX_BYTES = 64 * 2**20
_ENCODER = msgspec.json.Encoder()


class RequestLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answered request; ``at_ms`` is when the answer began, ``ms`` how long that took."""

    at_ms: int
    method: str
    path: str
    query: str = ""
    code: int = 0
    ms: float = 0.0
    user: str = ""
    agent: str = ""
    remote: str = ""


def now_ms() -> int:
    """Return the time for `RequestLine.at_ms`."""
    return time_ns() // 1_000_000


class RequestLog:
    """Appends to a file (mode 0600); at 64 MiB the file becomes ``<name>.1`` and a new one begins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[RequestLine] = []
        self._timer: asyncio.TimerHandle | None = None
        self._file: IO[bytes] | None = None

    def add(self, line: RequestLine) -> None:
        """Take a line; it is in the file half a second later, or at `close`."""
        self._lines.append(line)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_S, self._flush)

    def close(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        self._flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _flush(self) -> None:
        self._timer = None
        lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            file = self._open()
            file.write(_ENCODER.encode_lines(lines))
            file.flush()
        except OSError:
            # A full disk must not end requests; these lines are lost and the writes themselves say why.
            self._file = None

    def _open(self) -> IO[bytes]:
        if self._file is not None and self._file.tell() > _MAX_BYTES:
            self._file.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            self._file = None
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            self._file = self._path.open("ab")
        return self._file
