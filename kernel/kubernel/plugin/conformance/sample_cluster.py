"""Small clusters to put schedulers to: nodes and waiting pods with what a check needs and nothing else."""

from collections.abc import Iterable, Mapping

from kubernel.objects.models import core, meta
from kubernel.plugin.contracts.scheduler import NodeInfo, PodInfo, Resources, Snapshot

__all__ = ["GIB", "a_node", "a_pod", "cluster_of"]

GIB = 2**30
_NODE = Resources(cpu_millicores=4000, memory_bytes=8 * GIB, pods=110)
_NOTHING = Resources()


def a_node(
    name: str,
    allocatable: Resources = _NODE,
    *,
    used: Resources = _NOTHING,
    labels: Mapping[str, str] | None = None,
    spec: core.NodeSpec | None = None,
    schedulable: bool = True,
) -> NodeInfo:
    """Return a node of four cores and 8 GiB, or as told; it carries its host name label."""
    of_node = {"kubernetes.io/hostname": name, **(labels or {})}
    return NodeInfo(
        name=name,
        node=core.Node(metadata=meta.ObjectMeta(name=name, labels=of_node), spec=spec),
        labels=of_node,
        allocatable=allocatable,
        used=used,
        schedulable=schedulable,
    )


def a_pod(
    name: str,
    *,
    cpu_millicores: int = 100,
    memory_bytes: int = GIB // 16,
    group: str = "",
    spec: core.PodSpec | None = None,
) -> PodInfo:
    """Return a waiting pod that requests a little, or as told."""
    return PodInfo(
        key=f"default/{name}",
        pod=core.Pod(
            metadata=meta.ObjectMeta(name=name, namespace="default", uid=f"uid-{name}"),
            spec=spec or core.PodSpec(containers=[core.Container(name="main")]),
        ),
        requests=Resources(cpu_millicores, memory_bytes, 1),
        group=group or f"uid-{name}",
    )


def cluster_of(nodes: Iterable[NodeInfo]) -> Snapshot:
    """Return the cluster of these nodes."""
    return Snapshot({node.name: node for node in nodes})
