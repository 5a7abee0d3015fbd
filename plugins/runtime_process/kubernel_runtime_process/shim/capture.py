"""A container's output into its log file, in the format that every Kubernetes log collector reads (CRI).

One line of output becomes ``2026-11-23T12:00:00.123456789Z stdout F text``; a line of more than 16 KiB comes in
pieces, tagged ``P`` but for the last. The file is rotated by size: ``log`` becomes ``log.1``, the former
``log.1`` goes. When the disk is full, output is dropped, because a container must not hang on its log.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["LOG", "ROTATED_LOG", "LogFile", "OutputPipe"]

LOG = "log"
ROTATED_LOG = "log.1"
_LONGEST_LINE_BYTES = 16 * 1024
_READ_BYTES = 64 * 1024
_PIPE_HOLDS_READS = 16
"""A pipe holds 64 KiB, or 1 MiB when its writer asked for the most."""


class LogFile:
    """The log of one container attempt."""

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self._path = directory / LOG
        self._rotated = directory / ROTATED_LOG
        self._max_bytes = max_bytes
        self._open()

    def write(self, entries: bytes) -> None:
        """Append whole entries."""
        with suppress(OSError):
            if self._size and self._size + len(entries) > self._max_bytes:
                self._rotate()
            self._size += os.write(self._fd, entries)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def _rotate(self) -> None:
        # What fails here leaves the old file open, and output goes on into it.
        with suppress(OSError):
            before = self._fd
            self._path.replace(self._rotated)
            self._open()
            os.close(before)

    def _open(self) -> None:
        self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = os.fstat(self._fd).st_size


class OutputPipe:
    """The reading end of a container's stdout or stderr; ``fd`` does not block."""

    def __init__(self, fd: int, stream: str, log: LogFile) -> None:
        self.fd = fd
        self._stream = stream.encode()
        self._log = log
        self._rest = b""
        os.set_blocking(fd, False)

    def drain(self) -> bool:
        """Move what one read gives into the log; returns whether more may come."""
        data = self._read()
        if data:
            self._take(data)
        return data != b""

    def finish(self) -> None:
        """Take what is still in the pipe, write the line that never ended, and close.

        A process that outlives the container may hold the other end, so this does not wait for the end of file.
        """
        for _ in range(_PIPE_HOLDS_READS):
            data = self._read()
            if not data:
                break
            self._take(data)
        if self._rest:
            self._log.write(self._entry(self._rest, b"F"))
        os.close(self.fd)

    def _read(self) -> bytes | None:
        try:
            return os.read(self.fd, _READ_BYTES)
        except BlockingIOError:
            return None

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        entries: list[bytes] = []
        for line in lines:
            entries.append(self._entry(self._cut(line, entries), b"F"))
        self._rest = self._cut(self._rest, entries)
        if entries:
            self._log.write(b"".join(entries))

    def _cut(self, text: bytes, entries: list[bytes]) -> bytes:
        while len(text) > _LONGEST_LINE_BYTES:
            entries.append(self._entry(text[:_LONGEST_LINE_BYTES], b"P"))
            text = text[_LONGEST_LINE_BYTES:]
        return text

    def _entry(self, text: bytes, tag: bytes) -> bytes:
        nanoseconds = time.time_ns()
        seconds, fraction = divmod(nanoseconds, 1_000_000_000)
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        return b"%s.%09dZ %s %s %s\n" % (moment.encode(), fraction, self._stream, tag, text)
