"""The kind ``RoleBinding``: who has a role in one namespace."""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Kind
from kubernel.objects.models import rbac
from kubernel.objects.rbac import BINDING_COLUMNS, RBAC_GROUP, default_binding, role_ref_errors, subject_errors
from kubernel.objects.rules.names import path_segment_errors
from kubernel.objects.rules.values import immutable

__all__ = ["ROLE_BINDING"]


def _validate(binding: rbac.RoleBinding) -> Iterable[FieldError]:
    yield from role_ref_errors(binding.roleRef, ("Role", "ClusterRole"))
    yield from subject_errors(binding.subjects, is_namespaced=True)


ROLE_BINDING = Kind(
    type=rbac.RoleBinding,
    group=RBAC_GROUP,
    version="v1",
    name="RoleBinding",
    plural="rolebindings",
    singular="rolebinding",
    namespaced=True,
    name_errors=path_segment_errors,
    default=default_binding,
    validate=_validate,
    validate_update=lambda new, old: immutable(new.roleRef, old.roleRef, "roleRef", "cannot change roleRef"),
    columns=BINDING_COLUMNS,
)
