"""The event of ``events.k8s.io`` as a type of its own, and its stored form as a typed object."""

from datetime import datetime

from kubernel.objects.models import core, events, meta

__all__ = ["NewerEvent", "as_stored"]


class NewerEvent(events.Event):
    """An event that may lack ``eventTime``: those that were reported in the older way have none and can be read."""

    eventTime: datetime | None = None  # type: ignore[assignment]  # noqa: N815 - the published type says mandatory


# Facts of published types are found by the type's name, and OpenAPI shows it.
NewerEvent.__module__, NewerEvent.__name__ = events.Event.__module__, events.Event.__name__


def as_stored(event: NewerEvent) -> core.Event:
    """Return an event in its stored wording; the result shares its parts."""
    series = event.series
    return core.Event(
        involvedObject=event.regarding or core.ObjectReference(),
        metadata=event.metadata or meta.ObjectMeta(),
        action=event.action,
        count=event.deprecatedCount,
        eventTime=event.eventTime,
        firstTimestamp=event.deprecatedFirstTimestamp,
        lastTimestamp=event.deprecatedLastTimestamp,
        message=event.note,
        reason=event.reason,
        related=event.related,
        reportingComponent=event.reportingController,
        reportingInstance=event.reportingInstance,
        series=core.EventSeries(series.count, series.lastObservedTime) if series is not None else None,
        source=event.deprecatedSource,
        type=event.type,
    )
