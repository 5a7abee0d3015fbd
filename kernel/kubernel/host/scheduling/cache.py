"""The cluster as the scheduler sees it, kept current by single changes instead of being rebuilt.

Whatever is bound to a node counts there until it has finished or is gone: bindings seen through the watch and
bindings that we have only *assumed* (decided, perhaps written, not yet seen). A pod counts once: seeing an assumed one
replaces the assumption. Pods may be seen before their node; they are counted and wait for it.
"""

from collections import Counter
from dataclasses import dataclass, field

from kubernel.host.scheduling.view import allocatable_of, is_schedulable
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.scheduler import NodeInfo, PodInfo, Resources, Snapshot

__all__ = ["ClusterCache"]


_NOTHING = Resources()


@dataclass(slots=True)
class _Node:
    """What is known of one node; ``node`` is ``None`` while only pods speak of it."""

    node: core.Node | None = None
    allocatable: Resources = _NOTHING
    schedulable: bool = False
    used: Resources = _NOTHING
    groups: Counter[str] = field(default_factory=Counter)
    info: NodeInfo | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """A pod and where it counts."""

    node: str
    requests: Resources
    group: str


class ClusterCache:
    """Nodes and what their pods take from them."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Node] = {}
        self._pods: dict[str, _Counted] = {}
        self._dirty: set[str] = set()
        self._infos: dict[str, NodeInfo] = {}

    def set_node(self, node: core.Node) -> bool:
        """Take over a node's state; return whether it changed in a way that a waiting pod could care about."""
        name = meta_of(node).name or ""
        state = self._nodes.setdefault(name, _Node())
        before, old = state.node, (state.allocatable, state.schedulable)
        state.node, state.allocatable, state.schedulable = node, allocatable_of(node), is_schedulable(node)
        self._dirty.add(name)
        return before is None or old != (state.allocatable, state.schedulable) or _attracts(before) != _attracts(node)

    def remove_node(self, name: str) -> None:
        """Forget a node; pods that are bound to it go on counting should it come back."""
        if state := self._nodes.get(name):
            state.node = None
            self._dirty.add(name)

    def count(self, pod: PodInfo, node: str) -> None:
        """Count the pod on the node, and nowhere else; safe to repeat."""
        counted = _Counted(node, pod.requests, pod.group)
        if self._pods.get(pod.key) == counted:
            return
        self.release(pod.key)
        self._pods[pod.key] = counted
        state = self._nodes.setdefault(node, _Node())
        state.used += counted.requests
        state.groups[counted.group] += 1
        self._dirty.add(node)

    def release(self, key: str) -> bool:
        """Count the pod no longer; return whether it was counted anywhere."""
        counted = self._pods.pop(key, None)
        if counted is None:
            return False
        state = self._nodes[counted.node]
        state.used -= counted.requests
        state.groups[counted.group] -= 1
        if not state.groups[counted.group]:
            del state.groups[counted.group]
        self._dirty.add(counted.node)
        return True

    def snapshot(self) -> Snapshot:
        """Return the cluster now; later changes do not show in it."""
        for name in self._dirty:
            info = self._info(name, self._nodes[name])
            if info is None:
                self._infos.pop(name, None)
            else:
                self._infos[name] = info
        self._dirty.clear()
        return Snapshot(dict(self._infos))

    def _info(self, name: str, state: _Node) -> NodeInfo | None:
        if state.node is None:
            if not state.groups:
                del self._nodes[name]
            return None
        labels = meta_of(state.node).labels or {}
        return NodeInfo(
            name, state.node, labels, state.allocatable, state.used, dict(state.groups), schedulable=state.schedulable
        )


def _attracts(node: core.Node) -> tuple[dict[str, str] | None, list[core.Taint] | None]:
    return meta_of(node).labels, node.spec.taints if node.spec else None
