"""The score steps: which of the possible nodes is best, each with points from 0 (worst) to 100 (best).

The sum of all points times their weights decides. To add a preference, write a class like these, give it a weight in
`settings` and put it into `scheduler`.
"""

from typing import Protocol

import numpy as np
from kubernel.plugin.contracts.scheduler import PodInfo
from kubernel.plugin.scheduling import untolerated
from numpy.typing import NDArray

from kubernel_scheduler_default.columns import Amounts, Columns, Mask
from kubernel_scheduler_default.filters import term_mask

__all__ = ["FewPreferredTaints", "LeastAllocated", "Points", "PreferredAffinity", "Score", "Spread"]

Points = NDArray[np.float64]
_PREFER = frozenset({"PreferNoSchedule"})


class Score(Protocol):
    """One preference among the nodes where a pod can run."""

    def points(self, pod: PodInfo, columns: Columns, possible: Mask) -> Points | None:
        """Return the points of every node; ``None`` when all are equally good. Others than ``possible`` are ignored."""


class Spread:
    """Few pods of the pod's own group: copies of one thing should not share a machine."""

    def points(self, pod: PodInfo, columns: Columns, possible: Mask) -> Points | None:
        """See `Score`."""
        return _fewest_best(columns.in_group(pod.group), possible)


class LeastAllocated:
    """Much left after the pod was placed: the mean over CPU, memory and the number of pods."""

    def points(self, pod: PodInfo, columns: Columns, possible: Mask) -> Points | None:  # noqa: ARG002 - see `Score`
        """See `Score`."""
        return (
            (columns.free_cpu - pod.requests.cpu_millicores) * columns.points_per_cpu
            + (columns.free_memory - pod.requests.memory_bytes) * columns.points_per_memory
            + (columns.free_pods - pod.requests.pods) * columns.points_per_pod
        ) / 3


class PreferredAffinity:
    """The weights of the preferred node affinity terms that the node fulfils."""

    def points(self, pod: PodInfo, columns: Columns, possible: Mask) -> Points | None:
        """See `Score`."""
        affinity = pod.pod.spec.affinity.nodeAffinity if pod.pod.spec and pod.pod.spec.affinity else None
        preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution if affinity else None
        if not preferred:
            return None
        wishes = np.zeros(columns.count, np.int64)
        for wish in preferred:
            wishes += wish.weight * term_mask(wish.preference, columns)
        most = _most(wishes, possible)
        return np.multiply(wishes, 100.0 / most, dtype=np.float64) if most else None


class FewPreferredTaints:
    """Few taints that ask the pod to stay away and that it does not tolerate."""

    def points(self, pod: PodInfo, columns: Columns, possible: Mask) -> Points | None:
        """See `Score`."""
        tolerations = pod.pod.spec.tolerations if pod.pod.spec else None
        counts = columns.taints.map(
            lambda taints: len(untolerated(tolerations, (taint.as_taint() for taint in taints), _PREFER))
        )
        return _fewest_best(counts, possible)


def _most(amounts: Amounts, possible: Mask) -> int:
    return int(amounts.max(initial=0, where=possible))


def _fewest_best(amounts: Amounts, possible: Mask) -> Points | None:
    most = _most(amounts, possible)
    return np.multiply(most - amounts, 100.0 / most, dtype=np.float64) if most else None
