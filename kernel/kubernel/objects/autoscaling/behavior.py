"""How fast an autoscaler may act, up and down.

Source: Kubernetes' ``pkg/apis/autoscaling/validation`` (``validateScalingRules``) and ``v2/defaults.go``.
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_not_supported, field_required
from kubernel.objects.models import autoscaling
from kubernel.objects.quantity import QuantityError, canonical
from kubernel.objects.rules.maps import Mistyped

__all__ = ["behavior_errors", "default_behavior"]

Rules = autoscaling.HPAScalingRules

SELECT = ("Disabled", "Max", "Min")
TYPES = ("Percent", "Pods")
WINDOW_MAX_S, PERIOD_MAX_S = 3600, 1800
STEP_S = 15


def _percent(value: int) -> autoscaling.HPAScalingPolicy:
    return autoscaling.HPAScalingPolicy(type="Percent", value=value, periodSeconds=STEP_S)


def default_behavior(behavior: autoscaling.HorizontalPodAutoscalerBehavior | None) -> None:
    """Fill in both directions; an autoscaler that says nothing of its behaviour keeps saying nothing.

    Raises:
        Mistyped: A tolerance is not a quantity.
    """
    if behavior is None:
        return
    up = behavior.scaleUp = behavior.scaleUp or Rules()
    down = behavior.scaleDown = behavior.scaleDown or Rules()
    if up.stabilizationWindowSeconds is None:
        up.stabilizationWindowSeconds = 0
    if up.policies is None:
        up.policies = [autoscaling.HPAScalingPolicy(type="Pods", value=4, periodSeconds=STEP_S), _percent(100)]
    if down.policies is None:
        down.policies = [_percent(100)]
    for rules in (up, down):
        rules.selectPolicy = rules.selectPolicy or "Max"
        if rules.tolerance is not None:
            try:
                rules.tolerance = canonical(rules.tolerance)
            except (QuantityError, TypeError) as error:
                raise Mistyped(str(error)) from error


def behavior_errors(behavior: autoscaling.HorizontalPodAutoscalerBehavior | None, path: str) -> Iterable[FieldError]:
    """Check both directions, with defaults filled in."""
    if behavior is not None:
        yield from _rules_errors(behavior.scaleUp or Rules(), f"{path}.scaleUp")
        yield from _rules_errors(behavior.scaleDown or Rules(), f"{path}.scaleDown")


def _rules_errors(rules: Rules, path: str) -> Iterable[FieldError]:
    window, where = rules.stabilizationWindowSeconds, f"{path}.stabilizationWindowSeconds"
    if window is not None and window < 0:
        yield field_invalid(where, window, "must be greater than or equal to zero")
    if window is not None and window > WINDOW_MAX_S:
        yield field_invalid(where, window, f"must be less than or equal to {WINDOW_MAX_S}")
    if rules.selectPolicy not in SELECT:
        yield field_not_supported(f"{path}.selectPolicy", rules.selectPolicy, SELECT)
    if not rules.policies:
        yield field_required(f"{path}.policies", "must specify at least one Policy")
    for i, policy in enumerate(rules.policies or ()):
        yield from _policy_errors(policy, f"{path}.policies[{i}]")
    if rules.tolerance is not None and rules.tolerance.startswith("-"):
        yield field_invalid(f"{path}.tolerance", rules.tolerance, "must be greater than or equal to 0")


def _policy_errors(policy: autoscaling.HPAScalingPolicy, path: str) -> Iterable[FieldError]:
    if policy.type not in TYPES:
        yield field_not_supported(f"{path}.type", policy.type, TYPES)
    if policy.value <= 0:
        yield field_invalid(f"{path}.value", policy.value, "must be greater than zero")
    if policy.periodSeconds <= 0:
        yield field_invalid(f"{path}.periodSeconds", policy.periodSeconds, "must be greater than zero")
    if policy.periodSeconds > PERIOD_MAX_S:
        why = f"must be less than or equal to {PERIOD_MAX_S}"
        yield field_invalid(f"{path}.periodSeconds", policy.periodSeconds, why)
