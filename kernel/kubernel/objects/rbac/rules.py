"""The rules of a role: verbs on resources, or verbs on URLs that are no resources.

Source: Kubernetes' ``pkg/apis/rbac/validation``.
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import rbac

__all__ = ["policy_rule_errors"]


def policy_rule_errors(rules: list[rbac.PolicyRule] | None, *, is_namespaced: bool) -> Iterable[FieldError]:
    """Check a role's rules; those of a namespaced role cannot speak of URLs."""
    for i, rule in enumerate(rules or ()):
        path = f"rules[{i}]"
        if not rule.verbs:
            yield field_required(f"{path}.verbs", "verbs must contain at least one value")
        if rule.nonResourceURLs:
            yield from _url_errors(rule, f"{path}.nonResourceURLs", is_namespaced=is_namespaced)
        else:
            yield from _resource_errors(rule, path)


def _url_errors(rule: rbac.PolicyRule, path: str, *, is_namespaced: bool) -> Iterable[FieldError]:
    urls = rule.nonResourceURLs
    if is_namespaced:
        yield field_invalid(path, urls, "namespaced rules cannot apply to non-resource URLs")
    if rule.apiGroups or rule.resources or rule.resourceNames:
        yield field_invalid(path, urls, "rules cannot apply to both regular resources and non-resource URLs")


def _resource_errors(rule: rbac.PolicyRule, path: str) -> Iterable[FieldError]:
    if not rule.apiGroups:
        yield field_required(f"{path}.apiGroups", "resource rules must supply at least one api group")
    if not rule.resources:
        yield field_required(f"{path}.resources", "resource rules must supply at least one resource")
