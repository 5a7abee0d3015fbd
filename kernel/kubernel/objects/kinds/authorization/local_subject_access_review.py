"""The kind ``LocalSubjectAccessReview``: may this one do that, in this namespace?"""

from collections.abc import Iterable

from lightkube.models import authorization_v1 as authorization

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.authorization.questions import metadata_errors, question_errors, subject_errors

__all__ = ["LOCAL_SUBJECT_ACCESS_REVIEW"]


def _validate(review: authorization.LocalSubjectAccessReview) -> Iterable[FieldError]:
    spec, namespace = review.spec, (review.metadata.namespace if review.metadata else None) or ""
    yield from question_errors(spec)
    yield from subject_errors(spec)
    yield from metadata_errors(review.metadata, may_have_namespace=True)
    if spec.resourceAttributes is not None and (spec.resourceAttributes.namespace or "") != namespace:
        asked = spec.resourceAttributes.namespace or ""
        yield field_invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace")
    if spec.nonResourceAttributes is not None:
        why = "disallowed on this kind of request"
        yield field_invalid("spec.nonResourceAttributes", spec.nonResourceAttributes, why)


LOCAL_SUBJECT_ACCESS_REVIEW = Kind(
    type=authorization.LocalSubjectAccessReview,
    group="authorization.k8s.io",
    version="v1",
    name="LocalSubjectAccessReview",
    plural="localsubjectaccessreviews",
    singular="localsubjectaccessreview",
    namespaced=True,
    validate=_validate,
    verbs=("create",),
)
