"""The accounting inside a batch: what is left on each node after the decisions made so far."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kubernel.plugin.contracts.scheduler import Decision, NodeInfo, PodInfo, Resources, Snapshot
from kubernel.plugin.scheduling.refusals import refusals

__all__ = ["Ledger"]


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

    def free(self, node: NodeInfo) -> Resources:
        """Return what is left on the node now."""
        return self._free.get(node.name) or node.free

    def in_group(self, node: NodeInfo, group: str) -> int:
        """Return how many pods of the group the node has now."""
        return node.groups.get(group, 0) + self._groups[node.name, group]

    def fitting(self, pod: PodInfo) -> Iterator[NodeInfo]:
        """Yield the nodes that can take the pod now, in the snapshot's order."""
        return (node for node in self._nodes.values() if not refusals(pod, node, self.free(node)))

    def place(self, pod: PodInfo, node: NodeInfo, scores: Mapping[str, float] | None = None) -> Decision:
        """Count the pod on the node and return the decision; ``scores`` explain it, see `Decision`."""
        self._free[node.name] = self.free(node) - pod.requests
        self._groups[node.name, pod.group] += 1
        return Decision(pod.key, node.name, scores=scores or {})

    def refuse(self, pod: PodInfo) -> Decision:
        """Return the decision for a pod that no node takes now, with every node's reasons counted."""
        reasons = Counter(reason for node in self._nodes.values() for reason in refusals(pod, node, self.free(node)))
        return Decision(pod.key, None, reasons)
