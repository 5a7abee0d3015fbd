"""The kind ``ClusterRole``: what may be done in the whole cluster, or in whichever namespace it is bound in."""

from collections.abc import Iterable

from kubernel.objects.cells import CREATED_AT, NAME
from kubernel.objects.errors import FieldError, field_required
from kubernel.objects.kind import Kind
from kubernel.objects.models import rbac
from kubernel.objects.rbac import RBAC_GROUP, policy_rule_errors
from kubernel.objects.rules.names import path_segment_errors
from kubernel.objects.selectors import label_selector_errors

__all__ = ["CLUSTER_ROLE"]


def _validate(role: rbac.ClusterRole) -> Iterable[FieldError]:
    yield from policy_rule_errors(role.rules, is_namespaced=False)
    if role.aggregationRule is not None:
        path = "aggregationRule.clusterRoleSelectors"
        if not role.aggregationRule.clusterRoleSelectors:
            why = "at least one clusterRoleSelector required if aggregationRule is non-nil"
            yield field_required(path, why)
        for i, selector in enumerate(role.aggregationRule.clusterRoleSelectors or ()):
            yield from label_selector_errors(selector, f"{path}[{i}]")


CLUSTER_ROLE = Kind(
    type=rbac.ClusterRole,
    group=RBAC_GROUP,
    version="v1",
    name="ClusterRole",
    plural="clusterroles",
    singular="clusterrole",
    namespaced=False,
    name_errors=path_segment_errors,
    validate=_validate,
    columns=(NAME, CREATED_AT),
)
