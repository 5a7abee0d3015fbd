"""The kind ``PriorityLevelConfiguration``: how many requests of a level run at once, and how the others wait."""

from collections.abc import Callable, Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE
from kubernel.objects.errors import FieldError, field_duplicate, field_required
from kubernel.objects.flows.levels import default_level, level_errors
from kubernel.objects.kind import Cell, Column, Kind
from kubernel.objects.models import flowcontrol, meta_of
from kubernel.objects.rules.values import repeats

__all__ = ["PRIORITY_LEVEL"]

Level = flowcontrol.PriorityLevelConfiguration


def _default(level: Level) -> None:
    default_level(level.spec)
    level.status = level.status or flowcontrol.PriorityLevelConfigurationStatus()


def _prepare_create(level: Level) -> None:
    level.status = flowcontrol.PriorityLevelConfigurationStatus()


def _validate(level: Level) -> Iterable[FieldError]:
    yield from level_errors(level.spec, meta_of(level).name or "")
    conditions = (level.status.conditions if level.status else None) or ()
    for i, name, is_repeated in repeats(condition.type for condition in conditions):
        if is_repeated:
            yield field_duplicate(f"status.conditions[{i}].type", name)
        if not name:
            yield field_required(f"status.conditions[{i}].type", "must not be empty")


def _shares(level: Level, _now: datetime) -> Cell:
    limited = level.spec.limited
    return NONE if limited is None else limited.nominalConcurrencyShares


def _queuing(name: str) -> Callable[[Level, datetime], Cell]:
    def cell(level: Level, _now: datetime) -> Cell:
        limited = level.spec.limited
        queuing = limited.limitResponse.queuing if limited is not None else None
        value: Cell = NONE if queuing is None else getattr(queuing, name)
        return value

    return cell


PRIORITY_LEVEL = Kind(
    type=Level,
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    name="PriorityLevelConfiguration",
    plural="prioritylevelconfigurations",
    singular="prioritylevelconfiguration",
    namespaced=False,
    default=_default,
    prepare_create=_prepare_create,
    validate=_validate,
    columns=(
        NAME,
        Column("Type", lambda level, _: level.spec.type, description="Whether there is a limit at all."),
        Column("NominalConcurrencyShares", _shares, description="Its share of what the server does at once."),
        Column("Queues", _queuing("queues"), description="How many queues there are."),
        Column("HandSize", _queuing("handSize"), description="How many of them a flow may use."),
        Column("QueueLengthLimit", _queuing("queueLengthLimit"), description="How many requests wait in one."),
        AGE,
    ),
    has_status=True,
    spec_changes_generation=True,
)
