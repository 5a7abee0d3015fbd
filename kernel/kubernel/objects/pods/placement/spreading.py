"""Rules of how pods of one sort spread over zones and nodes, and of the label keys that tell the sort.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateTopologySpreadConstraints``,
``validateMatchLabelKeysAndMismatchLabelKeys``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_forbidden,
    field_invalid,
    field_not_supported,
    field_required,
)
from kubernel.objects.models import core, meta
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import named, one_of
from kubernel.objects.selectors import label_selector_errors

__all__ = ["match_key_errors", "spread_errors", "topology_key_errors"]

UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")
INCLUSIONS = ("Honor", "Ignore")


def topology_key_errors(key: str, path: str) -> Iterable[FieldError]:
    """Check the label by which nodes are told apart."""
    if not key:
        yield field_required(path, "can not be empty")
    else:
        yield from named(label_key_errors, key, path)


def spread_errors(constraints: list[core.TopologySpreadConstraint] | None, path: str) -> Iterable[FieldError]:
    """Check all constraints of a spec; there may be none."""
    seen: set[tuple[str, str]] = set()
    for i, constraint in enumerate(constraints or ()):
        where = f"{path}[{i}]"
        if constraint.maxSkew <= 0:
            yield field_invalid(f"{where}.maxSkew", constraint.maxSkew, "must be greater than zero")
        yield from topology_key_errors(constraint.topologyKey, f"{where}.topologyKey")
        yield from one_of(constraint.whenUnsatisfiable, UNSATISFIABLE, f"{where}.whenUnsatisfiable")
        key = (constraint.topologyKey, constraint.whenUnsatisfiable)
        if key in seen:
            yield field_duplicate(f"{where}.{{topologyKey, whenUnsatisfiable}}", f"{{{key[0]}, {key[1]}}}")
        seen.add(key)
        yield from _domain_errors(constraint, f"{where}.minDomains")
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if (policy := getattr(constraint, name)) is not None and policy not in INCLUSIONS:
                yield field_not_supported(f"{where}.{name}", policy, INCLUSIONS)
        yield from _own_key_errors(constraint, f"{where}.matchLabelKeys")
        yield from label_selector_errors(constraint.labelSelector, f"{where}.labelSelector")


def _domain_errors(constraint: core.TopologySpreadConstraint, path: str) -> Iterable[FieldError]:
    domains = constraint.minDomains
    if domains is None:
        return
    if domains <= 0:
        yield field_invalid(path, domains, "must be greater than zero")
    if constraint.whenUnsatisfiable != "DoNotSchedule":
        why = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {constraint.whenUnsatisfiable}"
        yield field_invalid(path, domains, why)


def _own_key_errors(constraint: core.TopologySpreadConstraint, path: str) -> Iterable[FieldError]:
    keys = constraint.matchLabelKeys or []
    if keys and constraint.labelSelector is None:
        yield field_forbidden(path, "must not be specified when labelSelector is not set")
    selected = _selected_keys(constraint.labelSelector)
    for i, key in enumerate(keys):
        for why in label_key_errors(key):
            yield field_invalid(f"{path}[{i}]", key, why)
        if key in selected:
            yield field_invalid(f"{path}[{i}]", key, "exists in both matchLabelKeys and labelSelector")


def _selected_keys(selector: meta.LabelSelector | None) -> set[str]:
    if selector is None:
        return set()
    return {*(selector.matchLabels or {}), *(e.key for e in selector.matchExpressions or ())}


def match_key_errors(term: core.PodAffinityTerm, path: str) -> Iterable[FieldError]:
    """Check the label keys whose values an affinity takes from the pod itself."""
    match, mismatch = term.matchLabelKeys or [], term.mismatchLabelKeys or []
    for name, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
        if keys and term.labelSelector is None:
            yield field_forbidden(f"{path}.{name}", "must not be specified when labelSelector is not set")
        for i, key in enumerate(keys):
            for why in label_key_errors(key):
                yield field_invalid(f"{path}.{name}[{i}]", key, why)
    for i, key in enumerate(match):
        if key in mismatch:
            yield field_invalid(
                f"{path}.matchLabelKeys[{i}]", key, "exists in both matchLabelKeys and mismatchLabelKeys"
            )
