"""When a container is started again: after it ended, and after its resources were changed.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateResizePolicy``, ``validateContainerRestartPolicy``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_many,
)
from kubernel.objects.models import core
from kubernel.objects.pods.confinement.systems import AnyContainer

__all__ = ["resize_policy_errors", "restart_errors"]

POLICIES = ("Always", "Never", "OnFailure")
ACTIONS = ("Restart", "RestartAllContainers")
OPERATORS = ("In", "NotIn")
RULES_MAX, CODES_MAX = 20, 255
RESIZED = ("cpu", "memory")
RESIZE_POLICIES = ("NotRequired", "RestartContainer")


def resize_policy_errors(container: AnyContainer, restart_policy: str | None, path: str) -> Iterable[FieldError]:
    """Check what happens to a container whose resources change; the pod's own policy may rule a restart out."""
    seen: set[str] = set()
    for i, policy in enumerate(container.resizePolicy or ()):
        if policy.resourceName in seen:
            yield field_duplicate(f"{path}[{i}]", policy.resourceName)
        seen.add(policy.resourceName)
        for value, supported in ((policy.resourceName, RESIZED), (policy.restartPolicy, RESIZE_POLICIES)):
            if not value:
                yield field_required(path)
            elif value not in supported:
                yield field_not_supported(path, value, supported)
        if restart_policy == "Never" and policy.restartPolicy != "NotRequired":
            why = "must be 'NotRequired' when `restartPolicy` is 'Never'"
            yield field_invalid(path, policy.restartPolicy, why)


def restart_errors(container: core.Container, path: str) -> Iterable[FieldError]:
    """Check a container's own restart policy and its rules."""
    rules, where = container.restartPolicyRules or [], f"{path}.restartPolicyRules"
    if container.restartPolicy is None:
        if rules:
            why = "must specify restartPolicy when restart rules are used"
            yield field_required(f"{path}.restartPolicy", why)
    elif container.restartPolicy not in POLICIES:
        yield field_not_supported(f"{path}.restartPolicy", container.restartPolicy, POLICIES)
    if len(rules) > RULES_MAX:
        yield field_too_many(where, len(rules), RULES_MAX)
    for i, rule in enumerate(rules):
        yield from _rule_errors(rule, f"{where}[{i}]")


def _rule_errors(rule: core.ContainerRestartRule, path: str) -> Iterable[FieldError]:
    if rule.action not in ACTIONS:
        yield field_not_supported(f"{path}.action", rule.action, ACTIONS)
    codes, where = rule.exitCodes, f"{path}.exitCodes"
    if codes is None:
        yield field_required(where, "must be specified")
        return
    if not codes.operator:
        yield field_required(f"{where}.operator", "must be specified")
    elif codes.operator not in OPERATORS:
        yield field_not_supported(f"{where}.operator", codes.operator, OPERATORS)
    if len(codes.values or ()) > CODES_MAX:
        yield field_too_many(f"{where}.values", len(codes.values or ()), CODES_MAX)
