"""The built-in authenticators: the peer of the unix socket, a client certificate, a static token."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

from kubernel.auth.groups import AUTHENTICATED, MASTERS
from kubernel.objects.errors import unauthorized
from kubernel.plugin.hooks import ConnectionInfo, Identity, hookimpl

__all__ = ["Certificates", "LocalPeer", "Tokens"]


class LocalPeer:
    """Whoever can open the socket (mode 0600) is the cluster's owner or root; the User-Agent says which component."""

    def __init__(self) -> None:
        self._trusted = {os.getuid(), 0}
        self._identities: dict[str, Identity] = {}

    @hookimpl
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Answer for connections over the unix socket."""
        if connection.peer_uid is None:
            return None
        if connection.peer_uid not in self._trusted:
            raise unauthorized(f"uid {connection.peer_uid} is not the owner of this cluster's socket")
        agent = connection.headers.get("user-agent", "")
        identity = self._identities.get(agent)
        if identity is None:
            component = agent.partition("/")[0].strip() or "local"
            identity = Identity(f"system:{component}", (MASTERS, AUTHENTICATED))
            if len(self._identities) < 1_000:
                self._identities[agent] = identity
        return identity


class Certificates:
    """A client certificate that the cluster's CA signed: common name = user, organisations = groups."""

    @hookimpl
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Answer for connections with a verified certificate."""
        certificate = connection.certificate
        if certificate is None:
            return None
        return Identity(certificate.common_name, (*certificate.organizations, AUTHENTICATED))


class Tokens:
    """Static bearer tokens, from a file with lines ``token,user,uid,"group1,group2"`` (Kubernetes' format)."""

    def __init__(self, identities: Mapping[str, Identity]) -> None:
        self._identities = dict(identities)

    @classmethod
    def read(cls, path: Path) -> "Tokens":
        """Read the file; one that is absent holds no tokens.

        Raises:
            ValueError: A line has fewer than three fields; the message has its number, not its content.
        """
        identities = {}
        if path.exists():
            with path.open(newline="") as file:
                for number, row in enumerate(csv.reader(file), start=1):
                    if len(row) < 3:
                        raise ValueError(f'{path}:{number}: must be: token,user,uid,"group1,group2"')
                    groups = tuple(g.strip() for g in row[3].split(",")) if len(row) > 3 else ()
                    identities[row[0]] = Identity(row[1], (*groups, AUTHENTICATED), row[2])
        return cls(identities)

    @hookimpl
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Answer for requests with ``Authorization: Bearer``."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self._identities.get(token.strip())
