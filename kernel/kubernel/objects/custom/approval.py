"""Groups that belong to the Kubernetes community: definitions in them name their approval in an annotation.

Source: apiextensions-apiserver ``pkg/apihelpers`` and ``pkg/controller/apiapproval``.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from kubernel.objects.custom.definition import Definition
from kubernel.objects.models import meta_of

__all__ = ["ANNOTATION", "Approval", "approval_of"]

ANNOTATION = "api-approved.kubernetes.io"
_GROUPS = ("k8s.io", "kubernetes.io")
_SEE = "see https://github.com/kubernetes/enhancements/pull/1111"


@dataclass(frozen=True, slots=True)
class Approval:
    """What the annotation says.

    Attributes:
        condition: The reason of the condition ``KubernetesAPIApprovalPolicyConformant``.
        status: Its status.
        message: Its message, and the words of the error when the annotation is refused.
        value: The annotation; empty when it is missing.
    """

    condition: str
    status: str
    message: str
    value: str = ""


def approval_of(definition: Definition) -> Approval | None:
    """Return the approval of a definition in a protected group; ``None`` for all other groups."""
    group = definition.spec.group
    if not any(group == protected or group.endswith(f".{protected}") for protected in _GROUPS):
        return None
    value = (meta_of(definition).annotations or {}).get(ANNOTATION, "")
    wants = f'protected groups must have approval annotation "{ANNOTATION}"'
    if not value:
        return Approval("MissingAnnotation", "False", f"{wants}, {_SEE}")
    if value.startswith("unapproved"):
        return Approval("UnapprovedAnnotation", "False", f'not approved: "{value}"', value)
    try:
        url = urlsplit(value)
    except ValueError:
        url = urlsplit("")
    if url.scheme and url.netloc:
        return Approval("ApprovedAnnotation", "True", f"approved in {value}", value)
    why = f'{wants} with either a URL or a reason starting with "unapproved", {_SEE}'
    return Approval("InvalidAnnotation", "False", why, value)
