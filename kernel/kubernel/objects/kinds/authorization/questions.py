"""The rules that the access reviews share: what must be asked for, and of whom.

Source: Kubernetes' ``pkg/apis/authorization/validation``, its words included.
"""

from collections.abc import Iterable

from lightkube.models import authorization_v1 as authorization

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.models import meta

__all__ = ["metadata_errors", "question_errors", "subject_errors"]

Question = authorization.SubjectAccessReviewSpec | authorization.SelfSubjectAccessReviewSpec


def question_errors(spec: Question) -> Iterable[FieldError]:
    """Check that exactly one thing is asked."""
    has_resource, path = spec.resourceAttributes is not None, spec.nonResourceAttributes
    if has_resource and path is not None:
        why = "cannot be specified in combination with resourceAttributes"
        yield field_invalid("spec.nonResourceAttributes", path, why)
    if path is None and not has_resource:
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        yield field_invalid("spec.resourceAttributes", None, why)


def subject_errors(spec: authorization.SubjectAccessReviewSpec) -> Iterable[FieldError]:
    """Check that somebody is asked about."""
    if not spec.user and not spec.groups:
        yield field_invalid("spec.user", "", "at least one of user or group must be specified")


def metadata_errors(metadata: meta.ObjectMeta | None, *, may_have_namespace: bool = False) -> Iterable[FieldError]:
    """Check that a question has no name of its own: it is not kept."""
    if metadata is None:
        return
    allowed = {"managedFields", "namespace"} if may_have_namespace else {"managedFields"}
    if any(getattr(metadata, name) for name in metadata.__struct_fields__ if name not in allowed):
        why = "must be empty except for namespace" if may_have_namespace else "must be empty"
        yield field_invalid("metadata", metadata, why)
