"""The kind ``SelfSubjectRulesReview``: what may I do here? (``kubectl auth can-i --list``)."""

from lightkube.models import authorization_v1 as authorization

from kubernel.objects.kind import Kind

__all__ = ["SELF_SUBJECT_RULES_REVIEW"]

SELF_SUBJECT_RULES_REVIEW = Kind(
    type=authorization.SelfSubjectRulesReview,
    group="authorization.k8s.io",
    version="v1",
    name="SelfSubjectRulesReview",
    plural="selfsubjectrulesreviews",
    singular="selfsubjectrulesreview",
    namespaced=False,
    verbs=("create",),
)
