"""A kubeconfig becomes an access, or an error that names the file and what is wrong."""

import base64
import ssl
from pathlib import Path

import pytest
import yaml
from kubernel.client import KubeconfigError, read_kubeconfig
from kubernel.client.kubeconfig import kubeconfig_path


def _write(folder: Path, *, user: dict[str, object], cluster: dict[str, object], context: str = "here") -> Path:
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
    }
    path.write_text(yaml.safe_dump(config))
    return path


def test_kubeconfig_with_inline_certificates_makes_a_tls_context(
    tmp_path: Path, key_and_certificate: tuple[bytes, bytes]
) -> None:
    key, certificate = key_and_certificate
    cluster: dict[str, object] = {
        "server": "https://127.0.0.1:6443",
        "certificate-authority-data": base64.b64encode(certificate).decode(),
    }
    user: dict[str, object] = {
        "client-certificate-data": base64.b64encode(certificate).decode(),
        "client-key-data": base64.b64encode(key).decode(),
    }

    access = read_kubeconfig(_write(tmp_path, user=user, cluster=cluster))

    assert (access.server, access.namespace) == ("https://127.0.0.1:6443", "shop")
    assert access.tls is not None
    assert access.tls.verify_mode is ssl.CERT_REQUIRED
    assert [ca["serialNumber"] for ca in access.tls.get_ca_certs()] == ["01"]


def test_kubeconfig_finds_files_beside_itself(tmp_path: Path, key_and_certificate: tuple[bytes, bytes]) -> None:
    _, certificate = key_and_certificate
    (tmp_path / "ca.pem").write_bytes(certificate)
    (tmp_path / "token").write_text("s3cret\n")
    cluster: dict[str, object] = {"server": "https://127.0.0.1:6443", "certificate-authority": "ca.pem"}

    access = read_kubeconfig(_write(tmp_path, user={"tokenFile": "token"}, cluster=cluster))

    assert access.headers == {"Authorization": "Bearer s3cret"}


def test_kubeconfig_with_a_token_over_plain_http_has_no_tls(tmp_path: Path) -> None:
    access = read_kubeconfig(_write(tmp_path, user={"token": "t"}, cluster={"server": "http://127.0.0.1:8080"}))

    assert (access.tls, access.headers) == (None, {"Authorization": "Bearer t"})


@pytest.mark.parametrize(
    ("user", "cluster", "context", "words"),
    [
        ({}, {"server": "http://x"}, "elsewhere", 'context "elsewhere" is not in the file'),
        ({}, {"server": 5}, "here", "server"),
        ({"exec": {"command": "aws"}}, {"server": "http://x"}, "here", "credential plugins"),
        ({}, {"server": "https://x", "certificate-authority-data": "%%"}, "here", "base64"),
        ({}, {"server": "https://x", "certificate-authority": "missing.pem"}, "here", "missing.pem"),
    ],
)
def test_wrong_kubeconfig_is_refused_with_file_and_reason(
    tmp_path: Path, user: dict[str, object], cluster: dict[str, object], context: str, words: str
) -> None:
    path = _write(tmp_path, user=user, cluster=cluster, context=context)

    with pytest.raises(KubeconfigError) as raised:
        read_kubeconfig(path)

    assert str(path) in str(raised.value)
    assert words in str(raised.value)


def test_missing_kubeconfig_is_named(tmp_path: Path) -> None:
    with pytest.raises(KubeconfigError, match="nowhere"):
        read_kubeconfig(tmp_path / "nowhere")


def test_first_entry_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", ":/one:/two")
    assert kubeconfig_path() == Path("/one")

    monkeypatch.delenv("KUBECONFIG")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert kubeconfig_path() == Path("/home/somebody/.kube/config")
