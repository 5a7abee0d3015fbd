"""The files of the cluster's certificates, and when they must be made anew.

They are made at the first start and renewed when less than a third of their life is left; the authority stays, so
that kubeconfigs which were handed out go on working. A file with the date of the next renewal spares every other
start the look into them (loading ``cryptography`` takes a tenth of a second).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kubernel.cluster.state.datadir import write_private

__all__ = ["ADMIN_GROUP", "ADMIN_USER", "CERTIFICATE_LIFE", "Pki"]

CERTIFICATE_LIFE = timedelta(days=365)
ADMIN_USER = "kubernetes-admin"
ADMIN_GROUP = "system:masters"


@dataclass(frozen=True, slots=True)
class Pki:
    """Where the certificates and keys are, PEM all of them."""

    directory: Path

    @property
    def ca(self) -> Path:
        """The authority's certificate; also verifies client certificates."""
        return self.directory / "ca.crt"

    @property
    def ca_key(self) -> Path:
        """The authority's key."""
        return self.directory / "ca.key"

    @property
    def server(self) -> Path:
        """The API server's certificate."""
        return self.directory / "server.crt"

    @property
    def server_key(self) -> Path:
        """Its key."""
        return self.directory / "server.key"

    @property
    def admin(self) -> Path:
        """The administrator's certificate."""
        return self.directory / "admin.crt"

    @property
    def admin_key(self) -> Path:
        """Its key."""
        return self.directory / "admin.key"

    @property
    def service_accounts(self) -> Path:
        """The key that signs service accounts' tokens; the API server makes it when it needs it first."""
        return self.directory / "sa.key"

    @property
    def _renewal(self) -> Path:
        return self.directory / "renew-after"

    def ensure(self, host: str, now: datetime) -> bool:
        """Make or renew what is missing or grows old; returns whether anything was written.

        Args:
            host: The address that the API server listens on; the server's certificate names it.
            now: Timezone-aware.
        """
        if self._is_fresh(host, now):
            return False
        from kubernel.cluster.state import certificates  # noqa: PLC0415 - slow to import, rarely needed

        authority = certificates.load_authority(self.ca, self.ca_key, until=now + CERTIFICATE_LIFE)
        if authority is None:
            authority = certificates.make_authority(self.ca, self.ca_key, now)
        leaves = certificates.Issuer(authority, now, CERTIFICATE_LIFE)
        leaves.server(self.server, self.server_key, host)
        leaves.client(self.admin, self.admin_key, ADMIN_USER, ADMIN_GROUP)
        renew = now + CERTIFICATE_LIFE * 2 / 3
        write_private(self._renewal, f"{renew.isoformat()} {host}\n".encode())
        return True

    def _is_fresh(self, host: str, now: datetime) -> bool:
        files = (self.ca, self.ca_key, self.server, self.server_key, self.admin, self.admin_key)
        if not all(file.is_file() for file in files):
            return False
        try:
            date, _, for_host = self._renewal.read_text().strip().partition(" ")
            return now < datetime.fromisoformat(date) and for_host == host
        except (OSError, ValueError):
            return False
