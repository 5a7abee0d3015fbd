"""A bare API server (no plugins' processes) as a child process on a directory of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from kubernel.client import Client

__all__ = ["ApiServer"]

_START_S = 20.0
_STOP_S = 15.0
_LAUNCHER = """
import sys
from pathlib import Path
from kubernel.api.server import ServerSettings, serve
data, socket, nothing = Path(sys.argv[1]), Path(sys.argv[2]), Path("/nonexistent")
log = data / "requests.log"
serve(ServerSettings(data, socket, nothing, nothing, nothing, data / "tokens.csv", port=None, request_log=log))
"""


class ApiServer:
    """Starts on entering, stops on leaving; `kill` and `start` in between test crashes.

    Args:
        data: The directory; a fresh one under the system's temporary directory by default. It stays.

    Attributes:
        socket: The server's unix socket.
    """

    def __init__(self, data: Path | None = None) -> None:
        self.data = data if data is not None else Path(mkdtemp(prefix="kubernel-"))
        # Unix socket paths end at 107 bytes, and a test's directory may be deep.
        self.socket = Path(mkdtemp(prefix="kbl-")) / "api.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """What the process wrote."""
        return (self.data / "api.log").read_text()

    def client(self, user_agent: str = "kubernel-test/1") -> Client:
        """Return a client; the caller closes it."""
        return Client.over_socket(self.socket, user_agent=user_agent)

    def start(self) -> None:
        """Start the process and wait until it answers.

        Raises:
            RuntimeError: It ended or did not answer in time; the message has its log.
        """
        with (self.data / "api.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _LAUNCHER, str(self.data), str(self.socket)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the API server did not start:\n{self.log}")
            sleep(0.02)

    def stop(self) -> None:
        """Stop it as SIGTERM does; kills it when that takes too long."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: kubernel\r\nConnection: close\r\n\r\n")
                return connection.recv(64).startswith(b"HTTP/1.1 200")
            except OSError:
                return False
