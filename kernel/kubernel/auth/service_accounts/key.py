"""The cluster's key for tokens: an elliptic-curve key in one file (mode 0600), made when it is first needed."""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kubernel.objects.models import Plain

__all__ = ["SigningKey", "load_or_make"]

ALGORITHM = "ES256"
_COORDINATE_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key with the name by which tokens say which key signed them.

    Attributes:
        private: The key.
        id: Made of the public half, so that it is the same in every process and after every start.
    """

    private: ec.EllipticCurvePrivateKey
    id: str

    def jwk(self) -> Plain:
        """Return the public half as a JSON Web Key."""
        numbers = self.private.public_key().public_numbers()
        x, y = (_base64(number.to_bytes(_COORDINATE_BYTES)) for number in (numbers.x, numbers.y))
        return {"use": "sig", "kty": "EC", "kid": self.id, "crv": "P-256", "alg": ALGORITHM, "x": x, "y": y}


def load_or_make(path: Path) -> SigningKey:
    """Return the key of the file, which is made when it is absent; several processes may do so at once.

    Raises:
        OSError: The file can neither be read nor written.
        ValueError: It holds no elliptic-curve key.
    """
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path}: must be an elliptic-curve key over P-256")  # noqa: TRY004 - wrong value
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(key, _base64(hashlib.sha256(public).digest()))


def _make(path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename it leaves alone what another process has made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
