"""Reads pods and nodes into what a scheduler sees: amounts, groups, readiness.

Source of the sums: Kubernetes' ``component-helpers/resource`` (``PodRequests``).
"""

from collections.abc import Mapping

from kubernel.objects.models import core, meta_of
from kubernel.objects.quantity import bytes_of, millicores
from kubernel.plugin.contracts.scheduler import PodInfo, Resources

__all__ = ["allocatable_of", "is_bound", "is_finished", "is_schedulable", "key_of", "pod_info", "waits_for"]

_FINISHED = frozenset({"Succeeded", "Failed"})
_NOTHING = Resources()


def key_of(pod: core.Pod) -> str:
    """Return ``namespace/name``."""
    metadata = meta_of(pod)
    return f"{metadata.namespace}/{metadata.name}"


def is_bound(pod: core.Pod) -> bool:
    """Whether the pod has a node."""
    return bool(pod.spec and pod.spec.nodeName)


def is_finished(pod: core.Pod) -> bool:
    """Whether the pod has ended for good and holds no resources any more."""
    return bool(pod.status and pod.status.phase in _FINISHED)


def waits_for(pod: core.Pod, scheduler_names: frozenset[str]) -> bool:
    """Whether the pod waits for one of these schedulers: unbound, alive, and not held back by a scheduling gate."""
    spec = pod.spec
    if spec is None or spec.nodeName or spec.schedulingGates or is_finished(pod):
        return False
    return meta_of(pod).deletionTimestamp is None and (spec.schedulerName or "default-scheduler") in scheduler_names


def pod_info(pod: core.Pod) -> PodInfo:
    """Return the pod as a scheduler sees it."""
    metadata = meta_of(pod)
    owner = next((ref.uid for ref in metadata.ownerReferences or () if ref.controller), None)
    node = (pod.spec.nodeName if pod.spec else None) or ""
    return PodInfo(key_of(pod), pod, requests_of(pod), owner or metadata.uid or key_of(pod), node)


def requests_of(pod: core.Pod) -> Resources:
    """Return what the pod needs at its hungriest moment, start or run, plus its overhead."""
    spec = pod.spec
    if spec is None:
        return Resources(pods=1)
    total = _NOTHING
    for container in spec.containers:
        total += _requests(container)
    if spec.initContainers:
        total = _with_init_containers(spec.initContainers, total)
    total += _amounts(spec.overhead)
    whole = spec.resources.requests if spec.resources else None
    cpu = millicores(whole["cpu"]) if whole and "cpu" in whole else total.cpu_millicores
    memory = bytes_of(whole["memory"]) if whole and "memory" in whole else total.memory_bytes
    return Resources(cpu, memory, 1)


def _with_init_containers(containers: list[core.Container], main: Resources) -> Resources:
    """Sidecars (init containers that are restarted) stay; each other one runs alone beside those before it."""
    sidecars, peak = _NOTHING, _NOTHING
    for container in containers:
        needs = _requests(container)
        if container.restartPolicy == "Always":
            sidecars += needs
            needs = _NOTHING
        peak = _larger(peak, sidecars + needs)
    return _larger(peak, main + sidecars)


def _larger(one: Resources, other: Resources) -> Resources:
    return Resources(
        max(one.cpu_millicores, other.cpu_millicores),
        max(one.memory_bytes, other.memory_bytes),
        max(one.pods, other.pods),
    )


def _requests(container: core.Container) -> Resources:
    resources = container.resources
    if resources is None:
        return _NOTHING
    # What is limited and not requested is requested up to its limit (the API server's default, repeated for
    # objects that were stored without it).
    return _amounts({**(resources.limits or {}), **(resources.requests or {})})


def _amounts(quantities: Mapping[str, str] | None) -> Resources:
    if not quantities:
        return _NOTHING
    cpu, memory, pods = (quantities.get(name, "0") for name in ("cpu", "memory", "pods"))
    return Resources(millicores(cpu), bytes_of(memory), bytes_of(pods))


def allocatable_of(node: core.Node) -> Resources:
    """Return what the node offers to pods: its ``allocatable``, or its capacity where it says nothing else."""
    status = node.status
    if status is None:
        return _NOTHING
    return _amounts({**(status.capacity or {}), **(status.allocatable or {})})


def is_schedulable(node: core.Node) -> bool:
    """Whether the node takes new pods: ready, not cordoned, not being deleted."""
    if meta_of(node).deletionTimestamp is not None or (node.spec and node.spec.unschedulable):
        return False
    conditions = (node.status and node.status.conditions) or ()
    return any(condition.type == "Ready" and condition.status == "True" for condition in conditions)
