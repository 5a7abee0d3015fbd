"""Taints of devices, the tolerations of requests, and the conditions that a device waits for."""

from collections.abc import Iterable, Sequence

from kubernel.objects.clock import now
from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
)
from kubernel.objects.models import resource
from kubernel.objects.rules.labels import label_key_errors, label_value_errors
from kubernel.objects.rules.values import each, named, one_of, repeats

__all__ = ["binding_errors", "default_taint", "taint_errors", "toleration_errors"]

EFFECTS = ("NoExecute", "NoSchedule", "None")
OPERATORS = ("Equal", "Exists")
BINDING_MAX = 4


def default_taint(taint: resource.DeviceTaint) -> None:
    """Say since when, unless it is said."""
    if taint.timeAdded is None:
        taint.timeAdded = now()


def taint_errors(taint: resource.DeviceTaint, path: str) -> Iterable[FieldError]:
    """Check a taint."""
    yield from _key_errors(taint.key, f"{path}.key")
    yield from named(label_value_errors, taint.value, f"{path}.value")
    yield from one_of(taint.effect, EFFECTS, f"{path}.effect")


def toleration_errors(toleration: resource.DeviceToleration, path: str) -> Iterable[FieldError]:
    """Check a toleration with defaults filled in."""
    if toleration.key:
        yield from _key_errors(toleration.key, f"{path}.key")
    yield from one_of(toleration.operator, OPERATORS, f"{path}.operator")
    if toleration.operator == "Exists" and toleration.value:
        yield field_invalid(f"{path}.value", toleration.value, "must be empty for operator `Exists`")
    elif toleration.operator == "Equal":
        yield from named(label_value_errors, toleration.value, f"{path}.value")
    if toleration.effect and toleration.effect not in EFFECTS:
        yield field_not_supported(f"{path}.effect", toleration.effect, EFFECTS)


def _key_errors(key: str, path: str) -> Iterable[FieldError]:
    yield from (field_invalid(path, key, why) for why in label_key_errors(key))


def binding_errors(wanted: Sequence[str] | None, failures: Sequence[str] | None, path: str) -> Iterable[FieldError]:
    """Check the conditions that a device must have before a pod is bound, and those which say that it never will."""
    lists = {f"{path}.bindingConditions": wanted or (), f"{path}.bindingFailureConditions": failures or ()}
    for where, conditions in lists.items():
        yield from each(conditions, where, _key_errors, BINDING_MAX)
    for where, conditions in lists.items():
        for i, condition, is_repeated in repeats(conditions):
            if is_repeated:
                yield field_duplicate(f"{where}[{i}]", condition)
            if conditions is failures and condition in (wanted or ()):
                why = "bindingFailureConditions must not overlap with bindingConditions"
                yield field_invalid(f"{where}[{i}]", condition, why)
    if failures and not wanted:
        why = "bindingConditions are required to use bindingFailureConditions"
        yield field_invalid(f"{path}.bindingConditions", wanted, why)
    if wanted and not failures:
        why = "bindingFailureConditions are required to use bindingConditions"
        yield field_invalid(f"{path}.bindingFailureConditions", failures, why)
