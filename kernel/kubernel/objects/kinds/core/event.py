"""The kind ``Event``: something that happened to an object, kept for people and for a while."""

from collections.abc import Callable

from kubernel.objects.kind import Kind
from kubernel.objects.models import core
from kubernel.objects.occurrences import EVENT_COLUMNS, event_errors

__all__ = ["EVENT"]


def _default(event: core.Event) -> None:
    event.reportingComponent = event.reportingComponent or ""
    event.reportingInstance = event.reportingInstance or ""


def _involved(name: str) -> Callable[[core.Event], str]:
    return lambda event: getattr(event.involvedObject, name) or ""


EVENT = Kind(
    type=core.Event,
    group="",
    version="v1",
    name="Event",
    plural="events",
    singular="event",
    namespaced=True,
    short_names=("ev",),
    default=_default,
    validate=event_errors,
    columns=EVENT_COLUMNS,
    selectable={
        "involvedObject.kind": _involved("kind"),
        "involvedObject.namespace": _involved("namespace"),
        "involvedObject.name": _involved("name"),
        "involvedObject.uid": _involved("uid"),
        "involvedObject.apiVersion": _involved("apiVersion"),
        "involvedObject.resourceVersion": _involved("resourceVersion"),
        "involvedObject.fieldPath": _involved("fieldPath"),
        "reason": lambda e: e.reason or "",
        "reportingComponent": lambda e: e.reportingComponent or "",
        "source": lambda e: (e.source and e.source.component) or e.reportingComponent or "",
        "type": lambda e: e.type or "",
    },
)
