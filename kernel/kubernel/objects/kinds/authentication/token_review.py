"""The kind ``TokenReview``: whose token is this?"""

from collections.abc import Iterable

from lightkube.models import authentication_v1 as authentication

from kubernel.objects.errors import FieldError, field_required
from kubernel.objects.kind import Kind

__all__ = ["TOKEN_REVIEW"]


def _validate(review: authentication.TokenReview) -> Iterable[FieldError]:
    if not review.spec.token:
        yield field_required("spec.token")


TOKEN_REVIEW = Kind(
    type=authentication.TokenReview,
    group="authentication.k8s.io",
    version="v1",
    name="TokenReview",
    plural="tokenreviews",
    singular="tokenreview",
    namespaced=False,
    validate=_validate,
    verbs=("create",),
)
