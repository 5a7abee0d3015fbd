"""What a quota's status says."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from kubernel.objects.models import core
from kubernel.objects.quotas import charge_of, coverage_of, shown_amount

from kubernel_controller_resourcequota.counting import Counted

__all__ = ["status_of"]


def status_of(quota: core.ResourceQuota, counted: Iterable[Counted]) -> dict[str, Any]:
    """Return ``hard`` as it is wanted, and ``used``: everything that falls under the quota, added up."""
    coverage = coverage_of(quota)
    used = dict.fromkeys(coverage.hard, Fraction(0))
    for one in counted:
        names = coverage.bounded(one.kind)
        if not names:
            continue
        for obj in one.objects:
            charge = charge_of(one.kind, obj)
            if coverage.covers(one.kind, charge):
                for name in names:
                    used[name] += charge.amounts.get(name, Fraction(0))
    hard = quota.spec.hard if quota.spec is not None else None
    return {"hard": dict(hard or {}), "used": {name: shown_amount(name, amount) for name, amount in used.items()}}
