"""What an operator can turn: how much each score counts."""

import msgspec

__all__ = ["DefaultSettings"]


class DefaultSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weights of the score steps; 0 leaves a step out.

    Attributes:
        spread_weight: Few pods of the same group on a node. Counts double, as in Kubernetes: the copies of a
            service should not die together.
        least_allocated_weight: Much CPU and memory left.
        affinity_weight: The pod's preferred node affinity. Doubled, as in Kubernetes, because somebody asked for it.
        taint_weight: Few ``PreferNoSchedule`` taints that the pod does not tolerate. Kubernetes' weight.
        explained_nodes: For how many of the best nodes a decision tells the scores.
    """

    spread_weight: float = 2.0
    least_allocated_weight: float = 1.0
    affinity_weight: float = 2.0
    taint_weight: float = 3.0
    explained_nodes: int = 3
