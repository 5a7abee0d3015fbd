"""What a cluster remembers from one start to the next, so that a plain ``kubernel up`` continues where it was."""

from pathlib import Path

import msgspec

from kubernel.cluster.errors import ClusterError
from kubernel.cluster.settings import DEFAULT_PORT, UpSettings
from kubernel.cluster.state.datadir import write_private

__all__ = ["Shape", "recall", "remember"]

NODES_MAX = 10_000
PORT_MAX = 65535


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the settings that is no object of the API: it must be known before there is one.

    Attributes:
        host, port: Where the API server listens.
        nodes: How many nodes the agent serves.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    nodes: int = 1

    @property
    def url(self) -> str:
        """Where clients on this machine find the API."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return f"https://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def node_names(self) -> tuple[str, ...]:
        """``node-1``, ``node-2`` and so on."""
        return tuple(f"node-{number}" for number in range(1, self.nodes + 1))


def recall(path: Path, settings: UpSettings) -> Shape:
    """Return the shape: what the settings ask for, the rest as it was.

    Raises:
        ClusterError: A number is out of range, or the file is damaged.
    """
    try:
        before = msgspec.json.decode(path.read_bytes(), type=Shape)
    except FileNotFoundError:
        before = Shape()
    except (OSError, msgspec.DecodeError) as error:
        raise ClusterError(f"{path} cannot be read: {error}; remove it to start with the defaults") from error
    shape = Shape(
        host=settings.host,
        port=before.port if settings.port is None else settings.port,
        nodes=before.nodes if settings.nodes is None else settings.nodes,
    )
    if not 0 < shape.port <= PORT_MAX:
        raise ClusterError(f"port {shape.port}: must be from 1 to {PORT_MAX}")
    if not 0 < shape.nodes <= NODES_MAX:
        raise ClusterError(f"{shape.nodes} nodes: must be from 1 to {NODES_MAX}")
    return shape


def remember(path: Path, shape: Shape) -> None:
    """Keep the shape for the next start."""
    write_private(path, msgspec.json.encode(shape) + b"\n")
