"""Who brings a service account's token: the account, if it and what the token is bound to still exist.

Source: Kubernetes' validation of service-account claims, whose names for groups and extra fields these are.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from kubernel.auth.groups import AUTHENTICATED, SERVICE_ACCOUNT_PREFIX, service_account_groups
from kubernel.auth.service_accounts.claims import Claims, Reference
from kubernel.auth.service_accounts.tokens import ISSUER, InvalidToken, TokenSigner
from kubernel.objects.errors import unauthorized
from kubernel.objects.kinds.core.node import NODE
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.secret import SECRET
from kubernel.objects.kinds.core.service_account import SERVICE_ACCOUNT
from kubernel.objects.models import meta_of
from kubernel.objects.registry import AnyKind
from kubernel.plugin.hooks import ConnectionInfo, Identity, hookimpl
from kubernel.watch import Cache

__all__ = ["ServiceAccounts"]

_EXTRA = "authentication.kubernetes.io"
_DELETED_LEEWAY = timedelta(seconds=60)
"""How long the token of a pod that is going away is believed beyond the pod's grace (Kubernetes: the same)."""


class ServiceAccounts:
    """The authenticator of bearer tokens that this cluster has signed."""

    def __init__(self, signer: TokenSigner, cache: Callable[[], Cache]) -> None:
        self._signer = signer
        self._cache = cache

    @hookimpl
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Answer for tokens that name this cluster as their issuer.

        Raises:
            StatusError: 401, such a token is not (or no longer) to be believed; its cause says why.
        """
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = self._signer.check(token.strip())
            return None if claims is None else self._believe(claims, connection.audiences or (ISSUER,))
        except InvalidToken as error:
            raise unauthorized() from error

    def _believe(self, claims: Claims, audiences: Sequence[str]) -> Identity:
        meant = tuple(audience for audience in audiences if audience in claims.aud)
        if not meant:
            raise InvalidToken(f"token audiences {claims.aud} is invalid for the target audiences {list(audiences)}")
        subject = claims.kubernetes
        account, namespace = subject.serviceaccount, subject.namespace
        user = f"{SERVICE_ACCOUNT_PREFIX}{namespace}:{account.name}"
        if claims.sub != user:
            raise InvalidToken(f"the token's subject {claims.sub} is not its service account")
        self._require(SERVICE_ACCOUNT, namespace, account)
        for kind, bound in ((SECRET, subject.secret), (POD, subject.pod)):
            if bound is not None:
                self._require(kind, namespace, bound)
        if subject.node is not None and subject.pod is None:
            self._require(NODE, "", subject.node)
        groups = (*service_account_groups(namespace), AUTHENTICATED)
        return Identity(user, groups, account.uid, _extra(claims), meant)

    def _require(self, kind: AnyKind, namespace: str, wanted: Reference) -> None:
        record = self._cache().collection(kind).get(namespace, wanted.name)
        if record is None:
            raise InvalidToken(f'{kind.plural} "{wanted.name}" not found')
        metadata = meta_of(record.decode())
        if metadata.uid != wanted.uid:
            raise InvalidToken(f"the {kind.singular}'s UID ({metadata.uid}) does not match the claim ({wanted.uid})")
        ends = metadata.deletionTimestamp
        if ends is not None and ends < datetime.now(UTC) - _DELETED_LEEWAY:
            raise InvalidToken(f'{kind.singular} "{wanted.name}" has been deleted')


def _extra(claims: Claims) -> Mapping[str, tuple[str, ...]]:
    extra = {f"{_EXTRA}/credential-id": (f"JTI={claims.jti}",)}
    for name, bound in (("pod", claims.kubernetes.pod), ("node", claims.kubernetes.node)):
        if bound is not None:
            extra |= {f"{_EXTRA}/{name}-name": (bound.name,), f"{_EXTRA}/{name}-uid": (bound.uid,)}
    return extra
