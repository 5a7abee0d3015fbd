"""The counts in a workload's status: never negative, never more than there are, never going backwards.

Source: Kubernetes' ``pkg/apis/apps/validation`` (``Validate…Status``, ``Validate…StatusUpdate``).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.rules.values import at_least_zero

__all__ = ["collision_errors", "count_errors", "whole_errors"]


def count_errors(status: Any, names: Sequence[str]) -> Iterable[FieldError]:  # noqa: ANN401 - any kind's status
    """Check that each of these counts of a status is at least 0; there may be no status."""
    if status is not None:
        for name in names:
            yield from at_least_zero(getattr(status, name), f"status.{name}")


def whole_errors(
    status: Any,  # noqa: ANN401 - any kind's status
    parts: Sequence[str],
    *,
    ready: str = "readyReplicas",
) -> Iterable[FieldError]:
    """Check that no part of the replicas is more than all, and that no more are available than ready.

    Args:
        status: A status with ``replicas``, ``availableReplicas`` and ``readyReplicas``, or ``None``.
        parts: The counts that are a part of ``replicas``.
        ready: What the sentence calls the count of ready ones.
    """
    if status is None:
        return
    for name in parts:
        if (count := getattr(status, name) or 0) > (status.replicas or 0):
            yield field_invalid(f"status.{name}", count, "cannot be greater than status.replicas")
    available = status.availableReplicas or 0
    if available > (status.readyReplicas or 0):
        yield field_invalid("status.availableReplicas", available, f"cannot be greater than {ready}")


def collision_errors(new: Any, old: Any) -> Iterable[FieldError]:  # noqa: ANN401 - any kind's status
    """Check that ``collisionCount`` does not go backwards: a name once taken would be tried again."""
    was = old.collisionCount if old is not None else None
    now = new.collisionCount if new is not None else None
    if was is not None and (now is None or now < was):
        yield field_invalid("status.collisionCount", now or 0, "cannot be decremented")
