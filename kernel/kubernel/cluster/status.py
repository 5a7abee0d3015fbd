"""``kubernel status``: what runs on a data directory, seen from outside."""

from dataclasses import dataclass
from pathlib import Path

from kubernel.cluster.board import ComponentStatus, read_board
from kubernel.cluster.footprint import resident_bytes
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.lock import holder

__all__ = ["ClusterStatus", "ComponentStatus", "status"]


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """A cluster, or that there is none.

    Attributes:
        data: The data directory.
        pid: The process that takes signals; ``None`` when no cluster runs.
        is_ready: Whether its start is through and the API answers.
        url: Where the API is; empty when it does not run.
        kubeconfig: What clients need.
        components: Its processes and what serves each Plugin object.
        memory_bytes: Component → resident memory, shared pages divided among those who share them.
    """

    data: Path
    pid: int | None
    is_ready: bool
    url: str
    kubeconfig: Path
    components: tuple[ComponentStatus, ...]
    memory_bytes: dict[str, int]

    @property
    def is_running(self) -> bool:
        """Whether there is a cluster."""
        return self.pid is not None


def status(data: Path) -> ClusterStatus:
    """Look at the cluster on this directory; never waits and never fails for want of one."""
    directory = DataDir(data.expanduser().absolute())
    pid = holder(directory.pid_file)
    board = read_board(directory.components) if pid is not None else None
    components = board.components if board else ()
    return ClusterStatus(
        data=directory.path,
        pid=pid,
        is_ready=board.is_ready if board else False,
        url=board.url if board else "",
        kubeconfig=directory.kubeconfig,
        components=components,
        memory_bytes=resident_bytes({component.name: component.pid for component in components if component.pid}),
    )
