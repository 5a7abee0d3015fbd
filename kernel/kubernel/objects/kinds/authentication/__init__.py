"""The kinds of ``authentication.k8s.io``: questions about who somebody is. None is stored."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.authentication.self_subject_review import SELF_SUBJECT_REVIEW
from kubernel.objects.kinds.authentication.token_review import TOKEN_REVIEW

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (SELF_SUBJECT_REVIEW, TOKEN_REVIEW)
