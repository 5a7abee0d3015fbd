"""The cluster as columns: one numpy array for each thing that the steps ask of all nodes at once.

Built once a batch; the amounts change as the batch places pods, everything else stays. What is not a number (labels,
taints) is *coded*: a column of small integers and the list of distinct values, so that a rule in Python is asked once
for each distinct value instead of once for each node.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from kubernel.objects.models import core
from kubernel.plugin.contracts.scheduler import NodeInfo, PodInfo, Snapshot
from kubernel.plugin.scheduling import unschedulable_reason
from numpy.typing import NDArray

__all__ = ["Amounts", "Coded", "Columns", "Mask", "Taint", "Taints"]

Mask = NDArray[np.bool_]
Amounts = NDArray[np.int64]
V = TypeVar("V", bound=Hashable)


class Taint(NamedTuple):
    """A taint that can be a dictionary's key, as the generated type cannot."""

    key: str
    value: str
    effect: str

    def as_taint(self) -> core.Taint:
        """Return the object that the toolkit asks for."""
        return core.Taint(key=self.key, value=self.value, effect=self.effect)


Taints = tuple[Taint, ...]


class Coded(Generic[V]):
    """A column of values that repeat: `codes` index into `values`."""

    def __init__(self, column: Iterable[V]) -> None:
        index: dict[V, int] = {}
        self.codes = np.fromiter((index.setdefault(value, len(index)) for value in column), np.intp)
        self.index = index
        self.values: Sequence[V] = tuple(index)

    def equals(self, value: V) -> Mask:
        """Return where the column has this value."""
        mask: Mask = self.codes == self.index.get(value, -1)
        return mask

    def where(self, holds: Callable[[V], bool]) -> Mask:
        """Return where the rule holds; it is asked once for each distinct value."""
        return np.fromiter(map(holds, self.values), np.bool_, len(self.values))[self.codes]

    def map(self, number: Callable[[V], int]) -> Amounts:
        """Return the number of each node's value; the function is asked once for each distinct value."""
        return np.fromiter(map(number, self.values), np.int64, len(self.values))[self.codes]


class Columns:
    """All nodes of one snapshot; the same index means the same node in every column."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._nodes: list[NodeInfo] = list(snapshot.nodes.values())
        self.count = len(self._nodes)
        self.names = [node.name for node in self._nodes]
        self.index = {name: i for i, name in enumerate(self.names)}
        cpu = self._amounts(lambda node: node.allocatable.cpu_millicores)
        memory = self._amounts(lambda node: node.allocatable.memory_bytes)
        pods = self._amounts(lambda node: node.allocatable.pods)
        self.free_cpu = cpu - self._amounts(lambda node: node.used.cpu_millicores)
        self.free_memory = memory - self._amounts(lambda node: node.used.memory_bytes)
        self.free_pods = pods - self._amounts(lambda node: node.used.pods)
        # Dividing once a batch instead of once a pod; a node without any of it has no points to give.
        self.points_per_cpu = 100.0 / np.maximum(cpu, 1)
        self.points_per_memory = 100.0 / np.maximum(memory, 1)
        self.points_per_pod = 100.0 / np.maximum(pods, 1)
        self.blocked = Coded(unschedulable_reason(node) for node in self._nodes)
        self.taints = Coded(_taints(node) for node in self._nodes)
        self._labels: dict[str, Coded[str | None]] = {}
        self._groups: dict[str, Amounts] = {}

    def _amounts(self, of: Callable[[NodeInfo], int]) -> Amounts:
        return np.fromiter(map(of, self._nodes), np.int64, self.count)

    def label(self, key: str) -> Coded[str | None]:
        """Return the column of one label; ``None`` is its absence."""
        column = self._labels.get(key)
        if column is None:
            column = self._labels[key] = Coded(node.labels.get(key) for node in self._nodes)
        return column

    def name_is(self, holds: Callable[[str], bool]) -> Mask:
        """Return where the rule holds for the node's name."""
        return np.fromiter(map(holds, self.names), np.bool_, self.count)

    def only(self, name: str) -> Mask:
        """Return the mask of the one node of this name."""
        mask = np.zeros(self.count, np.bool_)
        if name in self.index:
            mask[self.index[name]] = True
        return mask

    def expect_groups(self, pods: Sequence[PodInfo]) -> None:
        """Prepare the columns of these pods' groups in one pass over the nodes."""
        self._groups.update((group, np.zeros(self.count, np.int64)) for group in {pod.group for pod in pods})
        wanted = self._groups.keys()
        for i, node in enumerate(self._nodes):
            for group in wanted & node.groups.keys():
                self._groups[group][i] = node.groups[group]

    def in_group(self, group: str) -> Amounts:
        """Return how many pods of an expected group each node has now."""
        return self._groups[group]

    def place(self, pod: PodInfo, at: int) -> None:
        """Count the pod on the node with this index."""
        self.free_cpu[at] -= pod.requests.cpu_millicores
        self.free_memory[at] -= pod.requests.memory_bytes
        self.free_pods[at] -= pod.requests.pods
        self._groups[pod.group][at] += 1


def _taints(node: NodeInfo) -> Taints:
    taints = node.node.spec.taints if node.node.spec else None
    return tuple(Taint(taint.key, taint.value or "", taint.effect) for taint in taints or ())
