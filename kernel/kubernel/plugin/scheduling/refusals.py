"""Why a node does not take a pod, in the words of kube-scheduler.

The words are part of what users know (``kubectl describe pod``), so they stay as they are in Kubernetes' plugins
NodeUnschedulable, NodeName, TaintToleration, NodeAffinity and NodeResourcesFit, and so does their order: the first
rule that refuses is the one reported, and only the resources are reported together.
"""

from kubernel.objects.models import core
from kubernel.plugin.contracts.scheduler import NodeInfo, PodInfo, Resources
from kubernel.plugin.scheduling.affinity import matches_required_affinity
from kubernel.plugin.scheduling.taints import UNSCHEDULABLE_TAINT, untolerated

__all__ = [
    "AFFINITY",
    "CORDONED",
    "CPU",
    "MEMORY",
    "NODE_NAME",
    "NOT_READY",
    "PODS",
    "insufficient",
    "placement_refusal",
    "refusals",
    "unschedulable_reason",
    "untolerated_reason",
]

AFFINITY = "node(s) didn't match Pod's node affinity/selector"
CORDONED = "node(s) were unschedulable"
CPU = "Insufficient cpu"
MEMORY = "Insufficient memory"
NODE_NAME = "node(s) didn't match the requested node name"
NOT_READY = "node(s) were not ready"
PODS = "Too many pods"


def refusals(pod: PodInfo, node: NodeInfo, free: Resources | None = None) -> tuple[str, ...]:
    """Return why the node cannot take the pod; empty when it can.

    Args:
        pod: The waiting pod.
        node: The candidate.
        free: What is left there now; ``None`` means ``node.free``, which does not know of decisions made since
            the snapshot (a `Ledger` does).
    """
    static = placement_refusal(pod.pod, node)
    if static:
        return (static,)
    return insufficient(pod.requests, node.free if free is None else free)


def placement_refusal(pod: core.Pod, node: NodeInfo) -> str:
    """Return why the node is not one for this pod, however much is left there; empty when it is."""
    tolerations = pod.spec.tolerations if pod.spec else None
    blocked = unschedulable_reason(node)
    if blocked and (blocked != CORDONED or untolerated(tolerations, (UNSCHEDULABLE_TAINT,))):
        return blocked
    if pod.spec and pod.spec.nodeName and pod.spec.nodeName != node.name:
        return NODE_NAME
    taints = node.node.spec.taints if node.node.spec else None
    if taints and (bad := untolerated(tolerations, taints)):
        return untolerated_reason(bad[0])
    return "" if matches_required_affinity(pod, node.name, node.labels) else AFFINITY


def unschedulable_reason(node: NodeInfo) -> str:
    """Return why the node takes no new pods, ``CORDONED`` or ``NOT_READY``; empty when it takes them."""
    if node.schedulable:
        return ""
    return CORDONED if node.node.spec and node.node.spec.unschedulable else NOT_READY


def untolerated_reason(taint: core.Taint) -> str:
    """Return the sentence for a node whose taint the pod does not tolerate."""
    return f"node(s) had untolerated taint {{{taint.key}: {taint.value or ''}}}"


def insufficient(requests: Resources, free: Resources) -> tuple[str, ...]:
    """Return a sentence for each resource of which too little is left.

    A pod that does not ask for a resource never lacks it, also on a node that is overcommitted already.
    """
    reasons = []
    if requests.pods > free.pods:
        reasons.append(PODS)
    if requests.cpu_millicores and requests.cpu_millicores > free.cpu_millicores:
        reasons.append(CPU)
    if requests.memory_bytes and requests.memory_bytes > free.memory_bytes:
        reasons.append(MEMORY)
    return tuple(reasons)
