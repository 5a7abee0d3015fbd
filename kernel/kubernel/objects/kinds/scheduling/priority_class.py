"""The kind ``PriorityClass``: a name for how much a pod matters. Which one a pod gets is admission's business."""

from collections.abc import Iterable

from kubernel.objects.cells import AGE, NAME, UNSET
from kubernel.objects.errors import FieldError, field_forbidden, field_not_supported, field_required
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import meta_of, scheduling

__all__ = ["HIGHEST", "PRIORITY_CLASS", "SYSTEM_CLASSES"]

HIGHEST = 1_000_000_000
"""The highest priority that users may give."""

SYSTEM_CLASSES = {"system-cluster-critical": 2 * HIGHEST, "system-node-critical": 2 * HIGHEST + 1000}
"""The classes of every cluster, and their priorities; what is above `HIGHEST` is theirs alone."""

PREEMPTION = ("PreemptLowerPriority", "Never")
_SYSTEM_PREFIX = "system-"


def _default(priority: scheduling.PriorityClass) -> None:
    priority.value = priority.value or 0
    priority.preemptionPolicy = priority.preemptionPolicy or PREEMPTION[0]


def _validate_create(priority: scheduling.PriorityClass) -> Iterable[FieldError]:
    name = meta_of(priority).name or ""
    if name.startswith(_SYSTEM_PREFIX):
        problem = _system_problem(name, priority)
        if problem:
            why = f"priority class names with '{_SYSTEM_PREFIX}' prefix are reserved for system use only. error: "
            yield field_forbidden("metadata.name", why + problem)
    elif (priority.value or 0) > HIGHEST:
        yield field_forbidden("value", f"maximum allowed value of a user defined priority is {HIGHEST}")


def _system_problem(name: str, priority: scheduling.PriorityClass) -> str:
    if name not in SYSTEM_CLASSES:
        return f"{name} is not a known system priority class"
    if priority.value != SYSTEM_CLASSES[name]:
        return f"value of {name} PriorityClass must be {SYSTEM_CLASSES[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if priority.globalDefault else ""


def _validate(priority: scheduling.PriorityClass) -> Iterable[FieldError]:
    if not priority.preemptionPolicy:
        yield field_required("preemptionPolicy")
    elif priority.preemptionPolicy not in PREEMPTION:
        yield field_not_supported("preemptionPolicy", priority.preemptionPolicy, PREEMPTION)


def _validate_update(new: scheduling.PriorityClass, old: scheduling.PriorityClass) -> Iterable[FieldError]:
    for name in ("value", "preemptionPolicy"):
        if getattr(new, name) != getattr(old, name):
            yield field_forbidden(name, "may not be changed in an update.")


PRIORITY_CLASS = Kind(
    type=scheduling.PriorityClass,
    group="scheduling.k8s.io",
    version="v1",
    name="PriorityClass",
    plural="priorityclasses",
    singular="priorityclass",
    namespaced=False,
    short_names=("pc",),
    default=_default,
    validate=_validate,
    validate_create=_validate_create,
    validate_update=_validate_update,
    columns=(
        NAME,
        Column("Value", lambda p, _: p.value or 0, type="integer", description="The priority that its pods get."),
        Column(
            "Global-Default",
            lambda p, _: bool(p.globalDefault),
            type="boolean",
            description="Whether pods that name no class get this one.",
        ),
        AGE,
        Column(
            "PreemptionPolicy",
            lambda p, _: p.preemptionPolicy or UNSET,
            description="Whether its pods may take the places of pods that matter less.",
        ),
    ),
    counted_fields=("value",),
)
