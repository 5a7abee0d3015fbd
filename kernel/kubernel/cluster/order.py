"""What the supervisor is to bring up, and what is up already when it begins."""

from dataclasses import dataclass

from kubernel.cluster.processes.messages import RunApi
from kubernel.cluster.settings import UpSettings
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.memory import Shape

__all__ = ["FirstApi", "Order"]


@dataclass(frozen=True, slots=True)
class FirstApi:
    """The API server that was started before the supervisor, to save time: its process and its output's pipe."""

    pid: int
    output_fd: int


@dataclass(frozen=True, slots=True)
class Order:
    """What to bring up.

    Attributes:
        data: The prepared data directory.
        shape: Where the API listens and how many nodes there are.
        settings: What ``up`` was asked for.
        pid: The process that takes signals for the whole cluster.
        started: `time.monotonic` at the beginning.
    """

    data: DataDir
    shape: Shape
    settings: UpSettings
    pid: int
    started: float

    @property
    def api(self) -> RunApi:
        """The API server's program."""
        return RunApi(str(self.data.path), self.shape.host, self.shape.port)
