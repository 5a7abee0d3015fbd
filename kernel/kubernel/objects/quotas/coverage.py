"""What a quota bounds, and of which objects: its resources, and the scopes that an object must be in.

Source: Kubernetes' ``pkg/quota/v1/evaluator/core`` and ``apiserver/pkg/quota/v1/generic``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kubernel.objects.models import core, meta_of
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.quotas.amounts import Amounts
from kubernel.objects.quotas.charges import (
    BEST_EFFORT,
    TERMINATING,
    Charge,
    compute_amounts,
    container_amounts,
)
from kubernel.objects.registry import AnyKind
from kubernel.objects.rules.resource_names import is_native

__all__ = ["Coverage", "coverage_of", "unspecified"]

_OPPOSITES = {"NotTerminating": TERMINATING, "NotBestEffort": BEST_EFFORT}
_POD_SCOPES = frozenset({TERMINATING, BEST_EFFORT, *_OPPOSITES, "PriorityClass", "CrossNamespacePodAffinity"})
_CLAIM_SCOPES = frozenset({"VolumeAttributesClass"})
_REQUIRED = frozenset({"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"})
_POD_NAMES = _REQUIRED | {
    "pods",
    "ephemeral-storage",
    "requests.ephemeral-storage",
    "limits.ephemeral-storage",
}
_SERVICE_NAMES = frozenset({"services", "services.nodeports", "services.loadbalancers"})
_CLAIM_NAMES = ("persistentvolumeclaims", "requests.storage")
_CLASS = ".storageclass.storage.k8s.io/"


@dataclass(frozen=True, slots=True)
class Coverage:
    """A quota, as far as counting goes.

    Attributes:
        name: The quota's name.
        hard: How much there may be of what.
        scopes: (scope, operator, values) of every requirement; all must hold.
    """

    name: str
    hard: Amounts
    scopes: Sequence[tuple[str, str, frozenset[str]]]

    def bounded(self, kind: AnyKind) -> list[str]:
        """Return the resources of this quota that objects of a kind take, sorted."""
        return sorted(name for name in self.hard if _takes(kind, name))

    def covers(self, kind: AnyKind, charge: Charge) -> bool:
        """Whether an object falls under this quota."""
        known = _SCOPES.get(kind.resource, frozenset())
        return all(
            scope in known and _holds(scope, operator, values, charge) for scope, operator, values in self.scopes
        )


_SCOPES = {"pods": _POD_SCOPES, "persistentvolumeclaims": _CLAIM_SCOPES}


def coverage_of(quota: core.ResourceQuota) -> Coverage:
    """Read a quota."""
    spec = quota.spec or core.ResourceQuotaSpec()
    terms = (spec.scopeSelector.matchExpressions if spec.scopeSelector is not None else None) or ()
    scopes = [(scope, "Exists", frozenset[str]()) for scope in spec.scopes or ()]
    scopes += [(term.scopeName, term.operator, frozenset(term.values or ())) for term in terms]
    hard = {name: parse_quantity(quantity) for name, quantity in (spec.hard or {}).items()}
    return Coverage(meta_of(quota).name or "", hard, scopes)


def unspecified(spec: core.PodSpec, names: Iterable[str]) -> dict[str, list[str]]:
    """Return which of a quota's resources which containers must say something about, and do not.

    A quota over CPU or memory wants every container to ask for it explicitly; for other resources it does not.
    """
    required = sorted(_REQUIRED.intersection(names))
    missing: dict[str, set[str]] = {}
    for container in (*spec.containers, *(spec.initContainers or ())):
        requests, limits = container_amounts(container, "requests"), container_amounts(container, "limits")
        said = compute_amounts(requests, limits)
        for name in required:
            if name not in said:
                missing.setdefault(name, set()).add(container.name)
    return {name: sorted(containers) for name, containers in sorted(missing.items())}


def _takes(kind: AnyKind, name: str) -> bool:
    if name == f"count/{kind.resource}":
        return True
    if kind.resource == "pods":
        return name in _POD_NAMES or name.startswith(("hugepages-", "requests.hugepages-")) or _is_extended(name)
    if kind.resource == "services":
        return name in _SERVICE_NAMES
    if kind.resource == "persistentvolumeclaims":
        return name in _CLAIM_NAMES or name.partition(_CLASS)[2] in _CLAIM_NAMES
    return name == kind.resource


def _is_extended(name: str) -> bool:
    return name.startswith("requests.") and not is_native(name)


def _holds(scope: str, operator: str, values: frozenset[str], charge: Charge) -> bool:
    if scope in _OPPOSITES:
        return (_OPPOSITES[scope], "") not in charge.traits
    found = {value for trait, value in charge.traits if trait == scope}
    match operator:
        case "In":
            return bool(found & values)
        case "NotIn":
            return not found & values
        case "DoesNotExist":
            return not found
        case _:
            return bool(found)
