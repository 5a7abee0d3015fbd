import io
import logging
from pathlib import Path

import pytest
from kubernel.cluster.processes.logbook import Logbook, LogbookHandler


def _line(level: str, text: str) -> bytes:
    return f"2026-05-05T12:00:00.000Z {level} scheduler: {text}\n".encode()


def test_every_line_is_in_the_components_file(tmp_path: Path) -> None:
    book = Logbook(tmp_path, None, logging.WARNING)

    book.pen("scheduler").write(_line("INFO", "one") + _line("ERROR", "two"))

    assert (tmp_path / "scheduler.log").read_bytes() == _line("INFO", "one") + _line("ERROR", "two")
    assert (tmp_path / "scheduler.log").stat().st_mode & 0o777 == 0o600
    book.close()


def test_the_terminal_shows_what_is_important_with_a_prefix(tmp_path: Path) -> None:
    terminal = io.StringIO()
    book = Logbook(tmp_path, terminal, logging.WARNING)

    book.pen("scheduler").write(_line("INFO", "quiet") + _line("WARNING", "loud"))
    book.close()

    assert terminal.getvalue() == "scheduler               | " + _line("WARNING", "loud").decode()


def test_a_traceback_belongs_to_the_line_before_it(tmp_path: Path) -> None:
    terminal = io.StringIO()
    book = Logbook(tmp_path, terminal, logging.ERROR)

    book.pen("scheduler").write(_line("ERROR", "crashed") + b"Traceback:\n  ValueError\n" + _line("INFO", "on"))
    book.close()

    assert [line.partition("| ")[2] for line in terminal.getvalue().splitlines()[1:]] == ["Traceback:", "  ValueError"]


def test_json_lines_carry_their_level(tmp_path: Path) -> None:
    terminal = io.StringIO()
    book = Logbook(tmp_path, terminal, logging.ERROR)

    book.pen("api").write(b'{"at": 1, "level": "error", "text": "x"}\n{"level": "info"}\n')
    book.close()

    assert terminal.getvalue().count("\n") == 1


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    book = Logbook(tmp_path, None, logging.WARNING)
    pen = book.pen("proxy")

    pen.write(b"one\ntw")
    before = (tmp_path / "proxy.log").read_bytes()
    pen.write(b"o\nthr")
    pen.end()
    book.close()

    assert (before, (tmp_path / "proxy.log").read_bytes()) == (b"one\n", b"one\ntwo\nthr\n")


def test_two_processes_of_one_component_do_not_mix_their_lines(tmp_path: Path) -> None:
    book = Logbook(tmp_path, None, logging.WARNING)
    old, new = book.pen("proxy"), book.pen("proxy")

    old.write(b"ol")
    new.write(b"new\n")
    old.write(b"d\n")
    book.close()

    assert (tmp_path / "proxy.log").read_bytes() == b"new\nold\n"


def test_a_full_file_makes_room_and_three_older_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubernel.cluster.processes.logbook.FILE_BYTES", 10)
    book = Logbook(tmp_path, None, logging.WARNING)
    pen = book.pen("proxy")

    for number in range(6):
        pen.write(f"line {number:3}\n".encode())
    book.close()

    found = {path.name: path.read_text().strip() for path in tmp_path.iterdir()}
    assert found == {
        "proxy.log": "line   5",
        "proxy.log.1": "line   4",
        "proxy.log.2": "line   3",
        "proxy.log.3": "line   2",
    }


def test_the_last_words_are_kept(tmp_path: Path) -> None:
    book = Logbook(tmp_path, None, logging.WARNING)
    pen = book.pen("api")

    pen.write(b"".join(f"{number}\n".encode() for number in range(50)))
    book.close()

    assert pen.last[-2:] == ["48", "49"]
    assert len(pen.last) == 20


def test_the_supervisors_own_records_look_like_a_components(tmp_path: Path) -> None:
    book = Logbook(tmp_path, None, logging.WARNING)
    handler = LogbookHandler(book.pen("supervisor"))

    handler.handle(logging.LogRecord("supervisor", logging.ERROR, "", 0, "it %s", ("broke",), None))
    book.close()

    assert (tmp_path / "supervisor.log").read_text().split(" ", 1)[1] == "ERROR supervisor: it broke\n"
