"""Which nodes a pod asks for: node selectors and node affinity.

Source: Kubernetes' ``component-helpers/scheduling/corev1/nodeaffinity``. A term that says nothing matches nothing;
terms are alternatives, the requirements inside one all have to hold.
"""

from collections.abc import Iterable, Mapping, Sequence

from kubernel.objects.models import core

__all__ = [
    "any_term_matches",
    "matches_required_affinity",
    "node_fields",
    "preference",
    "requirement_matches",
    "term_matches",
]


def node_fields(name: str) -> dict[str, str]:
    """Return what ``matchFields`` can ask of a node: its name, nothing else."""
    return {"metadata.name": name}


def requirement_matches(requirement: core.NodeSelectorRequirement, value: str | None) -> bool:
    """Whether a label's or field's value (``None``: it is absent) fulfils one requirement.

    ``Gt`` and ``Lt`` compare whole numbers; what is not a number does not match. An unknown operator does not match.
    """
    values: Sequence[str] = requirement.values or ()
    match requirement.operator:
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt" | "Lt" as operator:
            return value is not None and len(values) == 1 and _is_beyond(value, operator, values[0])
        case _:
            return False


def _is_beyond(value: str, operator: str, bound: str) -> bool:
    try:
        return int(value) > int(bound) if operator == "Gt" else int(value) < int(bound)
    except ValueError:
        return False


def term_matches(term: core.NodeSelectorTerm, name: str, labels: Mapping[str, str]) -> bool:
    """Whether a node of this name with these labels fulfils every requirement of the term."""
    expressions = term.matchExpressions or ()
    fields = term.matchFields or ()
    if not expressions and not fields:
        return False
    of_node = node_fields(name)
    return all(requirement_matches(r, labels.get(r.key)) for r in expressions) and all(
        requirement_matches(r, of_node.get(r.key)) for r in fields
    )


def any_term_matches(terms: Iterable[core.NodeSelectorTerm], name: str, labels: Mapping[str, str]) -> bool:
    """Whether at least one of the alternatives matches; no alternative matches nothing."""
    return any(term_matches(term, name, labels) for term in terms)


def matches_required_affinity(pod: core.Pod, name: str, labels: Mapping[str, str]) -> bool:
    """Whether the node is one that the pod's ``nodeSelector`` and required node affinity allow."""
    spec = pod.spec
    if spec is None:
        return True
    if spec.nodeSelector and any(labels.get(key) != value for key, value in spec.nodeSelector.items()):
        return False
    affinity = spec.affinity.nodeAffinity if spec.affinity else None
    required = affinity.requiredDuringSchedulingIgnoredDuringExecution if affinity else None
    return required is None or any_term_matches(required.nodeSelectorTerms or (), name, labels)


def preference(pod: core.Pod, name: str, labels: Mapping[str, str]) -> int:
    """Return the summed weights of the pod's preferred node affinity terms that the node fulfils."""
    affinity = pod.spec.affinity.nodeAffinity if pod.spec and pod.spec.affinity else None
    preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution if affinity else None
    return sum(p.weight for p in preferred or () if term_matches(p.preference, name, labels))
