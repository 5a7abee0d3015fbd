"""Who a binding names and which role it gives them.

Source: Kubernetes' ``pkg/apis/rbac/validation``, ``pkg/apis/rbac/v1/defaults.go``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.kind import Column
from kubernel.objects.models import rbac
from kubernel.objects.rules.names import dns_subdomain_errors, path_segment_errors
from kubernel.objects.rules.values import named, required_name

__all__ = ["BINDING_COLUMNS", "RBAC_GROUP", "default_binding", "role_ref_errors", "subject_errors"]

RBAC_GROUP = "rbac.authorization.k8s.io"
SERVICE_ACCOUNT, USER, GROUP = "ServiceAccount", "User", "Group"
Binding = rbac.RoleBinding | rbac.ClusterRoleBinding


def default_binding(binding: Binding) -> None:
    """Fill in the API groups that go without saying, in place."""
    binding.roleRef.apiGroup = binding.roleRef.apiGroup or RBAC_GROUP
    for subject in binding.subjects or ():
        if subject.kind in {USER, GROUP}:
            subject.apiGroup = subject.apiGroup or RBAC_GROUP


def role_ref_errors(ref: rbac.RoleRef, kinds: Sequence[str]) -> Iterable[FieldError]:
    """Check which role a binding gives; ``kinds`` are those that it may be of."""
    if ref.apiGroup != RBAC_GROUP:
        yield field_not_supported("roleRef.apiGroup", ref.apiGroup or "", [RBAC_GROUP])
    if ref.kind not in kinds:
        yield field_not_supported("roleRef.kind", ref.kind, kinds)
    yield from required_name(path_segment_errors, ref.name, "roleRef.name")


def subject_errors(subjects: list[rbac.Subject] | None, *, is_namespaced: bool) -> Iterable[FieldError]:
    """Check whom a binding names; a service account of a cluster-wide binding must say its namespace."""
    for i, subject in enumerate(subjects or ()):
        path = f"subjects[{i}]"
        if not subject.name:
            yield field_required(f"{path}.name")
        if subject.kind == SERVICE_ACCOUNT:
            yield from _account_errors(subject, path, is_namespaced=is_namespaced)
        elif subject.kind in {USER, GROUP}:
            yield from _person_errors(subject, path)
        else:
            yield field_not_supported(f"{path}.kind", subject.kind, (SERVICE_ACCOUNT, USER, GROUP))


def _account_errors(subject: rbac.Subject, path: str, *, is_namespaced: bool) -> Iterable[FieldError]:
    yield from named(dns_subdomain_errors, subject.name, f"{path}.name")
    if subject.apiGroup:
        yield field_not_supported(f"{path}.apiGroup", subject.apiGroup, [""])
    if not is_namespaced and not subject.namespace:
        yield field_required(f"{path}.namespace")


def _person_errors(subject: rbac.Subject, path: str) -> Iterable[FieldError]:
    if not subject.name:
        yield field_invalid(f"{path}.name", subject.name, f"{subject.kind.lower()} name cannot be empty")
    if subject.apiGroup != RBAC_GROUP:
        yield field_not_supported(f"{path}.apiGroup", subject.apiGroup or "", [RBAC_GROUP])


def _role(binding: Binding, _now: datetime) -> str:
    return f"{binding.roleRef.kind}/{binding.roleRef.name}"


def _of_kind(kind: str) -> Callable[[Binding, datetime], str]:
    def cell(binding: Binding, _now: datetime) -> str:
        subjects = [subject for subject in binding.subjects or () if subject.kind == kind]
        if kind == SERVICE_ACCOUNT:
            return ", ".join(f"{subject.namespace or ''}/{subject.name}" for subject in subjects)
        return ", ".join(subject.name for subject in subjects)

    return cell


BINDING_COLUMNS: tuple[Column[Any], ...] = (
    NAME,
    Column("Role", _role, description="The role that is given."),
    AGE,
    Column("Users", _of_kind(USER), priority=1, description="The users who have it."),
    Column("Groups", _of_kind(GROUP), priority=1, description="The groups that have it."),
    Column("ServiceAccounts", _of_kind(SERVICE_ACCOUNT), priority=1, description="The service accounts that have it."),
)
"""What both kinds of binding show."""
