"""May this be done? The three access reviews: for anybody, for anybody in one namespace, for the one who asks."""

from lightkube.models import authorization_v1 as authorization

from kubernel.api.request.call import Answer, Call
from kubernel.api.reviews.reading import answered, read_review
from kubernel.objects.kinds.authorization.local_subject_access_review import LOCAL_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.self_subject_access_review import SELF_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.subject_access_review import SUBJECT_ACCESS_REVIEW
from kubernel.plugin.hooks import Attributes, Identity

__all__ = ["review_access", "review_local_access", "review_own_access"]

Question = authorization.SubjectAccessReviewSpec | authorization.SelfSubjectAccessReviewSpec


async def review_access(call: Call) -> Answer:
    """Tell whether somebody may do something."""
    review = read_review(call, SUBJECT_ACCESS_REVIEW)
    review.status = _status(call, _subject(review.spec), review.spec)
    return answered(call, review)


async def review_local_access(call: Call) -> Answer:
    """Tell whether somebody may do something in the namespace of the path."""
    review = read_review(call, LOCAL_SUBJECT_ACCESS_REVIEW)
    review.status = _status(call, _subject(review.spec), review.spec)
    return answered(call, review)


async def review_own_access(call: Call) -> Answer:
    """Tell whether the one who asks may do something."""
    review = read_review(call, SELF_SUBJECT_ACCESS_REVIEW)
    review.status = _status(call, call.identity, review.spec)
    return answered(call, review)


def _subject(spec: authorization.SubjectAccessReviewSpec) -> Identity:
    extra = {key: tuple(values) for key, values in (spec.extra or {}).items()}
    return Identity(spec.user or "", tuple(spec.groups or ()), spec.uid or "", extra)


def _status(call: Call, identity: Identity, spec: Question) -> authorization.SubjectAccessReviewStatus:
    decision = call.state.hooks.authorize(_attributes(identity, spec))
    if decision is None:
        return authorization.SubjectAccessReviewStatus(allowed=False)
    return authorization.SubjectAccessReviewStatus(
        allowed=decision.is_allowed, denied=not decision.is_allowed or None, reason=decision.reason or None
    )


def _attributes(identity: Identity, spec: Question) -> Attributes:
    path, wanted = spec.nonResourceAttributes, spec.resourceAttributes
    if path is not None:
        return Attributes(identity, path.verb or "", path.path or "")
    assert wanted is not None, "the kind's rules ask for one of the two"
    return Attributes(
        identity,
        verb=wanted.verb or "",
        path="",
        group=wanted.group or "",
        version=wanted.version or "",
        resource=wanted.resource or "",
        subresource=wanted.subresource or "",
        namespace=wanted.namespace or "",
        name=wanted.name or "",
    )
