"""Role ``scheduler`` (exclusive, entry-point group ``kubernel.scheduler``): which node for which pod.

A scheduler is a pure decision over a snapshot; watching, batching, binding, events and retries are the host's
(``kubernel.host.scheduling``). It must not talk to the API, keep state that matters, or block.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from kubernel.objects.models import core
from kubernel.plugin.contracts.plugin import Plugin

__all__ = ["Decision", "NodeInfo", "PodInfo", "Resources", "Scheduler", "Snapshot"]


@dataclass(frozen=True, slots=True)
class Resources:
    """Amounts of what pods ask for and nodes have.

    Attributes:
        cpu_millicores: Thousandths of a core.
        memory_bytes: Bytes.
        pods: A number of pods.
    """

    cpu_millicores: int = 0
    memory_bytes: int = 0
    pods: int = 0

    def __add__(self, other: "Resources") -> "Resources":
        return Resources(
            self.cpu_millicores + other.cpu_millicores,
            self.memory_bytes + other.memory_bytes,
            self.pods + other.pods,
        )

    def __sub__(self, other: "Resources") -> "Resources":
        return Resources(
            self.cpu_millicores - other.cpu_millicores,
            self.memory_bytes - other.memory_bytes,
            self.pods - other.pods,
        )

    def fits_in(self, free: "Resources") -> bool:
        """Whether every amount is at most what is free."""
        return (
            self.cpu_millicores <= free.cpu_millicores
            and self.memory_bytes <= free.memory_bytes
            and self.pods <= free.pods
        )


@dataclass(frozen=True, slots=True)
class PodInfo:
    """A pod as a scheduler sees it.

    Attributes:
        key: ``namespace/name``.
        pod: The whole object; do not change it.
        requests: The sum of its containers' requests (``pods`` is 1).
        group: What it spreads with: the uid of its controlling owner, else its own uid.
        node_name: Where it runs; empty while it waits.
    """

    key: str
    pod: core.Pod
    requests: Resources
    group: str
    node_name: str = ""


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """A node as a scheduler sees it.

    Attributes:
        name: The node's name.
        node: The whole object; do not change it.
        labels: Its labels.
        allocatable: What it offers to pods.
        used: What the pods that are bound to it request.
        groups: How many pods of each `PodInfo.group` are bound to it.
        schedulable: Ready, not cordoned, not being deleted.
    """

    name: str
    node: core.Node
    labels: Mapping[str, str]
    allocatable: Resources
    used: Resources
    groups: Mapping[str, int] = field(default_factory=dict)
    schedulable: bool = True

    @property
    def free(self) -> Resources:
        """What is left."""
        return self.allocatable - self.used


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The cluster at one moment: every node, by name, in no particular order."""

    nodes: Mapping[str, NodeInfo]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one pod.

    Attributes:
        pod: The `PodInfo.key`.
        node: The chosen node, or ``None`` when there is none now; the host asks again when something changed.
        reasons: Without a node: why not, as sentence → number of nodes, such as ``{"Insufficient cpu": 3}``.
        scores: With a node: the scores of the best few nodes, for explanations.
    """

    pod: str
    node: str | None
    reasons: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)


class Scheduler(Plugin):
    """Chooses nodes for pods."""

    api_version: ClassVar[int] = 1

    @abstractmethod
    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> Sequence[Decision]:
        """Decide on a batch of waiting pods, in this order.

        Args:
            pods: 1 to 1,000 waiting pods, the longest waiting first; each is decided exactly once.
            snapshot: The cluster now. Decisions of the same batch must count: the second pod sees the first one's
                requests on the node that it got.

        Returns:
            One decision a pod, in any order. A node that is not in the snapshot is refused by the host.

        Raises:
            Exception: The batch stays waiting and is retried with back-off.
        """
