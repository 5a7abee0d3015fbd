"""Which nodes push a pod away: taints, and the tolerations against them.

Source: Kubernetes' ``component-helpers/scheduling/corev1`` (``Toleration.ToleratesTaint``).
"""

from collections.abc import Iterable

from kubernel.objects.models import core

__all__ = ["REPELS", "UNSCHEDULABLE_TAINT", "tolerates", "untolerated"]

REPELS = frozenset({"NoSchedule", "NoExecute"})
"""The effects that keep a pod off a node; ``PreferNoSchedule`` only lowers its score."""

UNSCHEDULABLE_TAINT = core.Taint(key="node.kubernetes.io/unschedulable", effect="NoSchedule")
"""What a cordoned node counts as: a pod that tolerates this taint may go there all the same."""


def tolerates(toleration: core.Toleration, taint: core.Taint) -> bool:
    """Whether this toleration covers the taint: an empty effect or key covers all of them."""
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.key and toleration.key != taint.key:
        return False
    match toleration.operator or "Equal":
        case "Exists":
            return True
        case "Equal":
            # An empty key is only allowed with Exists; with Equal it covers nothing.
            return bool(toleration.key) and (toleration.value or "") == (taint.value or "")
        case _:
            return False


def untolerated(
    tolerations: Iterable[core.Toleration] | None,
    taints: Iterable[core.Taint] | None,
    effects: frozenset[str] = REPELS,
) -> list[core.Taint]:
    """Return the taints with one of these effects that no toleration covers, in the node's order."""
    covering = tuple(tolerations or ())
    return [
        taint
        for taint in taints or ()
        if taint.effect in effects and not any(tolerates(toleration, taint) for toleration in covering)
    ]
