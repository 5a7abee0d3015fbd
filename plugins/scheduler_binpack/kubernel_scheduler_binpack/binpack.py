"""The whole scheduler: keep the nodes sorted by how full they are, take the first that the pod fits on.

What a pod may run on at all is asked of the toolkit (`kubernel.plugin.scheduling`), as in every scheduler; this
module has only the idea of its own. It is plain Python on purpose: a second example beside the default scheduler,
quick enough for a thousand pods on some hundred nodes because it stops at the first node that fits.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec
from kubernel.plugin.contracts import PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, NodeInfo, PodInfo, Snapshot
from kubernel.plugin.scheduling import Ledger

__all__ = ["BinpackScheduler", "BinpackSettings"]


class BinpackSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What "full" means.

    Attributes:
        cpu_weight: How much the share of used CPU counts. As much as memory by default: a machine that is full in
            either cannot be packed any further.
        memory_weight: How much the share of used memory counts.
    """

    cpu_weight: float = 1.0
    memory_weight: float = 1.0


class BinpackScheduler(Scheduler):
    """Chooses the fullest node that fits."""

    info: ClassVar[PluginInfo] = PluginInfo(
        "binpack", "Fills the fullest node first, so that whole machines stay empty."
    )
    settings: ClassVar[type[msgspec.Struct]] = BinpackSettings

    def __init__(self, settings: BinpackSettings) -> None:
        self._settings = settings

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> list[Decision]:
        """Decide on the batch; see the contract."""
        ledger = Ledger(snapshot)
        fullest_first = _FullestFirst(self._settings, ledger, snapshot)
        return [self._decide(pod, ledger, fullest_first) for pod in pods]

    def _decide(self, pod: PodInfo, ledger: Ledger, nodes: "_FullestFirst") -> Decision:
        allowed = ledger.allowed(pod)
        for node, fullness in nodes:
            if node.name in allowed and ledger.has_room(pod, node):
                decision = ledger.place(pod, node, {node.name: fullness})
                nodes.changed(node)
                return decision
        return ledger.refuse(pod)


class _FullestFirst:
    """The nodes in order of fullness, kept sorted while the batch fills them; equally full ones by name."""

    def __init__(self, settings: BinpackSettings, ledger: Ledger, snapshot: Snapshot) -> None:
        self._settings = settings
        self._ledger = ledger
        self._nodes = snapshot.nodes
        self._rank = {name: (-self._fullness(node), name) for name, node in snapshot.nodes.items()}
        self._sorted = sorted(self._rank.values())

    def __iter__(self) -> Iterator[tuple[NodeInfo, float]]:
        """Yield (node, fullness from 0 to 100), the fullest first; stop iterating before calling `changed`."""
        return ((self._nodes[name], -minus) for minus, name in self._sorted)

    def changed(self, node: NodeInfo) -> None:
        """Put the node where it belongs after something was placed on it."""
        self._sorted.remove(self._rank[node.name])
        self._rank[node.name] = (-self._fullness(node), node.name)
        insort(self._sorted, self._rank[node.name])

    def _fullness(self, node: NodeInfo) -> float:
        used = node.allocatable - self._ledger.free(node)
        cpu, memory = self._settings.cpu_weight, self._settings.memory_weight
        weighted = cpu * _share(used.cpu_millicores, node.allocatable.cpu_millicores)
        weighted += memory * _share(used.memory_bytes, node.allocatable.memory_bytes)
        share = weighted / (cpu + memory) if cpu + memory else 0.0
        # Pods that request nothing fill nothing; their number decides, below everything that is requested.
        return 99 * share + _share(used.pods, node.allocatable.pods)


def _share(used: int, of: int) -> float:
    return used / of if of else 1.0
