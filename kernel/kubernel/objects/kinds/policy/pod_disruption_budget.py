"""The kind ``PodDisruptionBudget``: how many of some pods must stay while others are taken away on purpose."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import FieldError, field_invalid, field_not_supported
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import policy
from kubernel.objects.rules.conditions import condition_errors
from kubernel.objects.selectors import label_selector_errors
from kubernel.objects.workloads.amounts import amount_errors, at_most_all
from kubernel.objects.workloads.counting import count_errors

__all__ = ["POD_DISRUPTION_BUDGET"]

UNHEALTHY = ("AlwaysAllow", "IfHealthyBudget")
NOT_APPLICABLE = "N/A"
_COUNTS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")

Budget = policy.PodDisruptionBudget


def _new_status() -> policy.PodDisruptionBudgetStatus:
    return policy.PodDisruptionBudgetStatus(currentHealthy=0, desiredHealthy=0, disruptionsAllowed=0, expectedPods=0)


def _spec(budget: Budget) -> policy.PodDisruptionBudgetSpec:
    if budget.spec is None:
        budget.spec = policy.PodDisruptionBudgetSpec()
    return budget.spec


def _prepare_create(budget: Budget) -> None:
    budget.status = _new_status()


def _validate(budget: Budget) -> Iterable[FieldError]:
    spec = _spec(budget)
    if spec.minAvailable is not None and spec.maxUnavailable is not None:
        yield field_invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")
    for name in ("minAvailable", "maxUnavailable"):
        yield from amount_errors(getattr(spec, name), f"spec.{name}")
        yield from at_most_all(getattr(spec, name), f"spec.{name}")
    yield from label_selector_errors(spec.selector, "spec.selector")
    unhealthy = spec.unhealthyPodEvictionPolicy
    if unhealthy is not None and unhealthy not in UNHEALTHY:
        yield field_not_supported("spec.unhealthyPodEvictionPolicy", unhealthy, UNHEALTHY)


def _validate_status(new: Budget, _old: Budget) -> Iterable[FieldError]:
    if new.status is not None:
        yield from condition_errors(new.status.conditions, "status.conditions")
    yield from count_errors(new.status, _COUNTS)


def _shown(amount: int | str | None) -> str:
    return NOT_APPLICABLE if amount is None else str(amount)


POD_DISRUPTION_BUDGET = Kind(
    type=Budget,
    group="policy",
    version="v1",
    name="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    singular="poddisruptionbudget",
    namespaced=True,
    short_names=("pdb",),
    prepare_create=_prepare_create,
    validate=_validate,
    validate_status=_validate_status,
    columns=(
        NAME,
        Column(
            "Min Available",
            lambda b, _: _shown(_spec(b).minAvailable),
            description="The minimum number of pods that must be available.",
        ),
        Column(
            "Max Unavailable",
            lambda b, _: _shown(_spec(b).maxUnavailable),
            description="The maximum number of pods that may be unavailable.",
        ),
        Column(
            "Allowed Disruptions",
            lambda b, _: (b.status or _new_status()).disruptionsAllowed,
            type="integer",
            description="Calculated number of pods that may be disrupted at this time.",
        ),
        AGE,
    ),
    has_status=True,
    spec_changes_generation=True,
)
