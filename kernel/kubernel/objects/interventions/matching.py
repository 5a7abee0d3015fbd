"""Which writes a webhook or a policy is about: rules of operations and resources, and selectors.

Source: Kubernetes' ``pkg/apis/admissionregistration/validation``, ``…/v1/defaults.go``.
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_invalid, field_not_supported, field_required
from kubernel.objects.models import admissionregistration, meta
from kubernel.objects.rules.names import path_segment_errors
from kubernel.objects.rules.values import repeats
from kubernel.objects.selectors import label_selector_errors

__all__ = ["MATCH_POLICIES", "default_resources", "default_rules", "resources_errors", "rule_errors"]

Resources = admissionregistration.MatchResources
Rule = admissionregistration.RuleWithOperations | admissionregistration.NamedRuleWithOperations
ANY = "*"
OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
SCOPES = ("*", "Cluster", "Namespaced")
MATCH_POLICIES = ("Equivalent", "Exact")


def default_rules(rules: Iterable[Rule] | None) -> None:
    """Let rules that name no scope be about both, in place."""
    for rule in rules or ():
        rule.scope = rule.scope or ANY


def default_resources(resources: Resources | None) -> None:
    """Fill in what a policy or a binding leaves out, in place."""
    if resources is None:
        return
    resources.matchPolicy = resources.matchPolicy or "Equivalent"
    resources.namespaceSelector = resources.namespaceSelector or meta.LabelSelector()
    resources.objectSelector = resources.objectSelector or meta.LabelSelector()
    default_rules(resources.resourceRules)
    default_rules(resources.excludeResourceRules)


def resources_errors(resources: Resources | None, path: str) -> Iterable[FieldError]:
    """Check what a policy or a binding is about; ``None`` is right."""
    if resources is None:
        return
    if resources.matchPolicy not in MATCH_POLICIES:
        yield field_not_supported(f"{path}.matchPolicy", resources.matchPolicy, MATCH_POLICIES)
    yield from label_selector_errors(resources.namespaceSelector, f"{path}.namespaceSelector")
    yield from label_selector_errors(resources.objectSelector, f"{path}.objectSelector")
    for name in ("resourceRules", "excludeResourceRules"):
        rules: list[admissionregistration.NamedRuleWithOperations] = getattr(resources, name) or []
        for i, rule in enumerate(rules):
            yield from _name_errors(rule.resourceNames or [], f"{path}.{name}[{i}].resourceNames")
            yield from rule_errors(rule, f"{path}.{name}[{i}]")


def _name_errors(names: list[str], path: str) -> Iterable[FieldError]:
    for i, name, is_repeated in repeats(names):
        yield from (field_invalid(f"{path}[{i}]", name, why) for why in path_segment_errors(name))
        if is_repeated:
            yield field_duplicate(f"{path}[{i}]", name)


def rule_errors(rule: Rule, path: str) -> Iterable[FieldError]:
    """Check one rule."""
    yield from _list_errors(rule.operations or [], f"{path}.operations", "operations")
    for i, operation in enumerate(rule.operations or ()):
        if operation not in OPERATIONS:
            yield field_not_supported(f"{path}.operations[{i}]", operation, OPERATIONS)
    yield from _list_errors(rule.apiGroups or [], f"{path}.apiGroups", "API groups")
    yield from _list_errors(rule.apiVersions or [], f"{path}.apiVersions", "API versions")
    for i, version in enumerate(rule.apiVersions or ()):
        if not version:
            yield field_required(f"{path}.apiVersions[{i}]")
    yield from _resource_errors(rule.resources or [], f"{path}.resources")
    if rule.scope is not None and rule.scope not in SCOPES:
        yield field_not_supported(f"{path}.scope", rule.scope, SCOPES)


def _list_errors(values: list[str], path: str, called: str) -> Iterable[FieldError]:
    if not values:
        yield field_required(path)
    if len(values) > 1 and ANY in values:
        yield field_invalid(path, values, f"if '*' is present, must not specify other {called}")


def _resource_errors(resources: list[str], path: str) -> Iterable[FieldError]:
    if not resources:
        yield field_required(path)
    whole: set[str] = set()
    everywhere: set[str] = set()
    for i, text in enumerate(resources):
        if not text:
            yield field_required(f"{path}[{i}]")
        resource, slash, part = text.partition("/")
        if not slash:
            continue
        if resource in whole:
            yield field_invalid(f"{path}[{i}]", text, f"if '{resource}/*' is present, must not specify {text}")
        if part in everywhere:
            yield field_invalid(f"{path}[{i}]", text, f"if '*/{part}' is present, must not specify {text}")
        whole |= {resource} if part == ANY else set()
        everywhere |= {part} if resource == ANY else set()
    if len(resources) > 1 and "*/*" in resources:
        yield field_invalid(path, resources, "if '*/*' is present, must not specify other resources")
    if ANY in resources and any("/" not in text and text != ANY for text in resources):
        why = "if '*' is present, must not specify other resources without subresources"
        yield field_invalid(path, resources, why)
