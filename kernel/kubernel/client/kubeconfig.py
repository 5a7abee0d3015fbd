"""Reads a kubeconfig: where the cluster is, whom it trusts, and who we are.

Understands what `kubernel up` and kubeadm write: CA, client certificate and key (inline or as files), bearer token
(inline or as a file), the context's namespace. Credential plugins (``exec``, ``auth-provider``) are refused by name
rather than ignored, because a silently anonymous client is the harder error to find.
"""

import base64
import os
import ssl
import tempfile
from pathlib import Path

import msgspec
import yaml

from kubernel.client.transport import Access

__all__ = ["KubeconfigError", "kubeconfig_path", "read_kubeconfig"]


class KubeconfigError(Exception):
    """The kubeconfig is missing or wrong; the message names the file and the field."""


class _Cluster(msgspec.Struct, rename="kebab"):
    server: str
    certificate_authority: str | None = None
    certificate_authority_data: str | None = None
    insecure_skip_tls_verify: bool = False


class _User(msgspec.Struct, rename="kebab"):
    client_certificate: str | None = None
    client_certificate_data: str | None = None
    client_key: str | None = None
    client_key_data: str | None = None
    token: str | None = None
    token_file: str | None = msgspec.field(default=None, name="tokenFile")
    exec: object | None = None
    auth_provider: object | None = None


class _Context(msgspec.Struct):
    cluster: str
    user: str = ""
    namespace: str = "default"


class _NamedCluster(msgspec.Struct):
    name: str
    cluster: _Cluster


class _NamedUser(msgspec.Struct):
    name: str
    user: _User | None = None


class _NamedContext(msgspec.Struct):
    name: str
    context: _Context


class _Kubeconfig(msgspec.Struct):
    clusters: list[_NamedCluster] | None = None
    users: list[_NamedUser] | None = None
    contexts: list[_NamedContext] | None = None
    current_context: str = msgspec.field(default="", name="current-context")


def kubeconfig_path() -> Path:
    """Return the file that kubectl would read: the first of ``$KUBECONFIG``, else ``~/.kube/config``."""
    listed = [entry for entry in os.environ.get("KUBECONFIG", "").split(os.pathsep) if entry]
    return Path(listed[0]) if listed else Path.home() / ".kube" / "config"


def read_kubeconfig(path: Path | None = None, context: str | None = None) -> Access:
    """Return the access that a context of the file describes. Blocks; files are small and local.

    Args:
        path: The file; ``None`` finds it as kubectl does.
        context: The context's name; ``None`` takes the file's current one.

    Raises:
        KubeconfigError: The file, the context or a credential is missing or cannot be read.
    """
    path = path or kubeconfig_path()
    try:
        config = msgspec.convert(yaml.safe_load(path.read_bytes()) or {}, _Kubeconfig)
        return _access(config, context or config.current_context, path.parent)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, ValueError, LookupError) as error:
        raise KubeconfigError(f"{path}: {error}") from error


def _access(config: _Kubeconfig, wanted: str, folder: Path) -> Access:
    context = next((c.context for c in config.contexts or () if c.name == wanted), None)
    if context is None:
        raise ValueError(f'context "{wanted}" is not in the file')
    cluster = next((c.cluster for c in config.clusters or () if c.name == context.cluster), None)
    if cluster is None:
        raise ValueError(f'cluster "{context.cluster}" of context "{wanted}" is not in the file')
    user = next((u.user for u in config.users or () if u.name == context.user), None) or _User()
    if user.exec is not None or user.auth_provider is not None:
        raise ValueError(f'user "{context.user}": credential plugins (exec, auth-provider) are not supported')
    token = user.token or (_path(folder, user.token_file).read_text().strip() if user.token_file else "")
    return Access(
        cluster.server,
        tls=_tls(cluster, user, folder) if cluster.server.startswith("https:") else None,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        namespace=context.namespace,
    )


def _tls(cluster: _Cluster, user: _User, folder: Path) -> ssl.SSLContext:
    authority = _content(folder, cluster.certificate_authority, cluster.certificate_authority_data)
    context = ssl.create_default_context(cadata=authority.decode() if authority else None)
    if cluster.insecure_skip_tls_verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    certificate = _content(folder, user.client_certificate, user.client_certificate_data)
    key = _content(folder, user.client_key, user.client_key_data)
    if certificate and key:
        _load_certificate(context, certificate, key)
    return context


def _load_certificate(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """Hand the pair to OpenSSL, which reads files only; the file is ours alone (0600) and gone at once."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(certificate.rstrip() + b"\n" + key)
        file.flush()
        context.load_cert_chain(file.name)


def _content(folder: Path, name: str | None, data: str | None) -> bytes | None:
    if data:
        return base64.b64decode(data, validate=True)
    return _path(folder, name).read_bytes() if name else None


def _path(folder: Path, name: str) -> Path:
    """Resolve as kubectl does: relative to the kubeconfig's folder."""
    return folder / name
