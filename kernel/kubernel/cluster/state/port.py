"""Whether the API server's port is free, asked before anything is started."""

import errno
import socket

from kubernel.cluster.errors import ClusterError

__all__ = ["require_free"]


def require_free(host: str, port: int) -> None:
    """Return when the port can be bound.

    Raises:
        ClusterError: It cannot, and why; another program may of course take it a moment later.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server: TIME_WAIT is no obstacle
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ClusterError(f"port {port} on {host} is in use; choose another with --port") from error
        raise ClusterError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
