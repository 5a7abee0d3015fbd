"""The subresource ``token`` of service accounts: a token with which a program can be that account for a while.

Source: Kubernetes' registry for ``serviceaccounts/token``, whose words the refusals are.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from time import time

from lightkube.models import authentication_v1 as authentication

from kubernel.api.request.bodies import read_as
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.write_options import check_write_options
from kubernel.api.verbs.reads import find
from kubernel.auth.groups import SERVICE_ACCOUNT_PREFIX
from kubernel.auth.service_accounts import ISSUER, Claims, Reference, Subject
from kubernel.objects import codec
from kubernel.objects.errors import FieldError, bad_request, conflict, field_invalid, invalid, not_found
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.core.node import NODE
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.kinds.core.secret import SECRET
from kubernel.objects.metadata import new_uid
from kubernel.objects.models import core, meta_of
from kubernel.objects.registry import AnyKind
from kubernel.watch import Record

__all__ = ["TOKEN_REQUEST", "request_token"]

_DEFAULT_S, _LEAST_S, _MOST_S = 3_600, 600, 2**32
_BINDABLE: dict[str, AnyKind] = {"Pod": POD, "Secret": SECRET, "Node": NODE}


def _default(request: authentication.TokenRequest) -> None:
    spec = request.spec = request.spec or authentication.TokenRequestSpec()
    if spec.expirationSeconds is None:
        spec.expirationSeconds = _DEFAULT_S
    if not spec.audiences:
        spec.audiences = [ISSUER]


def _validate(request: authentication.TokenRequest) -> Iterable[FieldError]:
    seconds = (request.spec.expirationSeconds if request.spec else None) or 0
    if seconds < _LEAST_S:
        why = "may not specify a duration less than 10 minutes"
        yield field_invalid("spec.expirationSeconds", seconds, why)
    if seconds > _MOST_S:
        why = "may not specify a duration larger than 2^32 seconds"
        yield field_invalid("spec.expirationSeconds", seconds, why)


TOKEN_REQUEST: Kind[authentication.TokenRequest] = Kind(
    type=authentication.TokenRequest,
    group="authentication.k8s.io",
    version="v1",
    name="TokenRequest",
    plural="tokenrequests",
    singular="tokenrequest",
    namespaced=True,
    default=_default,
    validate=_validate,
)
"""The kind of what is exchanged; it is never stored."""


async def request_token(call: Call) -> Answer:
    """Answer with a signed token for the account."""
    check_write_options(call, "CreateOptions")
    request = _read(call)
    account = find(call).decode()
    spec, now_s = request.spec, int(time())
    assert spec is not None
    assert spec.expirationSeconds is not None
    expires_s = now_s + spec.expirationSeconds
    namespace, name = call.target.namespace, call.target.name
    claims = Claims(
        aud=spec.audiences or [ISSUER],
        exp=expires_s,
        iat=now_s,
        iss=ISSUER,
        jti=new_uid(),
        kubernetes=_subject(call, _reference(meta_of(account).name, meta_of(account).uid), spec.boundObjectRef),
        nbf=now_s,
        sub=f"{SERVICE_ACCOUNT_PREFIX}{namespace}:{name}",
    )
    metadata = meta_of(request)
    metadata.name, metadata.namespace = name, namespace
    metadata.creationTimestamp = datetime.fromtimestamp(now_s, UTC)
    request.status = authentication.TokenRequestStatus(
        expirationTimestamp=datetime.fromtimestamp(expires_s, UTC), token=call.state.signer.sign(claims)
    )
    return Answer(201, codec.encode(request), warnings=call.warnings)


def _read(call: Call) -> authentication.TokenRequest:
    request = read_as(call, TOKEN_REQUEST)
    metadata = meta_of(request)
    TOKEN_REQUEST.default(request)
    errors = list(TOKEN_REQUEST.validate(request))
    for field, said, is_so in (
        ("name", metadata.name, call.target.name),
        ("namespace", metadata.namespace, call.target.namespace),
    ):
        if said and said != is_so:
            why = f"must match the service account {field} if specified"
            errors.append(field_invalid(f"metadata.{field}", said, why))
    if errors:
        raise invalid("TokenRequest", call.target.name, errors, "authentication.k8s.io")
    return request


def _reference(name: str | None, uid: str | None) -> Reference:
    return Reference(name or "", uid or "")


def _subject(call: Call, account: Reference, bound: authentication.BoundObjectReference | None) -> Subject:
    """Return whose token it is and what it is bound to.

    Raises:
        StatusError: 400, 404 or 409: it cannot be bound to that.
    """
    namespace = call.target.namespace
    if bound is None:
        return Subject(namespace, account)
    group, _, version = (bound.apiVersion or "").rpartition("/")
    kind = _BINDABLE.get(bound.kind or "") if not group else None
    if kind is None:
        raise bad_request(f"cannot bind token to object of type {group}/{version}, Kind={bound.kind or ''}")
    record = _find_bound(call, kind, bound.name or "")
    obj = record.decode()
    uid = meta_of(obj).uid
    if bound.uid and bound.uid != uid:
        why = (
            f"the UID in the bound object reference ({bound.uid}) does not match the UID in record. "
            "The object might have been deleted and then recreated"
        )
        raise conflict(bound.kind or "", bound.name or "", why=why)
    reference = _reference(bound.name, uid)
    if isinstance(obj, core.Pod):
        return _bound_to_pod(call, account, reference, obj)
    if kind is SECRET:
        return Subject(namespace, account, secret=reference)
    return Subject(namespace, account, node=reference)


def _find_bound(call: Call, kind: AnyKind, name: str) -> Record:
    record = call.state.cache.collection(kind).get(call.target.namespace if kind.namespaced else "", name)
    if record is None:
        raise not_found(kind.plural, name)
    return record


def _bound_to_pod(call: Call, account: Reference, reference: Reference, pod: core.Pod) -> Subject:
    spec = pod.spec
    if spec is None or (spec.serviceAccountName or "default") != account.name:
        raise bad_request(
            f'cannot bind token for serviceaccount "{account.name}" to pod running with different serviceaccount name.'
        )
    node = None
    if spec.nodeName:
        record = call.state.cache.collection(NODE).get("", spec.nodeName)
        uid = meta_of(record.decode()).uid if record is not None else None
        node = _reference(spec.nodeName, uid)
    return Subject(call.target.namespace, account, pod=reference, node=node)
