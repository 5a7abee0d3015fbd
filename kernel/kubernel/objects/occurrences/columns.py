"""What ``kubectl get events`` shows: the same for both wordings, computed from the stored one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kubernel.objects.cells import NAME, age
from kubernel.objects.kind import Cell, Column
from kubernel.objects.models import core

__all__ = ["EVENT_COLUMNS"]


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
    component, instance = source.component or event.reportingComponent, source.host or event.reportingInstance
    return f"{component or ''}, {instance}" if instance else component or ""


def _text(name: str) -> Callable[[core.Event, datetime], Cell]:
    return lambda event, _now: getattr(event, name) or ""


EVENT_COLUMNS: tuple[Column[Any], ...] = (
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
    Column("Message", lambda e, _: (e.message or "").strip(), description="What happened, in a sentence."),
    Column("First Seen", lambda e, now: _seen(e, now)[0], priority=1, description="The time since it happened first."),
    Column("Count", _count, priority=1, description="How often it happened."),
    Column("Name", NAME.cell, format="name", priority=1, description=NAME.description),
)
