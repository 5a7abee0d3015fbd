"""How much one object takes: every object counts as one, and pods, services and claims take more than that.

Source: Kubernetes' ``pkg/quota/v1/evaluator/core``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from kubernel.objects.models import ApiObject, core, meta_of
from kubernel.objects.pods.resources import qos_class
from kubernel.objects.quantity import parse_quantity
from kubernel.objects.quotas.amounts import Amounts, added
from kubernel.objects.registry import AnyKind
from kubernel.objects.rules.resource_names import is_native

__all__ = [
    "BEST_EFFORT",
    "CROSS_NAMESPACE",
    "PRIORITY",
    "TERMINATING",
    "VOLUME_ATTRIBUTES",
    "Charge",
    "charge_of",
    "compute_amounts",
    "container_amounts",
    "pod_amounts",
]

TERMINATING, BEST_EFFORT, CROSS_NAMESPACE = "Terminating", "BestEffort", "CrossNamespacePodAffinity"
PRIORITY, VOLUME_ATTRIBUTES = "PriorityClass", "VolumeAttributesClass"

ONE = Fraction(1)
_NOTHING: dict[str, Any] = {}
_PLAIN_COUNTS = frozenset({"replicationcontrollers", "secrets", "configmaps", "resourcequotas"})
_OVER = frozenset({"Succeeded", "Failed"})
_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_CLASS = ".storageclass.storage.k8s.io/"


@dataclass(frozen=True, slots=True)
class Charge:
    """What one object takes.

    Attributes:
        amounts: How much of what.
        traits: What scopes of quotas ask for: (scope, value), the value being empty for scopes without one.
    """

    amounts: Amounts
    traits: frozenset[tuple[str, str]] = frozenset()


def charge_of(kind: AnyKind, obj: ApiObject) -> Charge:
    """Measure an object."""
    counted = {f"count/{kind.resource}": ONE}
    if isinstance(obj, core.Pod):
        return Charge(added(counted, _pod(obj)), frozenset(_pod_traits(obj.spec)) if obj.spec else frozenset())
    if isinstance(obj, core.Service):
        return Charge(added(counted, _service(obj.spec or core.ServiceSpec())))
    if isinstance(obj, core.PersistentVolumeClaim):
        return Charge(added(counted, _claim(obj)), frozenset(_claim_traits(obj)))
    if kind.resource in _PLAIN_COUNTS:
        counted[kind.plural] = ONE
    return Charge(counted)


def _pod(pod: core.Pod) -> Amounts:
    if pod.spec is None or _is_over(pod):
        return {}
    requests, limits = pod_amounts(pod.spec, "requests"), pod_amounts(pod.spec, "limits")
    return {"pods": ONE, **compute_amounts(requests, limits)}


def _is_over(pod: core.Pod) -> bool:
    """Whether a pod has ended, or should have: one that does not die holds nothing up for ever."""
    if pod.status is not None and pod.status.phase in _OVER:
        return True
    metadata = meta_of(pod)
    if metadata.deletionTimestamp is None or metadata.deletionGracePeriodSeconds is None:
        return False
    return datetime.now(UTC) > metadata.deletionTimestamp + timedelta(seconds=metadata.deletionGracePeriodSeconds)


def compute_amounts(requests: Amounts, limits: Amounts) -> Amounts:
    """Return what requests and limits take under the names that quotas have for them."""
    found: dict[str, Fraction] = {}
    for name in _COMPUTE:
        if name in requests:
            found[name] = found[f"requests.{name}"] = requests[name]
        if name in limits:
            found[f"limits.{name}"] = limits[name]
    for name, amount in requests.items():
        if name.startswith("hugepages-"):
            found[name] = found[f"requests.{name}"] = amount
        elif not is_native(name):
            found[f"requests.{name}"] = amount
    return found


def pod_amounts(spec: core.PodSpec, which: str) -> Amounts:
    """Return a pod's requests or limits: its containers together, or what starting it needs if that is more."""
    running: Amounts = {}
    for container in spec.containers:
        running = added(running, container_amounts(container, which))
    restarted: Amounts = {}
    starting: Amounts = {}
    for container in spec.initContainers or ():
        own = container_amounts(container, which)
        if container.restartPolicy == "Always":
            running, restarted = added(running, own), added(restarted, own)
            starting = _most(starting, restarted)
        else:
            starting = _most(starting, added(restarted, own))
    total = dict(_most(running, starting))
    if spec.resources is not None:
        total |= _parsed(getattr(spec.resources, which))
    overhead = _parsed(spec.overhead)
    return added(total, overhead if which == "requests" else {k: v for k, v in overhead.items() if k in total})


def container_amounts(container: core.Container, which: str) -> Amounts:
    """Return one container's requests or limits."""
    return _parsed(getattr(container.resources, which) if container.resources is not None else None)


def _parsed(quantities: dict[str, Any] | None) -> dict[str, Fraction]:
    return {name: parse_quantity(quantity) for name, quantity in (quantities or _NOTHING).items()}


def _most(one: Amounts, other: Amounts) -> Amounts:
    return {name: max(one.get(name, Fraction(0)), other.get(name, Fraction(0))) for name in {**one, **other}}


def _pod_traits(spec: core.PodSpec) -> Iterable[tuple[str, str]]:
    if spec.activeDeadlineSeconds is not None:
        yield TERMINATING, ""
    if qos_class(spec) == BEST_EFFORT:
        yield BEST_EFFORT, ""
    if spec.priorityClassName:
        yield PRIORITY, spec.priorityClassName
    if spec.affinity is not None and any(term.namespaces or term.namespaceSelector for term in _terms(spec.affinity)):
        yield CROSS_NAMESPACE, ""


def _terms(affinity: core.Affinity) -> Iterable[core.PodAffinityTerm]:
    for side in (affinity.podAffinity, affinity.podAntiAffinity):
        if side is not None:
            yield from side.requiredDuringSchedulingIgnoredDuringExecution or ()
            for weighted in side.preferredDuringSchedulingIgnoredDuringExecution or ():
                yield weighted.podAffinityTerm


def _service(spec: core.ServiceSpec) -> Amounts:
    ports = spec.ports or []
    node_ports = len(ports) if spec.type in {"NodePort", "LoadBalancer"} else 0
    if spec.type == "LoadBalancer" and spec.allocateLoadBalancerNodePorts is False:
        node_ports = sum(1 for port in ports if port.nodePort)
    balancers = Fraction(spec.type == "LoadBalancer")
    return {"services": ONE, "services.nodeports": Fraction(node_ports), "services.loadbalancers": balancers}


def _claim(claim: core.PersistentVolumeClaim) -> Amounts:
    found = {"persistentvolumeclaims": ONE}
    spec = claim.spec or core.PersistentVolumeClaimSpec()
    requests = _parsed(spec.resources.requests if spec.resources is not None else None)
    if "storage" in requests:
        allocated = _parsed(claim.status.allocatedResources if claim.status is not None else None)
        storage = max(requests["storage"], allocated.get("storage", Fraction(0)))
        found["requests.storage"] = Fraction(ceil(storage))
    annotations = meta_of(claim).annotations or {}
    of_class = annotations.get("volume.beta.kubernetes.io/storage-class") or spec.storageClassName
    if of_class:
        found |= {f"{of_class}{_CLASS}{name}": amount for name, amount in tuple(found.items())}
    return found


def _claim_traits(claim: core.PersistentVolumeClaim) -> Iterable[tuple[str, str]]:
    status = claim.status or core.PersistentVolumeClaimStatus()
    changing = status.modifyVolumeStatus.targetVolumeAttributesClassName if status.modifyVolumeStatus else None
    wanted = claim.spec.volumeAttributesClassName if claim.spec is not None else None
    for name in (wanted, status.currentVolumeAttributesClassName, changing):
        if name:
            yield VOLUME_ATTRIBUTES, name
