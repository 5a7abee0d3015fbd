"""Reading a container's log while the shim may write, rotate or have ended it.

The shim's format is in ``shim/capture.py``. A reader holds the file open, so a rotation takes nothing away from
it: it reads the old file to its end and goes on with the new one.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from kubernel.plugin.contracts.runtime import LogQuery

from kubernel_runtime_process.shim.capture import LOG, ROTATED_LOG

__all__ = ["read_log"]

_POLL_S = 0.1
"""How often a follower looks for more: soon enough for eyes, rare enough for hundreds of followers."""
_BLOCK_BYTES = 64 * 1024


async def read_log(directory: Path, query: LogQuery, has_ended: Callable[[], bool]) -> AsyncGenerator[bytes, None]:
    """Yield what the query selects, in chunks of whole lines.

    Args:
        directory: The container's directory.
        query: What to select.
        has_ended: Whether the container writes no more.
    """
    formatter = _Formatter(query)
    async with aclosing(_blocks(directory, query, has_ended)) as blocks:
        async for block in blocks:
            chunk = formatter.format(block)
            if chunk:
                yield chunk
            if formatter.is_full:
                return


async def _blocks(directory: Path, query: LogQuery, has_ended: Callable[[], bool]) -> AsyncGenerator[list[bytes], None]:
    """Yield the log's entries, a few at a time, from the place where the query's tail begins."""
    older, offset = _beginning(directory, query.tail_lines)
    if older is not None:
        with suppress(FileNotFoundError), (directory / ROTATED_LOG).open("rb") as file:
            file.seek(older)
            for entries in _entries(file):
                yield entries
    try:
        file = (directory / LOG).open("rb")
    except FileNotFoundError:
        return
    try:
        file.seek(offset)
        while True:
            ended = has_ended()
            for entries in _entries(file):
                yield entries
                await asyncio.sleep(0)
            if _was_rotated(directory, file):
                file.close()
                file = (directory / LOG).open("rb")
            elif not query.follow or ended:
                return
            else:
                await asyncio.sleep(_POLL_S)
    finally:
        file.close()


def _entries(file: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the whole entries from the file's position to its end, leaving the position behind the last one."""
    while block := file.read(_BLOCK_BYTES):
        end = block.rfind(b"\n") + 1
        if end == 0:
            file.seek(-len(block), os.SEEK_CUR)
            return
        file.seek(end - len(block), os.SEEK_CUR)
        yield block[: end - 1].split(b"\n")


def _was_rotated(directory: Path, file: BinaryIO) -> bool:
    try:
        return (directory / LOG).stat().st_ino != os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def _beginning(directory: Path, tail: int | None) -> tuple[int | None, int]:
    """Return where to start in the rotated file (``None``: leave it out) and in the current one."""
    if tail is None:
        return 0, 0
    offset, found = _tail_offset(directory / LOG, tail)
    if found >= tail:
        return None, offset
    return _tail_offset(directory / ROTATED_LOG, tail - found)[0], 0


def _tail_offset(path: Path, lines: int) -> tuple[int, int]:
    """Return where the last so many lines begin, and how many there are when the file has fewer."""
    try:
        with path.open("rb") as file:
            position = file.seek(0, os.SEEK_END)
            if lines == 0:
                return position, 0
            found = 0
            while position > 0:
                start = max(0, position - _BLOCK_BYTES)
                file.seek(start)
                block = file.read(position - start)
                cut = len(block)
                while (cut := block.rfind(b"\n", 0, cut)) >= 0:
                    found += 1
                    # The last newline ends the last line, so one more belongs to the line before the tail.
                    if found > lines:
                        return start + cut + 1, lines
                position = start
            return 0, found
    except FileNotFoundError:
        return 0, 0


class _Formatter:
    """Turns entries into what the client asked for."""

    def __init__(self, query: LogQuery) -> None:
        self._timestamps = query.timestamps
        self._since = _moment(query.since) if query.since else b""
        self._stream = query.stream.encode()
        self._left = query.limit_bytes
        self._inside_line = False

    @property
    def is_full(self) -> bool:
        """Whether the limit is reached."""
        return self._left is not None and self._left <= 0

    def format(self, entries: list[bytes]) -> bytes:
        chunk = b"".join(self._line(entry) for entry in entries)
        if self._left is not None:
            chunk = chunk[: self._left]
            self._left -= len(chunk)
        return chunk

    def _line(self, entry: bytes) -> bytes:
        moment, stream, tag, text = entry.split(b" ", 3)
        if moment < self._since or (self._stream and stream != self._stream):
            return b""
        prefix = moment + b" " if self._timestamps and not self._inside_line else b""
        self._inside_line = tag == b"P"
        return prefix + text + (b"" if self._inside_line else b"\n")


def _moment(time: datetime) -> bytes:
    """Return the time as the log writes it, so that the two compare as text."""
    utc = time.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond:06d}000Z".encode()
