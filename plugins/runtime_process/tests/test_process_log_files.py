"""The log file: its format, its rotation, and reading it meanwhile."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernel.plugin.contracts.runtime import LogQuery
from kubernel_runtime_process.logs import read_log
from kubernel_runtime_process.shim.capture import LogFile, OutputPipe
from tests.process_pods import UID, read, script, started

ENTRY = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) [FP] .*")
LINES = st.lists(st.binary(max_size=50).filter(lambda line: b"\n" not in line), max_size=30)


def _write(directory: Path, data: bytes, *, max_bytes: int = 2**20, at_a_time: int = 4096) -> None:
    """Pass data through a pipe into a log, as a container's output goes."""
    log = LogFile(directory, max_bytes)
    read_end, write_end = os.pipe()
    pipe = OutputPipe(read_end, "stdout", log)
    for start in range(0, len(data), at_a_time):
        os.write(write_end, data[start : start + at_a_time])
        pipe.drain()
    os.close(write_end)
    pipe.finish()
    log.close()


def _read(directory: Path, query: LogQuery | None = None) -> bytes:
    async def collect() -> bytes:
        return b"".join([chunk async for chunk in read_log(directory, query or LogQuery(), lambda: True)])

    return asyncio.run(collect())


def test_log_has_the_format_that_collectors_read(tmp_path: Path) -> None:
    _write(tmp_path, b"one\ntwo\nthree without an end")

    entries = (tmp_path / "log").read_bytes().splitlines()

    assert len(entries) == 3
    assert all(ENTRY.fullmatch(entry) for entry in entries)


def test_long_line_comes_in_pieces_and_is_read_whole(tmp_path: Path) -> None:
    line = b"x" * 50_000

    _write(tmp_path, line + b"\nshort\n")

    tags = [entry.split(b" ")[2] for entry in (tmp_path / "log").read_bytes().splitlines()]
    assert tags == [b"P", b"P", b"P", b"F", b"F"]
    assert _read(tmp_path) == line + b"\nshort\n"
    assert _read(tmp_path, LogQuery(timestamps=True)).count(b"Z ") == 2


@settings(max_examples=40, deadline=None)
@given(lines=LINES, at_a_time=st.integers(1, 64), tail=st.integers(0, 35))
def test_what_goes_in_comes_out(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], at_a_time: int, tail: int
) -> None:
    directory = tmp_path_factory.mktemp("log")

    _write(directory, b"".join(line + b"\n" for line in lines), at_a_time=at_a_time)

    assert _read(directory) == b"".join(line + b"\n" for line in lines)
    wanted = lines[len(lines) - tail :] if tail < len(lines) else lines
    assert _read(directory, LogQuery(tail_lines=tail)) == b"".join(line + b"\n" for line in wanted)


def test_log_is_rotated_by_size_and_read_over_both_files(tmp_path: Path) -> None:
    _write(tmp_path, b"".join(b"line %03d\n" % number for number in range(100)), max_bytes=3000, at_a_time=90)

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    lines = _read(tmp_path).splitlines()

    assert set(sizes) == {"log", "log.1"}
    assert max(sizes.values()) <= 3000
    assert lines == [b"line %03d" % number for number in range(100 - len(lines), 100)], "a gap or a repetition"
    assert _read(tmp_path, LogQuery(tail_lines=5)).splitlines() == lines[-5:]
    assert _read(tmp_path, LogQuery(tail_lines=len(lines) - 2)).splitlines() == lines[2:]


async def test_follower_loses_nothing_over_a_rotation(tmp_path: Path) -> None:
    async with started(tmp_path, log_max_bytes=4000) as runtime:
        text = "i=0; while [ $i -lt 60 ]; do echo line $i; i=$((i+1)); sleep 0.01; done"
        container_id = await runtime.start_container(UID, script(text))

        followed = await asyncio.wait_for(read(runtime, container_id, LogQuery(follow=True)), 20)

    assert followed.splitlines() == [f"line {number}" for number in range(60)]


async def test_what_a_program_writes_at_last_is_not_lost(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        container_id = await runtime.start_container(UID, script("seq 20000; printf end"))

        everything = await read(runtime, container_id, LogQuery(follow=True))

    assert everything.splitlines() == [*(str(number) for number in range(1, 20001)), "end"]


def test_log_that_cannot_be_written_is_dropped(tmp_path: Path) -> None:
    log = LogFile(tmp_path, 100)
    (tmp_path / "log.1").mkdir()  # the rotation fails from now on

    for _ in range(20):
        log.write(b"x" * 30 + b"\n")

    log.close()
