"""The kind ``ComponentStatus``: how parts of the control plane are, in an old form that clients still ask for.

Nothing makes such objects here: what is healthy is said by ``/readyz``, and a list of them is empty.
"""

from datetime import datetime

from kubernel.objects.cells import NAME
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import core

__all__ = ["COMPONENT_STATUS"]

HEALTHY = "Healthy"


def _healthy(status: core.ComponentStatus) -> core.ComponentCondition | None:
    return next((condition for condition in status.conditions or () if condition.type == HEALTHY), None)


def _status(status: core.ComponentStatus, _now: datetime) -> str:
    condition = _healthy(status)
    return "Unknown" if condition is None else HEALTHY if condition.status == "True" else "Unhealthy"


def _message(status: core.ComponentStatus, _now: datetime) -> str:
    condition = _healthy(status)
    return (condition.message or "") if condition is not None else ""


def _error(status: core.ComponentStatus, _now: datetime) -> str:
    condition = _healthy(status)
    return (condition.error or "") if condition is not None else ""


COMPONENT_STATUS = Kind(
    type=core.ComponentStatus,
    group="",
    version="v1",
    name="ComponentStatus",
    plural="componentstatuses",
    singular="componentstatus",
    namespaced=False,
    short_names=("cs",),
    verbs=("get", "list"),
    columns=(
        NAME,
        Column("Status", _status, description="Healthy, or Unhealthy."),
        Column("Message", _message, description="What it says."),
        Column("Error", _error, description="What is wrong with it."),
    ),
)
