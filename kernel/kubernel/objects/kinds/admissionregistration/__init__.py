"""The kinds of the group ``admissionregistration.k8s.io``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.admissionregistration.mutating_policy import MUTATING_POLICY
from kubernel.objects.kinds.admissionregistration.mutating_policy_binding import MUTATING_POLICY_BINDING
from kubernel.objects.kinds.admissionregistration.mutating_webhooks import MUTATING_WEBHOOKS
from kubernel.objects.kinds.admissionregistration.validating_policy import VALIDATING_POLICY
from kubernel.objects.kinds.admissionregistration.validating_policy_binding import VALIDATING_POLICY_BINDING
from kubernel.objects.kinds.admissionregistration.validating_webhooks import VALIDATING_WEBHOOKS

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (
    MUTATING_POLICY,
    MUTATING_POLICY_BINDING,
    MUTATING_WEBHOOKS,
    VALIDATING_POLICY,
    VALIDATING_POLICY_BINDING,
    VALIDATING_WEBHOOKS,
)
