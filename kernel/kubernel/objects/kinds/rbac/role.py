"""The kind ``Role``: what may be done in one namespace."""

from kubernel.objects.cells import CREATED_AT, NAME
from kubernel.objects.kind import Kind
from kubernel.objects.models import rbac
from kubernel.objects.rbac import RBAC_GROUP, policy_rule_errors
from kubernel.objects.rules.names import path_segment_errors

__all__ = ["ROLE"]

ROLE = Kind(
    type=rbac.Role,
    group=RBAC_GROUP,
    version="v1",
    name="Role",
    plural="roles",
    singular="role",
    namespaced=True,
    name_errors=path_segment_errors,
    validate=lambda role: policy_rule_errors(role.rules, is_namespaced=True),
    columns=(NAME, CREATED_AT),
)
