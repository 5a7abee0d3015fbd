"""Making certificates: an authority, the server's and a client's. Elliptic curves, because they are made in no time.

Who needs a certificate and when is decided in `pki`; this module only knows how they look.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kubernel.cluster.state.datadir import write_private

__all__ = ["Authority", "Issuer", "load_authority", "make_authority"]

AUTHORITY_LIFE = timedelta(days=3650)
CLOCK_SKEW = timedelta(hours=1)
"""Certificates begin in the past by so much: a client's clock may be behind."""

SERVICE_IP = "127.96.0.1"
"""The first address of the service range: that of the service ``kubernetes``."""

SERVER_NAMES = (
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def load_authority(path: Path, key_path: Path, *, until: datetime) -> Authority | None:
    """Return the authority that is there, or ``None`` when there is none that lives until then."""
    if not (path.is_file() and key_path.is_file()):
        return None
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    key = serialization.load_pem_private_key(key_path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.not_valid_after_utc < until:
        return None
    return Authority(certificate, key)


def make_authority(path: Path, key_path: Path, now: datetime) -> Authority:
    """Make a new authority and write its files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernel-ca")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(certificate, path, key, key_path)
    return Authority(certificate, key)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Issues certificates that begin now and last for `life`."""

    authority: Authority
    now: datetime
    life: timedelta

    def server(self, path: Path, key_path: Path, host: str) -> None:
        """Issue the API server's certificate for every name that a client on this machine may use."""
        self._issue((path, key_path), "kube-apiserver", "", _server_names(host))

    def client(self, path: Path, key_path: Path, user: str, group: str) -> None:
        """Issue a client's certificate; Kubernetes reads the user and the group from its subject."""
        self._issue((path, key_path), user, group)

    def _issue(self, paths: tuple[Path, Path], user: str, group: str, names: Sequence[x509.GeneralName] = ()) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group)] if group else []
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if names else ExtendedKeyUsageOID.CLIENT_AUTH
        issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.key.public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, user)]))
            .issuer_name(self.authority.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - CLOCK_SKEW)
            .not_valid_after(self.now + self.life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(issued_by, critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        _write(builder.sign(self.authority.key, hashes.SHA256()), paths[0], key, paths[1])


def _server_names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in SERVER_NAMES]
    addresses = {"127.0.0.1", "::1", SERVICE_IP}
    try:
        addresses.add(str(ipaddress.ip_address(host)))
    except ValueError:
        names.append(x509.DNSName(host))
    return names + [x509.IPAddress(ipaddress.ip_address(address)) for address in sorted(addresses)]


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(certificate: x509.Certificate, path: Path, key: ec.EllipticCurvePrivateKey, key_path: Path) -> None:
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    write_private(key_path, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    write_private(path, certificate.public_bytes(pem))
