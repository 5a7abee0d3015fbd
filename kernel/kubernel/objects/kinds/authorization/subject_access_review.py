"""The kind ``SubjectAccessReview``: may this one do that?"""

from collections.abc import Iterable

from lightkube.models import authorization_v1 as authorization

from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.authorization.questions import metadata_errors, question_errors, subject_errors

__all__ = ["SUBJECT_ACCESS_REVIEW"]


def _validate(review: authorization.SubjectAccessReview) -> Iterable[FieldError]:
    yield from question_errors(review.spec)
    yield from subject_errors(review.spec)
    yield from metadata_errors(review.metadata)


SUBJECT_ACCESS_REVIEW = Kind(
    type=authorization.SubjectAccessReview,
    group="authorization.k8s.io",
    version="v1",
    name="SubjectAccessReview",
    plural="subjectaccessreviews",
    singular="subjectaccessreview",
    namespaced=False,
    validate=_validate,
    verbs=("create",),
)
