"""The API server's settings, one frozen value built at the top and handed down."""

from dataclasses import dataclass, field
from pathlib import Path

from kubernel.store.compaction import Retention

__all__ = ["ServerSettings"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the API server listens, what it trusts and where it keeps its data.

    Attributes:
        data: The cluster's directory; the database, the request log and nothing else are written there.
        socket: The unix socket (created with mode 0600) for components on this machine.
        tls_cert, tls_key: The server's certificate and key, PEM.
        client_ca: Client certificates signed by it are believed.
        token_file: Static bearer tokens.
        service_account_key: Signs the tokens of service accounts; made when it is absent. ``None``: in ``data``.
        host, port: Where TLS clients come in; port 0 lets the system choose. ``None`` as port: only the socket.
        service_cidr: The range of services' virtual addresses.
        database: SQLAlchemy's address; ``None`` is SQLite in ``data``.
        request_log: One JSON line a request; ``None`` writes none.
        retention: How much history is kept.
        max_body_bytes: Larger request bodies are refused (Kubernetes: 3 MiB).
        max_object_bytes: Larger objects are refused (etcd's and so Kubernetes' limit: 1.5 MiB).
        drain_s: How long running requests may go on after SIGTERM.
    """

    data: Path
    socket: Path
    tls_cert: Path
    tls_key: Path
    client_ca: Path
    token_file: Path
    host: str = "127.0.0.1"
    port: int | None = 6443
    service_cidr: str = "127.96.0.0/12"
    database: str | None = None
    request_log: Path | None = None
    service_account_key: Path | None = None
    retention: Retention = field(default_factory=Retention)
    max_body_bytes: int = 3 * 2**20
    max_object_bytes: int = 3 * 2**19
    drain_s: int = 5
