import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from kubernel.cluster.state.pki import CERTIFICATE_LIFE, Pki

NOW = datetime(2026, 5, 5, tzinfo=UTC)


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    made = Pki(tmp_path)
    made.ensure("127.0.0.1", NOW)
    return made


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_server_is_known_by_every_name_of_this_machine(pki: Pki) -> None:
    names = _certificate(pki.server).extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert {"localhost", "kubernetes", "kubernetes.default.svc"} <= set(names.get_values_for_type(x509.DNSName))
    assert {ip_address("127.0.0.1"), ip_address("127.96.0.1")} <= set(names.get_values_for_type(x509.IPAddress))


def test_the_administrator_is_a_member_of_the_masters(pki: Pki) -> None:
    subject = _certificate(pki.admin).subject

    parts = {attribute.oid: attribute.value for attribute in subject}

    assert parts == {NameOID.ORGANIZATION_NAME: "system:masters", NameOID.COMMON_NAME: "kubernetes-admin"}


def test_both_are_signed_by_the_authority(pki: Pki) -> None:
    authority = _certificate(pki.ca)

    for path in (pki.server, pki.admin):
        _certificate(path).verify_directly_issued_by(authority)


def test_openssl_takes_the_keys_with_their_certificates(pki: Pki) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    context.load_cert_chain(pki.server, pki.server_key)
    context.load_cert_chain(pki.admin, pki.admin_key)
    context.load_verify_locations(pki.ca)


def test_keys_are_private(pki: Pki) -> None:
    assert {key.stat().st_mode & 0o777 for key in pki.directory.glob("*.key")} == {0o600}


def test_a_second_start_changes_nothing(pki: Pki) -> None:
    before = {path: path.read_bytes() for path in pki.directory.iterdir()}

    assert not pki.ensure("127.0.0.1", NOW + timedelta(days=30))
    assert {path: path.read_bytes() for path in pki.directory.iterdir()} == before


def test_old_certificates_are_renewed_by_the_same_authority(pki: Pki) -> None:
    authority, server = pki.ca.read_bytes(), pki.server.read_bytes()
    later = NOW + CERTIFICATE_LIFE * 0.7

    assert pki.ensure("127.0.0.1", later)

    assert pki.ca.read_bytes() == authority
    assert pki.server.read_bytes() != server
    assert _certificate(pki.server).not_valid_after_utc > later + CERTIFICATE_LIFE * 0.9


def test_an_authority_that_would_end_first_is_replaced(pki: Pki) -> None:
    authority = pki.ca.read_bytes()

    pki.ensure("127.0.0.1", NOW + timedelta(days=3600))

    assert pki.ca.read_bytes() != authority


@pytest.mark.parametrize("missing", ["ca.crt", "server.key", "admin.crt", "renew-after"])
def test_a_missing_file_is_made_again(pki: Pki, missing: str) -> None:
    (pki.directory / missing).unlink()

    assert pki.ensure("127.0.0.1", NOW)
    assert (pki.directory / missing).is_file()
    _certificate(pki.server).verify_directly_issued_by(_certificate(pki.ca))


@pytest.mark.parametrize("host", ["192.0.2.7", "cluster.example"])
def test_another_address_is_another_certificate(pki: Pki, host: str) -> None:
    assert pki.ensure(host, NOW)

    names = _certificate(pki.server).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert host in {str(name.value) for name in names}
