import os
import subprocess
import sys
from pathlib import Path

import pytest
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.state.lock import DataLock, holder

_HOLD = """
import sys
from pathlib import Path
from kubernel.cluster.state.lock import DataLock
with DataLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    run = tmp_path / "run"
    run.mkdir()
    return run / "supervisor.pid"


def _other(pid_file: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(pid_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_held_lock_names_its_holder(pid_file: Path) -> None:
    with DataLock(pid_file):
        assert holder(pid_file) == os.getpid()


def test_a_second_cluster_is_refused_with_the_firsts_pid(pid_file: Path) -> None:
    with _other(pid_file) as other:
        with pytest.raises(ClusterError, match=rf"running already on {pid_file.parent.parent} \(pid {other.pid}\)"):
            DataLock(pid_file).__enter__()
        other.kill()


def test_a_killed_holder_leaves_no_lock(pid_file: Path) -> None:
    with _other(pid_file) as other:
        other.kill()
        other.wait()

    assert pid_file.read_text() == f"{other.pid}\n"
    assert holder(pid_file) is None
    with DataLock(pid_file):
        assert holder(pid_file) == os.getpid()


def test_after_an_orderly_end_nobody_holds_it(pid_file: Path) -> None:
    with DataLock(pid_file):
        pass

    assert (holder(pid_file), pid_file.read_text()) == (None, "")


def test_without_a_file_nobody_holds_it(pid_file: Path) -> None:
    assert holder(pid_file) is None


def test_a_handed_over_lock_stays_with_the_fork(pid_file: Path) -> None:
    lock = DataLock(pid_file).__enter__()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.close(tell)
        os.read(told, 1)
        os._exit(0)
    os.close(told)

    lock.hand_over()

    assert holder(pid_file) is not None
    os.close(tell)
    os.waitpid(child, 0)
    assert holder(pid_file) is None
