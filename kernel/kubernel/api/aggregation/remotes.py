"""Which group versions others serve, where, and whether they can be asked at the moment.

A server of others is reached through the Service that its APIService names. One on this machine, such as a plugin's
process, may instead say where it listens with the annotation ``kubernel.dev/api-endpoint: unix:///path`` on its
APIService, as node agents do on their nodes; it is then asked over that socket, which needs no certificates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubernel.api.forwarding.backends import Destination
from kubernel.api.outside.endpoints import address_of, tls_for
from kubernel.objects.models import Plain, apiregistration, meta_of
from kubernel.watch import Cache, Record

__all__ = ["API_ENDPOINT", "Remote", "Remotes"]

API_ENDPOINT = "kubernel.dev/api-endpoint"
_SOCKET = "unix://"
_HTTPS = 443


@dataclass(slots=True)
class Remote:
    """One group version that others serve.

    Attributes:
        record: The APIService that says so.
        group, version: What is served.
        priority: The group's and the version's; the greater ones come first in discovery.
        service: The Service behind which the server is; ``None`` for one on a socket.
        socket: The socket; ``None`` for one behind a Service.
        resources: What the server said that it has, when it was asked last: the items of an ``APIResourceList``.
        is_available: Whether it answered then.
        document_hash: The hash of its OpenAPI document, empty where it gives none; ``None`` when it has no document.
    """

    record: Record
    group: str
    version: str
    priority: tuple[int, int]
    service: apiregistration.ServiceReference | None
    socket: Path | None
    bundle: str
    is_checked: bool
    resources: list[Plain] = field(default_factory=list)
    is_available: bool = False
    document_hash: str | None = None

    @property
    def name(self) -> str:
        """The APIService's name."""
        return self.record.name

    @property
    def path(self) -> str:
        """Where everything of it is."""
        return f"/apis/{self.group}/{self.version}"

    def destination(self, cache: Cache) -> Destination:
        """Return where its server is now.

        Raises:
            OutsideError: Nobody is there.
        """
        if self.socket is not None:
            return Destination(self.name, socket=self.socket)
        service = self.service
        assert service is not None, "a remote group is served at a socket or behind a Service"
        name, namespace = service.name or "", service.namespace or ""
        host, port = address_of(cache, namespace, name, service.port or _HTTPS)
        tls = tls_for(self.bundle, is_checked=self.is_checked)
        return Destination(self.name, host, port, is_tls=True, tls=tls, server_name=f"{name}.{namespace}.svc")


class Remotes:
    """The table, by group and version; made again from the APIServices when one of them changes."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, str], Remote] = {}
        self.behind: frozenset[str] = frozenset()
        """The log's keys of the Services that servers are behind, and of their endpoints."""

    def __iter__(self) -> Iterator[Remote]:
        return iter(self._table.values())

    def __bool__(self) -> bool:
        return bool(self._table)

    def find(self, group: str, version: str) -> Remote | None:
        """Return who else serves a group version; ``None`` when nobody does."""
        return self._table.get((group, version))

    def load(self, records: Iterable[Record]) -> None:
        """Take in what the APIServices say now; what is known of unchanged ones is kept."""
        known = {remote.name: remote for remote in self._table.values()}
        table: dict[tuple[str, str], Remote] = {}
        for record in records:
            before = known.get(record.name)
            remote = before if before is not None and before.record is record else _remote(record)
            if remote is not None:
                if before is not None:
                    remote.resources, remote.is_available = before.resources, before.is_available
                    remote.document_hash = before.document_hash
                table[remote.group, remote.version] = remote
        self._table = table
        services = [remote.service for remote in table.values() if remote.service is not None]
        places = [f"{service.namespace or ''}/{service.name or ''}" for service in services]
        self.behind = frozenset(f"{resource}/{place}" for resource in ("services", "endpoints") for place in places)


def _remote(record: Record) -> Remote | None:
    service: Any = record.decode()
    spec = service.spec
    endpoint = (meta_of(service).annotations or {}).get(API_ENDPOINT, "")
    socket = Path(endpoint.removeprefix(_SOCKET)) if endpoint.startswith(_SOCKET) else None
    if spec is None or not spec.group or (spec.service is None and socket is None):
        return None  # this server's own, or the core group, which is nobody else's
    return Remote(
        record,
        spec.group,
        spec.version or "",
        (spec.groupPriorityMinimum, spec.versionPriority),
        spec.service if socket is None else None,
        socket,
        spec.caBundle or "",
        not spec.insecureSkipTLSVerify,
    )
