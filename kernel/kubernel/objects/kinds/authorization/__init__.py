"""The kinds of ``authorization.k8s.io``: questions about who may do what. None is stored."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.authorization.local_subject_access_review import LOCAL_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.self_subject_access_review import SELF_SUBJECT_ACCESS_REVIEW
from kubernel.objects.kinds.authorization.self_subject_rules_review import SELF_SUBJECT_RULES_REVIEW
from kubernel.objects.kinds.authorization.subject_access_review import SUBJECT_ACCESS_REVIEW

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (
    LOCAL_SUBJECT_ACCESS_REVIEW,
    SELF_SUBJECT_ACCESS_REVIEW,
    SELF_SUBJECT_RULES_REVIEW,
    SUBJECT_ACCESS_REVIEW,
)
