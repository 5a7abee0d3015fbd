"""Where the processes' output goes: a file a component, and the terminal with one prefix a component.

    scheduler  | 2026-05-05T12:00:00.123Z WARNING scheduler: no node is ready

A line without a level of its own (a traceback, a print) belongs to the line before it.
"""

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

__all__ = ["Logbook", "LogbookHandler", "Pen"]

FILE_BYTES = 10 * 1024 * 1024
FILES_KEPT = 3
PREFIX_WIDTH = 24
LAST_LINES = 20

_LEVEL = re.compile(rb'^(?:\S+ (?P<word>[A-Z]+) \S+: |\{.*?"level": ?"(?P<json>[A-Za-z]+)")')
_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


class RotatingFile:
    """A log file that starts anew at 10 MiB and keeps three older ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._open()

    def write(self, data: bytes) -> None:
        """Append whole lines. A full disk loses them here, not the component."""
        try:
            if self._size + len(data) > FILE_BYTES:
                self._rotate()
            self._file.write(data)
            self._size += len(data)
        except OSError as error:
            self._size = 0  # the next line tries again
            logging.getLogger("supervisor").debug("%s: %s", self._path, error)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _open(self) -> None:
        self._file = self._path.open("ab", buffering=0)
        self._path.chmod(0o600)
        self._size = self._path.stat().st_size

    def _rotate(self) -> None:
        self._file.close()
        for number in range(FILES_KEPT, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{number}")
            newer = self._path if number == 1 else self._path.with_name(f"{self._path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)
        self._open()


class Pen:
    """Writes one process's output to its component's file and to the terminal.

    Attributes:
        last: Its last lines, for an error message.
    """

    def __init__(self, book: "Logbook", component: str, file: RotatingFile) -> None:
        self._book = book
        self._component = component
        self._file = file
        self._rest = b""
        self._level = logging.INFO
        self.last: list[str] = []

    def write(self, data: bytes) -> None:
        """Take what the process printed; half a line waits for its other half."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines:
            self._file.write(b"\n".join(lines) + b"\n")
        for line in lines:
            self._show(line)

    def end(self) -> None:
        """Take the rest for a line: the process has closed its output."""
        if self._rest:
            self.write(b"\n")

    def _show(self, line: bytes) -> None:
        match = _LEVEL.match(line)
        if match:
            name = (match["word"] or match["json"]).decode().upper()
            self._level = logging.getLevelNamesMapping().get(name, self._level)
        text = line.decode(errors="backslashreplace")
        self.last = [*self.last[1 - LAST_LINES :], text]
        self._book.show(self._component, self._level, text)


class Logbook:
    """All components' output.

    Args:
        directory: Where the files are.
        terminal: Where lines are shown; ``None`` shows none.
        level: Only lines of this level and above are shown; the files have all of them.
    """

    def __init__(self, directory: Path, terminal: TextIO | None, level: int) -> None:
        self._directory = directory
        self._terminal = terminal
        self._level = level
        self._is_coloured = terminal is not None and terminal.isatty()
        self._files: dict[str, RotatingFile] = {}

    def pen(self, component: str) -> Pen:
        """Return a new pen; several processes of one component share its file, line by line."""
        file = self._files.get(component)
        if file is None:
            file = self._files[component] = RotatingFile(self._directory / f"{component}.log")
        return Pen(self, component, file)

    def show(self, component: str, level: int, text: str) -> None:
        """Show one line on the terminal if it is important enough."""
        if self._terminal is None or level < self._level:
            return
        prefix = f"{component:<{PREFIX_WIDTH}}|"
        if self._is_coloured:
            colour = _COLOURS[list(self._files).index(component) % len(_COLOURS)]
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        try:
            self._terminal.write(f"{prefix} {text}\n")
            self._terminal.flush()
        except OSError:
            self._terminal = None  # the terminal is gone; the files go on

    def close(self) -> None:
        """Close all files."""
        for file in self._files.values():
            file.close()


class LogbookHandler(logging.Handler):
    """Sends the supervisor's own log records to its file, formatted like a component's."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s"))
        self._pen = pen

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = f"{time} {record.levelname} {record.name}: {self.format(record)}\n"
        self._pen.write(text.encode(errors="backslashreplace"))
