"""The servers under test, each in a child process on a directory of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from kubernel.testing import ApiServer

__all__ = ["ceiling", "kernel"]

_START_S = 20.0


@contextmanager
def kernel() -> Iterator[Path]:
    """Run our API server; yields its socket."""
    with TemporaryDirectory(prefix="kubernel-bench-") as directory, ApiServer(Path(directory)) as server:
        yield server.socket


@contextmanager
def ceiling() -> Iterator[Path]:
    """Run the bare ceiling; yields its socket."""
    with TemporaryDirectory(prefix="kbl-") as directory:
        socket = Path(directory) / "api.sock"
        program = [sys.executable, str(Path(__file__).with_name("ceiling.py")), directory]
        process = subprocess.Popen(program, start_new_session=True)
        deadline = monotonic() + _START_S
        while not socket.exists():
            if process.poll() is not None or monotonic() > deadline:
                raise SystemExit("the ceiling server did not start")
            sleep(0.02)
        sleep(0.3)
        try:
            yield socket
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
