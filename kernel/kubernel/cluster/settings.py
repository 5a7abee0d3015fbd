"""What ``kubernel up`` is asked for and what it tells on the way."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

__all__ = ["DATA_VARIABLE", "SILENT", "Progress", "UpReport", "UpSettings", "default_data"]

DATA_VARIABLE = "KUBERNEL_DATA"
DEFAULT_PORT = 6443
"""The port that Kubernetes' own documentation uses for an API server."""


def default_data() -> Path:
    """Return the data directory when none is given: ``$KUBERNEL_DATA`` or ``~/.kubernel``."""
    return Path(os.environ.get(DATA_VARIABLE) or Path.home() / ".kubernel")


@dataclass(frozen=True, slots=True)
class UpSettings:
    """How to start a cluster. ``None`` means: as this data directory had it before, or the default.

    Attributes:
        data: The data directory; everything that the cluster writes is in it.
        host: The address that the API server listens on.
        port: Its port; by default 6443.
        nodes: How many nodes the agent serves; by default 1.
        drivers: Role → driver, such as ``{"scheduler": "binpack"}``; the rest keeps what its Plugin object says.
        detach: Return when the cluster is ready, and leave it running.
        verbose: Show every log line on standard error instead of warnings and errors only.
        ready_timeout_s: Give up when the API server does not answer for so long.
    """

    data: Path = field(default_factory=default_data)
    host: str = "127.0.0.1"
    port: int | None = None
    nodes: int | None = None
    drivers: dict[str, str] = field(default_factory=dict)
    detach: bool = False
    verbose: bool = False
    ready_timeout_s: float = 60.0


class UpReport(msgspec.Struct, frozen=True, tag=True):
    """A cluster that is ready.

    Attributes:
        kubeconfig: The file that clients need.
        url: Where the API is.
        seconds: From the call of `up` to now.
        pid: The process to signal.
        warnings: What does not work, a sentence each, such as a plugin that was refused.
    """

    kubeconfig: str
    url: str
    seconds: float
    pid: int
    warnings: tuple[str, ...] = ()


class Progress(Protocol):
    """Who shows what `up` does; called from the process that stays in the foreground."""

    def step(self, text: str) -> None:
        """Say what is being done now."""

    def ready(self, report: UpReport) -> None:
        """Say that the cluster can be used."""

    def failed(self, reason: str) -> None:
        """Say why the cluster could not be started after all."""


class _Silent:
    """Shows nothing."""

    def step(self, text: str) -> None:
        """Nothing is shown."""

    def ready(self, report: UpReport) -> None:
        """Nothing is shown."""

    def failed(self, reason: str) -> None:
        """Nothing is shown."""


SILENT: Progress = _Silent()
"""For callers who only want the exit code."""
