"""The kind ``SelfSubjectReview``: who am I? (``kubectl auth whoami``)."""

from lightkube.models import authentication_v1 as authentication

from kubernel.objects.kind import Kind

__all__ = ["SELF_SUBJECT_REVIEW"]

SELF_SUBJECT_REVIEW = Kind(
    type=authentication.SelfSubjectReview,
    group="authentication.k8s.io",
    version="v1",
    name="SelfSubjectReview",
    plural="selfsubjectreviews",
    singular="selfsubjectreview",
    namespaced=False,
    verbs=("create",),
)
