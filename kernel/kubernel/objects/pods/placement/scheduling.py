"""Rules of what steers a pod to a node: selectors, affinity, tolerations, spreading, gates.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateAffinity``, ``ValidateTolerations`` …).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.placement.spreading import match_key_errors, spread_errors, topology_key_errors
from kubernel.objects.rules.labels import label_errors, label_key_errors, label_value_errors
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import named, one_of
from kubernel.objects.selectors import label_selector_errors

__all__ = ["TAINT_EFFECTS", "node_selector_errors", "scheduling_errors", "toleration_errors"]

TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
WEIGHT_MAX = 100


def scheduling_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check all that a scheduler reads of a pod, but its resources."""
    yield from label_errors(spec.nodeSelector, f"{path}.nodeSelector")
    if spec.affinity is not None:
        yield from _affinity_errors(spec.affinity, f"{path}.affinity")
    yield from named(dns_subdomain_errors, spec.nodeName, f"{path}.nodeName")
    yield from toleration_errors(spec.tolerations, f"{path}.tolerations")
    yield from spread_errors(spec.topologySpreadConstraints, f"{path}.topologySpreadConstraints")
    yield from named(dns_subdomain_errors, spec.priorityClassName, f"{path}.priorityClassName")
    yield from _gate_errors(spec.schedulingGates, f"{path}.schedulingGates")


def _gate_errors(gates: list[core.PodSchedulingGate] | None, path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, gate in enumerate(gates or ()):
        for why in label_key_errors(gate.name):
            yield field_invalid(f"{path}[{i}]", gate.name, why)
        if gate.name in seen:
            yield field_duplicate(f"{path}[{i}]", gate.name)
        seen.add(gate.name)


def toleration_errors(tolerations: list[core.Toleration] | None, path: str) -> Iterable[FieldError]:
    """Check which taints a pod bears."""
    for i, toleration in enumerate(tolerations or ()):
        where = f"{path}[{i}]"
        yield from named(label_key_errors, toleration.key, f"{where}.key")
        if not toleration.key and toleration.operator != "Exists":
            why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            yield field_invalid(f"{where}.operator", toleration.operator or "", why)
        if toleration.tolerationSeconds is not None and toleration.effect != "NoExecute":
            why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            yield field_invalid(f"{where}.effect", toleration.effect or "", why)
        if toleration.operator == "Exists":
            if toleration.value:
                why = "value must be empty when `operator` is 'Exists'"
                yield field_invalid(f"{where}.operator", toleration.operator, why)
        elif toleration.operator:
            yield from one_of(toleration.operator, ("Equal", "Exists"), f"{where}.operator")
        for why in label_value_errors(toleration.value or ""):
            yield field_invalid(f"{where}.operator", toleration.value, why)
        if toleration.effect:
            yield from one_of(toleration.effect, TAINT_EFFECTS, f"{where}.effect")


def _affinity_errors(affinity: core.Affinity, path: str) -> Iterable[FieldError]:
    if affinity.nodeAffinity is not None:
        yield from _node_affinity_errors(affinity.nodeAffinity, f"{path}.nodeAffinity")
    for name in ("podAffinity", "podAntiAffinity"):
        wanted: core.PodAffinity | core.PodAntiAffinity | None = getattr(affinity, name)
        if wanted is not None:
            yield from _pod_affinity_errors(wanted, f"{path}.{name}")


def _node_affinity_errors(affinity: core.NodeAffinity, path: str) -> Iterable[FieldError]:
    required = affinity.requiredDuringSchedulingIgnoredDuringExecution
    if required is not None:
        yield from node_selector_errors(required, f"{path}.requiredDuringSchedulingIgnoredDuringExecution")
    for i, preferred in enumerate(affinity.preferredDuringSchedulingIgnoredDuringExecution or ()):
        where = f"{path}.preferredDuringSchedulingIgnoredDuringExecution[{i}]"
        yield from _weight_errors(preferred.weight, f"{where}.weight")
        yield from _term_errors(preferred.preference, f"{where}.preference")


def node_selector_errors(selector: core.NodeSelector, path: str) -> Iterable[FieldError]:
    """Check which nodes are selected: those that any of the terms selects."""
    where = f"{path}.nodeSelectorTerms"
    if not selector.nodeSelectorTerms:
        yield field_required(where, "must have at least one node selector term")
    for i, term in enumerate(selector.nodeSelectorTerms):
        yield from _term_errors(term, f"{where}[{i}]")


def _term_errors(term: core.NodeSelectorTerm, path: str) -> Iterable[FieldError]:
    for i, expression in enumerate(term.matchExpressions or ()):
        where = f"{path}.matchExpressions[{i}]"
        yield from _operator_errors(expression, where)
        for why in label_key_errors(expression.key):
            yield field_invalid(f"{where}.key", expression.key, why)
    for i, match in enumerate(term.matchFields or ()):
        yield from _field_errors(match, f"{path}.matchFields[{i}]")


def _field_errors(match: core.NodeSelectorRequirement, path: str) -> Iterable[FieldError]:
    values = match.values or []
    if match.operator not in {"In", "NotIn"}:
        yield field_invalid(f"{path}.operator", match.operator, "not a valid selector operator")
    elif len(values) != 1:
        why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        yield field_required(f"{path}.values", why)
    if match.key != "metadata.name":
        yield field_invalid(f"{path}.key", match.key, "not a valid field selector key")
        return
    for i, value in enumerate(values):
        for why in dns_subdomain_errors(value):
            yield field_invalid(f"{path}.values[{i}]", value, why)


def _operator_errors(expression: core.NodeSelectorRequirement, path: str) -> Iterable[FieldError]:
    values = expression.values or []
    if expression.operator in {"In", "NotIn"}:
        if not values:
            yield field_required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif expression.operator in {"Exists", "DoesNotExist"}:
        if values:
            yield field_forbidden(
                f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            )
    elif expression.operator in {"Gt", "Lt"}:
        if len(values) != 1:
            yield field_required(f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
    else:
        yield field_invalid(f"{path}.operator", expression.operator, "not a valid selector operator")


def _pod_affinity_errors(affinity: core.PodAffinity | core.PodAntiAffinity, path: str) -> Iterable[FieldError]:
    for i, term in enumerate(affinity.requiredDuringSchedulingIgnoredDuringExecution or ()):
        yield from _pod_term_errors(term, f"{path}.requiredDuringSchedulingIgnoredDuringExecution[{i}]")
    for i, weighted in enumerate(affinity.preferredDuringSchedulingIgnoredDuringExecution or ()):
        where = f"{path}.preferredDuringSchedulingIgnoredDuringExecution[{i}]"
        yield from _weight_errors(weighted.weight, f"{where}.weight")
        yield from _pod_term_errors(weighted.podAffinityTerm, f"{where}.podAffinityTerm")


def _pod_term_errors(term: core.PodAffinityTerm, path: str) -> Iterable[FieldError]:
    yield from label_selector_errors(term.labelSelector, f"{path}.labelSelector")
    yield from label_selector_errors(term.namespaceSelector, f"{path}.namespaceSelector")
    for namespace in term.namespaces or ():
        for why in dns_label_errors(namespace):
            yield field_invalid(f"{path}.namespace", namespace, why)
    yield from match_key_errors(term, path)
    yield from topology_key_errors(term.topologyKey, f"{path}.topologyKey")


def _weight_errors(weight: int, path: str) -> Iterable[FieldError]:
    if not 1 <= weight <= WEIGHT_MAX:
        yield field_invalid(path, weight, "must be in the range 1-100")
