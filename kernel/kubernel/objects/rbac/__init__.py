"""What roles and bindings say: rules of what may be done, and the subjects who may do it."""

from kubernel.objects.rbac.rules import policy_rule_errors
from kubernel.objects.rbac.subjects import BINDING_COLUMNS, RBAC_GROUP, default_binding, role_ref_errors, subject_errors

__all__ = [
    "BINDING_COLUMNS",
    "RBAC_GROUP",
    "default_binding",
    "policy_rule_errors",
    "role_ref_errors",
    "subject_errors",
]
