"""The accounting inside a batch: what is left on each node after the decisions made so far."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kubernel.plugin.contracts.scheduler import Decision, NodeInfo, PodInfo, Resources, Snapshot
from kubernel.plugin.scheduling.refusals import insufficient, placement_refusal
from kubernel.plugin.scheduling.shape import shape_key

__all__ = ["Ledger"]


@dataclass(slots=True)
class _Shape:
    """What is the same for all pods of one shape: the nodes that are for them, and why the others are not."""

    allowed: dict[str, NodeInfo] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)


class Ledger:
    """What a batch has left on each node.

    A scheduler makes one ledger for each call of ``schedule``, asks it for the nodes that take a pod, and tells it
    each choice with `place`, so that the next pod sees the room that the last one took::

        ledger = Ledger(snapshot)
        for pod in pods:
            fitting = list(ledger.fitting(pod))
            yield ledger.place(pod, fitting[0]) if fitting else ledger.refuse(pod)
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._nodes = snapshot.nodes
        self._free: dict[str, Resources] = {}
        self._groups: Counter[tuple[str, str]] = Counter()
        self._shapes: dict[bytes, _Shape] = {}

    def free(self, node: NodeInfo) -> Resources:
        """Return what is left on the node now."""
        free = self._free.get(node.name)
        if free is None:
            free = self._free[node.name] = node.free
        return free

    def in_group(self, node: NodeInfo, group: str) -> int:
        """Return how many pods of the group the node has now."""
        return node.groups.get(group, 0) + self._groups[node.name, group]

    def allowed(self, pod: PodInfo) -> Mapping[str, NodeInfo]:
        """Return the nodes that are for this pod, by name, whether there is room or not."""
        return self._shape(pod).allowed

    def has_room(self, pod: PodInfo, node: NodeInfo) -> bool:
        """Whether what the pod requests is left on the node now."""
        return not insufficient(pod.requests, self.free(node))

    def fitting(self, pod: PodInfo) -> Iterator[NodeInfo]:
        """Yield the nodes that can take the pod now, in the snapshot's order."""
        return (node for node in self.allowed(pod).values() if self.has_room(pod, node))

    def place(self, pod: PodInfo, node: NodeInfo, scores: Mapping[str, float] | None = None) -> Decision:
        """Count the pod on the node and return the decision; ``scores`` explain it, see `Decision`."""
        self._free[node.name] = self.free(node) - pod.requests
        self._groups[node.name, pod.group] += 1
        return Decision(pod.key, node.name, scores=scores or {})

    def refuse(self, pod: PodInfo) -> Decision:
        """Return the decision for a pod that no node takes now, with every node's reasons counted."""
        shape = self._shape(pod)
        lacking = Counter(
            reason for node in shape.allowed.values() for reason in insufficient(pod.requests, self.free(node))
        )
        return Decision(pod.key, None, shape.refusals + lacking)

    def _shape(self, pod: PodInfo) -> _Shape:
        key = shape_key(pod.pod)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = _Shape()
            for node in self._nodes.values():
                if why := placement_refusal(pod.pod, node):
                    shape.refusals[why] += 1
                else:
                    shape.allowed[node.name] = node
        return shape
