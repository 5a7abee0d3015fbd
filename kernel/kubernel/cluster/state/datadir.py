"""The data directory: where everything is, who may read it, and whether this version may use it.

    DIR/kubeconfig  kubernel.db  version  cluster.json  plugins.json
    DIR/pki/        keys, certificates and tokens
    DIR/logs/       one file a component
    DIR/run/        sockets, the pid file; nothing here outlives a run
    DIR/plugins/    one directory a Plugin object

Directories are 0700 and files 0600: keys and Secrets are in here.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from kubernel import __version__
from kubernel.cluster.errors import ClusterError

__all__ = ["DataDir", "write_private"]

ROOMS = ("pki", "logs", "run", "plugins")
SOCKET_PATH_MAX = 107
"""The kernel's limit for a unix socket's path in bytes, without the closing zero (unix(7))."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The paths in one data directory; `path` is absolute."""

    path: Path

    @property
    def kubeconfig(self) -> Path:
        """For kubectl and every other client."""
        return self.path / "kubeconfig"

    @property
    def pki(self) -> Path:
        """Keys, certificates and tokens."""
        return self.path / "pki"

    @property
    def logs(self) -> Path:
        """One file a component."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """Sockets and the pid file."""
        return self.path / "run"

    @property
    def api_socket(self) -> Path:
        """The API server's socket for this machine's components."""
        return self.run / "api.sock"

    @property
    def pid_file(self) -> Path:
        """The lock, with the pid of the process to signal."""
        return self.run / "supervisor.pid"

    @property
    def components(self) -> Path:
        """What runs now, for `status`."""
        return self.run / "components.json"

    @property
    def shutting_down(self) -> Path:
        """Exists while the whole cluster stops: an agent that ends then takes its pods along."""
        return self.run / "shutting-down"

    @property
    def memory(self) -> Path:
        """What the next start takes over from this one."""
        return self.path / "cluster.json"

    @property
    def presumed(self) -> Path:
        """The Plugin objects as they were last, for a start that need not wait for the API server."""
        return self.path / "plugins.json"

    @property
    def version_file(self) -> Path:
        """The version that wrote here last."""
        return self.path / "version"

    def prepare(self) -> None:
        """Make the directories, or check those that are there; safe to repeat.

        Raises:
            ClusterError: The place cannot be written, its path is too long, or a newer version was here.
        """
        self._refuse_long_path()
        self._refuse_newer()
        for path in (self.path, *(self.path / room for room in ROOMS)):
            try:
                path.mkdir(mode=0o700, parents=path == self.path, exist_ok=True)
                path.chmod(0o700)
            except OSError as error:
                raise ClusterError(f"the data directory {path} cannot be used: {error.strerror}") from error
        try:
            write_private(self.version_file, f"{__version__}\n".encode())
        except OSError as error:
            raise ClusterError(f"the data directory {self.path} cannot be written: {error.strerror}") from error

    def clear_run(self) -> None:
        """Remove what only a running cluster needs; call it with the lock held, and nothing running."""
        for path in self.run.iterdir():
            if path == self.pid_file:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _refuse_long_path(self) -> None:
        length = len(os.fsencode(self.api_socket))
        if length > SOCKET_PATH_MAX:
            raise ClusterError(
                f"the data directory {self.path} has too long a path: its sockets would need {length} bytes, "
                f"the system allows {SOCKET_PATH_MAX}; choose a shorter one"
            )

    def _refuse_newer(self) -> None:
        try:
            there = Version(self.version_file.read_text())
        except (FileNotFoundError, NotADirectoryError):
            return
        except (OSError, InvalidVersion) as error:
            raise ClusterError(f"{self.version_file} cannot be read: {error}") from error
        if there.release[:2] > Version(__version__).release[:2]:
            raise ClusterError(
                f"the data directory {self.path} was used by kubernel {there}, this is {__version__}: "
                "upgrade kubernel, or choose another directory"
            )


def write_private(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Args:
        path: The file.
        content: All of it.
        durable: Whether it must survive a power failure; what only describes running processes need not.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(fd)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
