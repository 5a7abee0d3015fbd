"""Where the API server is and who we are: the current context of a kubeconfig.

The file is looked for at ``--kubeconfig``, then ``$KUBECONFIG``, then in the data directory of the cluster that
``kubernel up`` started (``$KUBERNEL_DATA`` or ``~/.kubernel``). Source of the format: client-go's
``tools/clientcmd/api/v1``. Credentials made by other programs (``exec``, ``auth-provider``) are not supported; the
error says so.
"""

import base64
import binascii
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kubernel.cli.errors import Failure

if TYPE_CHECKING:
    import ssl

__all__ = ["Target", "data_directory", "find_kubeconfig", "load_target"]


@dataclass(frozen=True, slots=True)
class Target:
    """An API server and our credentials there.

    Attributes:
        server: Its URL.
        namespace: The context's namespace.
        token: The bearer token; empty without.
        authority: The certificates that its own is checked with, as PEM; empty for the system's.
        certificate, key: Our client certificate, as PEM; empty without.
        verify: False when the kubeconfig says ``insecure-skip-tls-verify``.
    """

    server: str
    namespace: str = "default"
    token: str = ""
    authority: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True

    def tls(self) -> "ssl.SSLContext":
        """Make the TLS settings; a client certificate is only offered when there is no token."""
        import ssl  # noqa: PLC0415 - a plain-HTTP server needs none of it

        context = ssl.create_default_context(cadata=self.authority or None)
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate and not self.token:
            # OpenSSL reads certificates from files only; the file is private and gone when the block ends.
            with tempfile.NamedTemporaryFile("w", suffix=".pem") as pem:
                pem.write(f"{self.certificate}\n{self.key}")
                pem.flush()
                context.load_cert_chain(pem.name)
        return context


def data_directory() -> Path:
    """Return where ``kubernel up`` keeps its cluster when nobody says otherwise."""
    return Path(os.environ.get("KUBERNEL_DATA") or Path.home() / ".kubernel")


def find_kubeconfig(given: Path | None) -> Path:
    """Return the kubeconfig to use.

    Raises:
        Failure: There is none.
    """
    if given is not None:
        if not given.exists():
            raise Failure(f"{given}: no such kubeconfig")
        return given
    named = [Path(part) for part in os.environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    own = data_directory() / "kubeconfig"
    for candidate in [*named, own]:
        if candidate.exists():
            return candidate
    raise Failure(f"there is no cluster at {own.parent}; start one with `kubernel up`, or name one with --kubeconfig")


def load_target(path: Path, context: str = "") -> Target:
    """Read one context (the current one unless named) of the kubeconfig.

    Raises:
        Failure: The file cannot be read or the context is not in it.
    """
    try:
        document = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Failure(f"{path}: not a kubeconfig: {error}") from error
    if not isinstance(document, dict):
        raise Failure(f"{path}: not a kubeconfig: it must be a map")
    name = context or document.get("current-context") or ""
    chosen = _named(document, "contexts", "context", name, path)
    cluster = _named(document, "clusters", "cluster", chosen.get("cluster", ""), path)
    user = _named(document, "users", "user", chosen["user"], path) if chosen.get("user") else {}
    if "exec" in user or "auth-provider" in user:
        raise Failure(f"{path}: user {chosen['user']!r} gets its credentials from another program; use a token instead")
    return Target(
        server=str(cluster.get("server", "")).rstrip("/"),
        namespace=chosen.get("namespace") or "default",
        token=_token(user, path),
        authority=_pem(cluster, "certificate-authority", path),
        certificate=_pem(user, "client-certificate", path),
        key=_pem(user, "client-key", path),
        verify=not cluster.get("insecure-skip-tls-verify", False),
    )


def _named(document: dict[str, Any], plural: str, singular: str, name: str, path: Path) -> dict[str, Any]:
    for entry in document.get(plural) or ():
        if entry.get("name") == name:
            found = entry.get(singular) or {}
            assert isinstance(found, dict)
            return found
    raise Failure(f"{path}: there is no {singular} {name!r}")


def _token(user: dict[str, Any], path: Path) -> str:
    if file := user.get("tokenFile"):
        return _read(path.parent / file).strip()
    return str(user.get("token") or "")


def _pem(section: dict[str, Any], field: str, path: Path) -> str:
    if data := section.get(f"{field}-data"):
        try:
            return base64.b64decode(data, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Failure(f"{path}: {field}-data is not base64 of a PEM file") from error
    if file := section.get(field):
        return _read(path.parent / file)
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error
