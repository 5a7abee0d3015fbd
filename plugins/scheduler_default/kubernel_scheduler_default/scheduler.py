"""The scheduler: for each pod of the batch filter, score, choose, and count it before the next one."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
import numpy as np
from kubernel.plugin.contracts import PluginInfo, Scheduler
from kubernel.plugin.contracts.scheduler import Decision, PodInfo, Snapshot
from kubernel.plugin.scheduling import shape_key

from kubernel_scheduler_default.columns import Columns, Mask
from kubernel_scheduler_default.filters import PLACEMENT, ROOM
from kubernel_scheduler_default.scores import FewPreferredTaints, LeastAllocated, Points, PreferredAffinity, Spread
from kubernel_scheduler_default.settings import DefaultSettings
from kubernel_scheduler_default.shape import Shape, count_refusals, weighted_points

__all__ = ["DefaultScheduler"]


class DefaultScheduler(Scheduler):
    """Spreads pods over the nodes that can take them."""

    info: ClassVar[PluginInfo] = PluginInfo(
        "default", "Spreads pods over the least used nodes that fit, by filter and score steps."
    )
    settings: ClassVar[type[msgspec.Struct]] = DefaultSettings

    def __init__(self, settings: DefaultSettings) -> None:
        self._settings = settings

    def schedule(self, pods: Sequence[PodInfo], snapshot: Snapshot) -> list[Decision]:
        """Decide on the batch; see the contract."""
        batch = _Batch(pods, snapshot, self._settings)
        return [batch.decide(pod) for pod in pods]


class _Batch:
    """The columns of one batch and what was found out about them."""

    def __init__(self, pods: Sequence[PodInfo], snapshot: Snapshot, settings: DefaultSettings) -> None:
        self._columns = Columns(snapshot)
        self._columns.expect_groups(pods)
        self._shapes: dict[bytes, Shape] = {}
        self._explained = settings.explained_nodes
        self._lasting = (
            (settings.affinity_weight, PreferredAffinity()),
            (settings.taint_weight, FewPreferredTaints()),
        )
        self._changing = ((settings.spread_weight, Spread()), (settings.least_allocated_weight, LeastAllocated()))

    def decide(self, pod: PodInfo) -> Decision:
        """Choose a node for the pod and count it there."""
        shape = self._shape(pod)
        possible = shape.allowed.copy()
        for rule in ROOM:
            for _reason, refused in rule.refused(pod, self._columns):
                possible &= ~refused
        if not possible.any():
            return self._refuse(pod, shape)
        points = shape.points + weighted_points(pod, self._columns, self._changing, possible)
        points[~possible] = -np.inf
        best = int(points.argmax())
        self._columns.place(pod, best)
        return Decision(pod.key, self._columns.names[best], scores=self._explain(points, possible))

    def _shape(self, pod: PodInfo) -> Shape:
        key = shape_key(pod.pod)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = Shape.of(pod, self._columns, PLACEMENT, self._lasting)
        return shape

    def _refuse(self, pod: PodInfo, shape: Shape) -> Decision:
        lacking = count_refusals(pod, self._columns, ROOM, shape.allowed.copy())
        return Decision(pod.key, None, shape.refusals + lacking)

    def _explain(self, points: Points, possible: Mask) -> dict[str, float]:
        shown = min(self._explained, int(np.count_nonzero(possible)))
        if shown <= 0:
            return {}
        best = np.argpartition(points, -shown)[-shown:]
        return {self._columns.names[i]: round(float(points[i]), 1) for i in best[np.argsort(-points[best])]}
