"""The kind ``SelfSubjectAccessReview``: may I do that? (``kubectl auth can-i``)."""

from collections.abc import Iterable

from lightkube.models import authorization_v1 as authorization

from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.authorization.questions import metadata_errors, question_errors

__all__ = ["SELF_SUBJECT_ACCESS_REVIEW"]


def _validate(review: authorization.SelfSubjectAccessReview) -> Iterable[FieldError]:
    yield from question_errors(review.spec)
    yield from metadata_errors(review.metadata)


SELF_SUBJECT_ACCESS_REVIEW = Kind(
    type=authorization.SelfSubjectAccessReview,
    group="authorization.k8s.io",
    version="v1",
    name="SelfSubjectAccessReview",
    plural="selfsubjectaccessreviews",
    singular="selfsubjectaccessreview",
    namespaced=False,
    validate=_validate,
    verbs=("create",),
)
