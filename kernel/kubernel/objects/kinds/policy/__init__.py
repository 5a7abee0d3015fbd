"""The kinds of the group ``policy``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.policy.pod_disruption_budget import POD_DISRUPTION_BUDGET

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (POD_DISRUPTION_BUDGET,)
