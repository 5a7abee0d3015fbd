"""The kind ``Event`` of ``events.k8s.io``: the core group's events in newer words, under stricter rules."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Cell, Column, Kind, PureView
from kubernel.objects.kinds.core.event import EVENT
from kubernel.objects.models import core
from kubernel.objects.occurrences import (
    NewerEvent,
    as_stored,
    event_errors,
    new_event_errors,
    shown_event,
    stored_event,
    unchanged_event_errors,
)

__all__ = ["NEWER_EVENT"]


def _default(event: NewerEvent) -> None:
    event.reportingController = event.reportingController or ""
    event.reportingInstance = event.reportingInstance or ""


def _validate_update(new: NewerEvent, old: NewerEvent) -> Iterable[FieldError]:
    return unchanged_event_errors(as_stored(new), as_stored(old))


def _column(of: Column[Any]) -> Column[Any]:
    cell: Callable[[core.Event, datetime], Cell] = of.cell
    return replace(of, cell=lambda event, now: cell(as_stored(event), now))


def _regarding(name: str) -> Callable[[NewerEvent], str]:
    return lambda event: getattr(event.regarding, name, None) or ""


NEWER_EVENT = Kind(
    type=NewerEvent,
    group="events.k8s.io",
    version="v1",
    name="Event",
    plural="events",
    singular="event",
    namespaced=True,
    short_names=("ev",),
    default=_default,
    validate=lambda event: event_errors(as_stored(event)),
    validate_create=lambda event: new_event_errors(as_stored(event)),
    validate_update=_validate_update,
    columns=tuple(_column(column) for column in EVENT.columns),
    selectable={
        "regarding.kind": _regarding("kind"),
        "regarding.namespace": _regarding("namespace"),
        "regarding.name": _regarding("name"),
        "regarding.uid": _regarding("uid"),
        "regarding.apiVersion": _regarding("apiVersion"),
        "regarding.resourceVersion": _regarding("resourceVersion"),
        "regarding.fieldPath": _regarding("fieldPath"),
        "reason": lambda e: e.reason or "",
        "reportingController": lambda e: e.reportingController or "",
        "type": lambda e: e.type or "",
    },
    view=PureView(
        of=EVENT,
        shown=shown_event,
        stored=stored_event,
        fields={
            "regarding.kind": "involvedObject.kind",
            "regarding.namespace": "involvedObject.namespace",
            "regarding.name": "involvedObject.name",
            "regarding.uid": "involvedObject.uid",
            "regarding.apiVersion": "involvedObject.apiVersion",
            "regarding.resourceVersion": "involvedObject.resourceVersion",
            "regarding.fieldPath": "involvedObject.fieldPath",
            "reportingController": "reportingComponent",
        },
        checks_as_stored=False,
    ),
)
