"""A pod's conditions, with the moments at which they changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kubernel.objects.models import core

__all__ = ["ConditionState", "merged_conditions"]


@dataclass(frozen=True, slots=True)
class ConditionState:
    """A condition now; ``reason`` and ``message`` say why it is false."""

    type: str
    is_true: bool
    reason: str = ""
    message: str = ""


def merged_conditions(
    before: Sequence[core.PodCondition], states: Sequence[ConditionState], now: datetime
) -> list[core.PodCondition]:
    """Return the new conditions, ours first; a moment moves only when the answer changed, and others' stay."""
    old = {condition.type: condition for condition in before}
    ours = [_condition(state, old.pop(state.type, None), now) for state in states]
    return ours + list(old.values())


def _condition(state: ConditionState, before: core.PodCondition | None, now: datetime) -> core.PodCondition:
    status = "True" if state.is_true else "False"
    since = before.lastTransitionTime if before is not None and before.status == status else None
    return core.PodCondition(
        type=state.type,
        status=status,
        reason=state.reason or None,
        message=state.message or None,
        lastTransitionTime=since or now,
    )
