"""Signing tokens and checking signatures; what is signed is the business of others."""

import base64
import binascii
from collections import OrderedDict
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import msgspec

from kubernel.auth.service_accounts.claims import Claims
from kubernel.objects.models import Plain

if TYPE_CHECKING:
    from jwt.types import Options

    from kubernel.auth.service_accounts.key import SigningKey

__all__ = ["ISSUER", "InvalidToken", "TokenSigner"]

ISSUER = "https://kubernetes.default.svc.cluster.local"
"""Who signs, in the tokens; also the audience that a token has when nobody asks for another."""

_LEEWAY_S = 60
"""How much the clocks of two machines may differ (Kubernetes' library: a minute)."""

_CHECKED_MAX = 2_000
_PARTS = 3


class InvalidToken(Exception):  # noqa: N818 - named after the condition
    """The token is ours and not to be believed; the sentence says why, and is not for the client."""


class TokenSigner:
    """The cluster's key at work. It is read, or made, when the first token comes by.

    A signature takes a tenth of a millisecond to check, once for each request of a client: what was checked is
    remembered.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: SigningKey | None = None
        self._checked: OrderedDict[str, Claims] = OrderedDict()

    def sign(self, claims: Claims) -> str:
        """Return the token that says this."""
        import jwt  # noqa: PLC0415 - with cryptography 20 MiB, which a server without such tokens does without

        key = self._signing_key()
        return jwt.encode(msgspec.to_builtins(claims), key.private, algorithm="ES256", headers={"kid": key.id})

    def check(self, token: str) -> Claims | None:
        """Return what a token says; ``None`` when it does not claim to be one of this cluster's.

        Raises:
            InvalidToken: It claims to be, and its signature or its times are wrong.
        """
        claims = self._checked.get(token)
        if claims is None:
            if not _claims_to_be_ours(token):
                return None
            claims = self._checked[token] = self._verified(token)
            if len(self._checked) > _CHECKED_MAX:
                self._checked.popitem(last=False)
        _check_times(claims)
        return claims

    def jwks(self) -> Plain:
        """Return the public key, for others who want to check tokens."""
        return {"keys": [self._signing_key().jwk()]}

    def _verified(self, token: str) -> Claims:
        import jwt  # noqa: PLC0415 - as above

        public = self._signing_key().private.public_key()
        # The times are checked at every use of the token, not once.
        options: Options = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            said = jwt.decode(token, public, algorithms=["ES256"], issuer=ISSUER, options=options)
            return msgspec.convert(said, Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError) as error:
            raise InvalidToken(f"the token cannot be verified: {error}") from error

    def _signing_key(self) -> "SigningKey":
        if self._key is None:
            from kubernel.auth.service_accounts.key import load_or_make  # noqa: PLC0415 - brings cryptography; as above

            self._key = load_or_make(self._path)
        return self._key


def _claims_to_be_ours(token: str) -> bool:
    parts = token.split(".")
    if len(parts) != _PARTS:
        return False
    try:
        said = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("iss") == ISSUER


def _check_times(claims: Claims) -> None:
    now = time()
    if now > claims.exp + _LEEWAY_S:
        raise InvalidToken("service account token has expired")
    if now < claims.nbf - _LEEWAY_S:
        raise InvalidToken("service account token is not valid yet")
