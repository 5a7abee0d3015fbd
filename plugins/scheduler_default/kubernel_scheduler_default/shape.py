"""What a batch needs to know only once for all pods that are alike.

The copies of a replication controller ask for the same labels and tolerate the same taints, so the rules that do not
depend on what is left are evaluated once for their *shape* (`kubernel.plugin.scheduling.shape_key`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from kubernel.plugin.contracts.scheduler import PodInfo

from kubernel_scheduler_default.columns import Columns, Mask
from kubernel_scheduler_default.filters import Filter
from kubernel_scheduler_default.scores import Points, Score

__all__ = ["Shape", "WeightedScores", "count_refusals", "weighted_points"]

WeightedScores = Sequence[tuple[float, Score]]


@dataclass(frozen=True, slots=True)
class Shape:
    """The answers for all pods of one shape.

    Attributes:
        allowed: Where such a pod may run when there is room.
        refusals: Why not elsewhere, reason → number of nodes.
        points: The weighted points that no placement changes.
    """

    allowed: Mask
    refusals: Counter[str]
    points: Points

    @classmethod
    def of(cls, pod: PodInfo, columns: Columns, filters: Iterable[Filter], scores: WeightedScores) -> "Shape":
        """Evaluate the rules for this pod, as the example of its shape."""
        allowed = np.ones(columns.count, np.bool_)
        refusals = count_refusals(pod, columns, filters, allowed)
        return cls(allowed, refusals, weighted_points(pod, columns, scores, allowed))


def count_refusals(pod: PodInfo, columns: Columns, filters: Iterable[Filter], remaining: Mask) -> Counter[str]:
    """Count the refused nodes by reason, and take them out of ``remaining`` (changed in place)."""
    counts: Counter[str] = Counter()
    for rule in filters:
        refused = [(reason, mask & remaining) for reason, mask in rule.refused(pod, columns)]
        for reason, mask in refused:
            counts[reason] += int(np.count_nonzero(mask))
            remaining &= ~mask
    return +counts


def weighted_points(pod: PodInfo, columns: Columns, scores: WeightedScores, possible: Mask) -> Points:
    """Return the sum of all points times their weights."""
    total = np.zeros(columns.count, np.float64)
    for weight, score in scores:
        points = score.points(pod, columns, possible) if weight else None
        if points is not None:
            total += weight * points
    return total
