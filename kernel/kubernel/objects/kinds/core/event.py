"""The kind ``Event``: something that happened to an object, kept for people and for a while."""

from collections.abc import Callable, Iterable
from datetime import datetime

from kubernel.objects.cells import NAME, age
from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.kind import Cell, Column, Kind
from kubernel.objects.models import core

__all__ = ["EVENT"]

CLUSTER_SCOPE_NAMESPACE = "default"
"""Where events about objects without a namespace live."""


def _default(event: core.Event) -> None:
    event.reportingComponent = event.reportingComponent or ""
    event.reportingInstance = event.reportingInstance or ""


def _validate(event: core.Event) -> Iterable[FieldError]:
    namespace = event.metadata.namespace or ""
    involved = event.involvedObject.namespace or ""
    if not involved:
        if namespace not in {"", CLUSTER_SCOPE_NAMESPACE, "kube-system"}:
            yield field_invalid("involvedObject.namespace", involved, "does not match event.namespace")
    elif involved != namespace:
        yield field_invalid("involvedObject.namespace", involved, "does not match event.namespace")
    if event.eventTime is not None:
        if not event.reportingComponent:
            yield field_required("reportingController")
        if not event.reason:
            yield field_required("reason")


def _seen(event: core.Event, now: datetime) -> tuple[str, str]:
    first = age(event.firstTimestamp or event.eventTime, now)
    last = age(event.lastTimestamp, now) if event.lastTimestamp else first
    if event.series is not None:
        last = age(event.series.lastObservedTime, now)
    return first, last


def _count(event: core.Event, _now: datetime) -> int:
    if event.series is not None:
        return event.series.count or 0
    return event.count or 1


def _object(event: core.Event, _now: datetime) -> str:
    kind, name = (event.involvedObject.kind or "").lower(), event.involvedObject.name
    return f"{kind}/{name}" if name else kind


def _source(event: core.Event, _now: datetime) -> str:
    source = event.source or core.EventSource()
    words = (source.component or event.reportingComponent or "", source.host or event.reportingInstance or "")
    return ", ".join(word for word in words if word)


def _involved(name: str) -> Callable[[core.Event], str]:
    return lambda event: getattr(event.involvedObject, name) or ""


def _text(name: str) -> Callable[[core.Event, datetime], Cell]:
    return lambda event, _now: (getattr(event, name) or "").strip()


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
    validate=_validate,
    columns=(
        Column("Last Seen", lambda e, now: _seen(e, now)[1], description="The time since it happened last."),
        Column("Type", _text("type"), description="Normal, or Warning."),
        Column("Reason", _text("reason"), description="What happened, in one word."),
        Column("Object", _object, description="What it happened to."),
        Column(
            "Subobject",
            lambda e, _: e.involvedObject.fieldPath or "",
            priority=1,
            description="The part of the object, such as a container.",
        ),
        Column("Source", _source, priority=1, description="Who reports it."),
        Column("Message", _text("message"), description="What happened, in a sentence."),
        Column(
            "First Seen", lambda e, now: _seen(e, now)[0], priority=1, description="The time since it happened first."
        ),
        Column("Count", _count, type="integer", priority=1, description="How often it happened."),
        Column("Name", NAME.cell, format="name", priority=1, description=NAME.description),
    ),
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
