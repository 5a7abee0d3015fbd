import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from kubernel.client import read_kubeconfig
from kubernel.cluster.state.credentials import ensure_token, write_kubeconfig
from kubernel.cluster.state.pki import Pki


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    made = Pki(tmp_path)
    made.ensure("127.0.0.1", datetime.now(UTC))
    return made


def test_the_token_stays(tmp_path: Path) -> None:
    path = tmp_path / "tokens.csv"

    first = ensure_token(path)

    assert ensure_token(path) == first
    assert path.read_text() == f"{first},kubernetes-admin,kubernetes-admin,system:masters\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_operators_tokens_stay_when_the_administrators_is_made(tmp_path: Path) -> None:
    path = tmp_path / "tokens.csv"
    path.write_text('abc,bob,7,"dev,ops"\n')

    token = ensure_token(path)

    assert path.read_text().splitlines() == [
        f"{token},kubernetes-admin,kubernetes-admin,system:masters",
        'abc,bob,7,"dev,ops"',
    ]


def test_the_kubeconfig_has_the_certificate_and_the_token(pki: Pki, tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"

    write_kubeconfig(path, "https://127.0.0.1:6443", pki, "s3cret")

    config = yaml.safe_load(path.read_text())
    user = config["users"][0]["user"]
    assert user["token"] == "s3cret"
    assert base64.b64decode(user["client-certificate-data"]) == pki.admin.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_our_own_client_reads_it(pki: Pki, tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    write_kubeconfig(path, "https://127.0.0.1:6443", pki, "s3cret")

    assert read_kubeconfig(path).server == "https://127.0.0.1:6443"


def test_an_unchanged_kubeconfig_is_not_touched_but_closed(pki: Pki, tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    write_kubeconfig(path, "https://127.0.0.1:6443", pki, "s3cret")
    path.chmod(0o644)
    before = path.stat().st_ino

    write_kubeconfig(path, "https://127.0.0.1:6443", pki, "s3cret")

    assert (path.stat().st_ino, path.stat().st_mode & 0o777) == (before, 0o600)
