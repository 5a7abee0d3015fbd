"""The administrator's access: a bearer token for the server's token file, and the kubeconfig that holds it."""

import base64
import csv
import io
import secrets
from pathlib import Path

import yaml

from kubernel.cluster.state.datadir import write_private
from kubernel.cluster.state.pki import ADMIN_GROUP, ADMIN_USER, Pki

__all__ = ["ensure_token", "write_kubeconfig"]

TOKEN_BYTES = 32
CLUSTER = "kubernel"


def ensure_token(path: Path) -> str:
    """Return the administrator's token, making the token file when there is none.

    Its lines are Kubernetes' own: ``token,user,uid,"group1,group2"``; an operator may add some.
    """
    if path.is_file():
        for row in csv.reader(io.StringIO(path.read_text())):
            if row[1:2] == [ADMIN_USER]:
                return row[0]
    token = secrets.token_urlsafe(TOKEN_BYTES)
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([token, ADMIN_USER, ADMIN_USER, ADMIN_GROUP])
    others = path.read_bytes() if path.is_file() else b""
    write_private(path, line.getvalue().encode() + others)
    return token


def write_kubeconfig(path: Path, url: str, pki: Pki, token: str) -> None:
    """Write the kubeconfig, unless it says exactly this already."""
    content = yaml.safe_dump(_kubeconfig(url, pki, token), sort_keys=False).encode()
    if not path.is_file() or path.read_bytes() != content:
        write_private(path, content)
    path.chmod(0o600)


def _kubeconfig(url: str, pki: Pki, token: str) -> dict[str, object]:
    cluster = {"certificate-authority-data": _embedded(pki.ca), "server": url}
    user = {
        "client-certificate-data": _embedded(pki.admin),
        "client-key-data": _embedded(pki.admin_key),
        "token": token,
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CLUSTER, "cluster": cluster}],
        "users": [{"name": ADMIN_USER, "user": user}],
        "contexts": [{"name": CLUSTER, "context": {"cluster": CLUSTER, "user": ADMIN_USER}}],
        "current-context": CLUSTER,
        "preferences": {},
    }


def _embedded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
