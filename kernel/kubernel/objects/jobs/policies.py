"""When a Job's pods count as failed, and when enough of them have succeeded.

Source: Kubernetes' ``pkg/apis/batch/validation`` (``validatePodFailurePolicy``, ``validateSuccessPolicy``).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
    field_too_many,
    field_wrong,
)
from kubernel.objects.jobs.indexes import IndexesError, count_indexes
from kubernel.objects.models import batch
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import at_least_zero

__all__ = ["failure_policy_errors", "success_policy_errors"]

RULES_MAX = 20
CODES_MAX = 255
PATTERNS_MAX = 20
INDEXES_MAX = 64 * 1024
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")


def failure_policy_errors(spec: batch.JobSpec, path: str) -> Iterable[FieldError]:
    """Check what is done about failed pods; there may be no such policy."""
    if spec.podFailurePolicy is None:
        return
    rules, pod = spec.podFailurePolicy.rules or [], spec.template.spec
    if len(rules) > RULES_MAX:
        yield field_too_many(f"{path}.rules", len(rules), RULES_MAX)
    names = {c.name for c in (*pod.containers, *(pod.initContainers or ()))} if pod is not None else set()
    for i, rule in enumerate(rules):
        yield from _failure_rule_errors(spec, rule, names, f"{path}.rules[{i}]")


def _failure_rule_errors(
    spec: batch.JobSpec, rule: batch.PodFailurePolicyRule, names: Collection[str], path: str
) -> Iterable[FieldError]:
    if rule.action == "FailIndex":
        if spec.backoffLimitPerIndex is None:
            why = "requires the backoffLimitPerIndex to be set"
            yield field_invalid(f"{path}.action", rule.action, why)
    else:
        yield from _one_of(rule.action, ACTIONS, f"{path}.action")
    if rule.onExitCodes is not None:
        yield from _exit_code_errors(rule.onExitCodes, names, f"{path}.onExitCodes")
    patterns = rule.onPodConditions or []
    if len(patterns) > PATTERNS_MAX:
        yield field_too_many(f"{path}.onPodConditions", len(patterns), PATTERNS_MAX)
    for i, pattern in enumerate(patterns):
        for why in label_key_errors(pattern.type):
            yield field_invalid(f"{path}.onPodConditions[{i}].type", pattern.type, why)
        yield from _one_of(pattern.status, STATUSES, f"{path}.onPodConditions[{i}].status")
    if rule.onExitCodes is not None and patterns:
        yield field_wrong(path, "specifying both OnExitCodes and OnPodConditions is not supported")
    if rule.onExitCodes is None and not patterns:
        yield field_wrong(path, "specifying one of OnExitCodes and OnPodConditions is required")


def _one_of(value: str | None, supported: Sequence[str], path: str) -> Iterable[FieldError]:
    if not value:
        listed = " ".join(f'"{one}"' for one in supported)
        yield field_required(path, f"valid values: [{listed}]")
    elif value not in supported:
        yield field_not_supported(path, value, supported)


def _exit_code_errors(
    codes: batch.PodFailurePolicyOnExitCodesRequirement, names: Collection[str], path: str
) -> Iterable[FieldError]:
    yield from _one_of(codes.operator, OPERATORS, f"{path}.operator")
    if codes.containerName is not None and codes.containerName not in names:
        why = "must be one of the container or initContainer names in the pod template"
        yield field_invalid(f"{path}.containerName", codes.containerName, why)
    values, where = codes.values or [], f"{path}.values"
    if not values:
        yield field_invalid(where, values, "at least one value is required")
    elif len(values) > CODES_MAX:
        yield field_too_many(where, len(values), CODES_MAX)
    seen: set[int] = set()
    for i, code in enumerate(values):
        if codes.operator == "In" and code == 0:
            yield field_invalid(f"{where}[{i}]", code, "must not be 0 for the In operator")
        if code in seen:
            yield field_duplicate(f"{where}[{i}]", code)
        seen.add(code)
    if any(earlier > later for earlier, later in pairwise(values)):
        yield field_invalid(where, values, "must be ordered")


def success_policy_errors(spec: batch.JobSpec, path: str) -> Iterable[FieldError]:
    """Check which indexes are enough; there may be no such policy."""
    if spec.successPolicy is None:
        return
    if spec.completionMode != "Indexed":
        yield field_invalid(path, spec.successPolicy, "requires indexed completion mode")
        return
    rules = spec.successPolicy.rules or []
    if not rules:
        why = "at least one rules must be specified when the successPolicy is specified"
        yield field_required(f"{path}.rules", why)
    if len(rules) > RULES_MAX:
        yield field_too_many(f"{path}.rules", len(rules), RULES_MAX)
    for i, rule in enumerate(rules):
        yield from _success_rule_errors(rule, spec.completions or 0, f"{path}.rules[{i}]")


def _success_rule_errors(rule: batch.SuccessPolicyRule, completions: int, path: str) -> Iterable[FieldError]:
    indexes, count, total = rule.succeededIndexes, rule.succeededCount, 0
    if count is None and indexes is None:
        yield field_required(path, "at least one of succeededCount or succeededIndexes must be specified")
    if indexes is not None:
        where = f"{path}.succeededIndexes"
        if len(indexes) > INDEXES_MAX:
            yield field_too_long(where, INDEXES_MAX)
        try:
            total = count_indexes(indexes, completions)
        except IndexesError as error:
            yield field_invalid(where, indexes, f"error parsing succeededIndexes: {error}")
    if count is None:
        return
    where = f"{path}.succeededCount"
    yield from at_least_zero(count, where)
    for limit, what in (
        (completions, "the number of specified completions"),
        *(((total, "the number of indexes in the specified succeededIndexes field"),) if indexes is not None else ()),
    ):
        if count > limit:
            yield field_invalid(where, count, f"must be less than or equal to {limit} ({what})")
