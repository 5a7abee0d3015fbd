"""Who is this? ``SelfSubjectReview`` for the one who asks, ``TokenReview`` for the bearer of a token."""

from lightkube.models import authentication_v1 as authentication

from kubernel.api.request.call import Answer, Call, now
from kubernel.api.reviews.reading import answered, read_review
from kubernel.auth.service_accounts import ISSUER
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds.authentication.self_subject_review import SELF_SUBJECT_REVIEW
from kubernel.objects.kinds.authentication.token_review import TOKEN_REVIEW
from kubernel.objects.models import meta_of
from kubernel.plugin.hooks import ConnectionInfo, Identity

__all__ = ["review_self", "review_token"]


async def review_self(call: Call) -> Answer:
    """Tell who asks."""
    review = read_review(call, SELF_SUBJECT_REVIEW)
    meta_of(review).creationTimestamp = now()
    review.status = authentication.SelfSubjectReviewStatus(userInfo=_user(call.identity))
    return answered(call, review)


async def review_token(call: Call) -> Answer:
    """Tell whose token it is, and for which of the wanted audiences it is good."""
    review = read_review(call, TOKEN_REVIEW)
    review.status = _status(call, review.spec.token, tuple(review.spec.audiences or ()))
    return answered(call, review)


def _status(call: Call, token: str, wanted: tuple[str, ...]) -> authentication.TokenReviewStatus:
    refused = authentication.TokenReviewStatus(authenticated=False)
    headers = {"authorization": f"Bearer {token}"}
    try:
        identity = call.state.hooks.authenticate(ConnectionInfo(headers, audiences=wanted))
    except StatusError as error:
        # The client of a review is trusted with the reason; who brings the token is not.
        refused.error = f"[invalid bearer token, {error.__cause__ or error}]"
        return refused
    if identity is None:
        refused.error = "invalid bearer token"
        return refused
    audiences = identity.audiences or (ISSUER,)
    meant = [audience for audience in wanted if audience in audiences] if wanted else list(audiences)
    if not meant:
        refused.error = f"token audiences {list(audiences)} is invalid for the target audiences {list(wanted)}"
        return refused
    return authentication.TokenReviewStatus(authenticated=True, user=_user(identity), audiences=meant)


def _user(identity: Identity) -> authentication.UserInfo:
    return authentication.UserInfo(
        username=identity.user,
        uid=identity.uid or None,
        groups=list(identity.groups),
        extra={key: list(values) for key, values in identity.extra.items()} or None,
    )
