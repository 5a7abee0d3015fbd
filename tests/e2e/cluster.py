"""A real cluster for tests: ``kubernel up --detach`` in a directory of its own, and everybody's tools pointed at it."""

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

__all__ = ["Cluster", "CommandError", "Done", "free_port", "lines_of", "running", "until"]

BIN = Path(sys.executable).parent
RUN_MARK = "KUBERNEL_TEST_RUN"
COMMAND_TIMEOUT_S = 60.0
T = TypeVar("T")


class CommandError(AssertionError):
    """A command that should have worked did not."""


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str


class Cluster:
    """One data directory, and the commands that work on it.

    Args:
        data: The data directory; it need not exist.
        wrapper: Words before every command, such as ``setpriv …``.
    """

    def __init__(self, data: Path, wrapper: Sequence[str] = ()) -> None:
        self.data = data
        self.port = free_port()
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("KUBE")},
            "KUBERNEL_DATA": str(data),
            "KUBECONFIG": str(data / "kubeconfig"),
            "KUBECACHEDIR": str(data / "kubectl-cache"),
            RUN_MARK: uuid.uuid4().hex,
        }
        self._wrapper = tuple(wrapper)

    def up(self, *options: str) -> str:
        """Start it, and return what the command said."""
        return self.kubernel("up", "--detach", "--port", str(self.port), *options)

    def down(self) -> str:
        """Stop it."""
        return self.kubernel("down")

    def kubernel(self, *arguments: str, stdin: str = "") -> str:
        """Run our command line, which must succeed, and return what it printed."""
        return _succeeded(arguments, self.run("kubernel", *arguments, stdin=stdin))

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run the real kubectl, which must succeed, and return what it printed."""
        return _succeeded(arguments, self.run("kubectl", *arguments, stdin=stdin))

    def refusal(self, program: str, *arguments: str, stdin: str = "") -> str:
        """Run a command that must fail, and return what it said."""
        done = self.run(program, *arguments, stdin=stdin)
        assert done.code != 0, f"{program} {' '.join(arguments)} should fail and printed: {done.out}"
        return done.err

    def run(self, program: str, *arguments: str, stdin: str = "") -> Done:
        """Run one of the environment's programs to its end."""
        done = subprocess.run(
            [*self._wrapper, str(BIN / program), *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a program that does not end by itself, in a session of its own; the caller ends it."""
        command = [*self._wrapper, str(BIN / program), *arguments]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def get(self, *arguments: str) -> Any:
        """Return the objects that ``kubectl get … -o json`` prints."""
        return json.loads(self.kubectl("get", *arguments, "-o", "json"))

    def processes(self) -> list[psutil.Process]:
        """Return every process of this cluster: those that carry its mark or work in its directory (pods)."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if self._owns(process):
                    found[process.pid] = process
                    found.update((child.pid, child) for child in process.children(recursive=True))
        return list(found.values())

    def _owns(self, process: psutil.Process) -> bool:
        place = Path(f"/proc/{process.pid}/cwd").readlink()
        return place.is_relative_to(self.data) or process.environ().get(RUN_MARK) == self.environment[RUN_MARK]

    def kill_everything(self) -> None:
        """End all its processes at once, as a power cut would."""
        processes = self.processes()
        for process in processes:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, timeout=10)


def _succeeded(arguments: Sequence[str], done: Done) -> str:
    if done.code != 0:
        raise CommandError(f"{' '.join(arguments)} ended with {done.code}:\n{done.err}{done.out}")
    return done.out


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def until(what: str, question: Callable[[], T], timeout_s: float = 30.0) -> T:
    """Ask again and again until the answer is true, and return it.

    A question that fails (an object that is not there yet) counts as no.
    """
    deadline = time.monotonic() + timeout_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = question()
        except (AssertionError, LookupError, OSError) as error:
            last = error
        else:
            if answer:
                return answer
            last = answer
        time.sleep(0.1)
    raise AssertionError(f"waited {timeout_s:g} s in vain until {what}; last: {last}")


def lines_of(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield the lines that a started program prints."""
    assert process.stdout is not None
    return iter(process.stdout.readline, "")


@contextmanager
def running(data: Path, *options: str) -> Iterator[Cluster]:
    """Start a cluster for the block, stop it after it, and look for what it left."""
    cluster = Cluster(data)
    try:
        cluster.up(*options)
        yield cluster
    finally:
        before = cluster.processes()
        cluster.run("kubernel", "down")
        left = psutil.wait_procs(before, timeout=10)[1]
        cluster.kill_everything()
    assert not left, f"`kubernel down` left processes behind: {left}"
