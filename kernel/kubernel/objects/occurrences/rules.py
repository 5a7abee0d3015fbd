"""Rules of events. Those of the core group's API hold always, the stricter ones for who uses ``events.k8s.io``.

All speak of the stored form's fields, as Kubernetes does (source: ``pkg/apis/core/validation/events.go``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.values import immutable

__all__ = ["event_errors", "new_event_errors", "unchanged_event_errors"]

CLUSTER_SCOPE = frozenset({"", "default"})
"""Where events about objects without a namespace live."""

INSTANCE_MAX, ACTION_MAX, REASON_MAX, MESSAGE_MAX = 128, 128, 128, 1024
TYPES = frozenset({"Normal", "Warning"})
_UNCHANGED = (
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "type",
    "eventTime",
    "action",
    "related",
    "reportingComponent",
    "reportingInstance",
)


def event_errors(event: core.Event) -> Iterable[FieldError]:
    """Check any event, new or changed."""
    namespace, about = event.metadata.namespace or "", event.involvedObject.namespace or ""
    mismatch = field_invalid("involvedObject.namespace", about, "does not match event.namespace")
    if event.eventTime is not None:
        if not about and namespace not in {"default", "kube-system"}:
            yield mismatch
        yield from _reported_errors(event)
    elif (not about and namespace not in CLUSTER_SCOPE) or (about and about != namespace):
        yield mismatch


def _reported_errors(event: core.Event) -> Iterable[FieldError]:
    """Check what an event of the newer sort must say."""
    reporter = event.reportingComponent or ""
    if not reporter:
        yield field_required("reportingController")
    yield from (field_invalid("reportingController", reporter, why) for why in label_key_errors(reporter))
    for name, limit in (("reportingInstance", INSTANCE_MAX), ("action", ACTION_MAX), ("reason", REASON_MAX)):
        value: str = getattr(event, name) or ""
        if not value:
            yield field_required(name)
        yield from _length_errors(value, limit, name)
    yield from _length_errors(event.message or "", MESSAGE_MAX, "message")


def _length_errors(value: str, limit: int, path: str) -> Iterable[FieldError]:
    if len(value.encode()) > limit:
        yield field_invalid(path, "", f"can have at most {limit} characters")


def new_event_errors(event: core.Event) -> Iterable[FieldError]:
    """Check a new event of ``events.k8s.io``, beside `event_errors`."""
    yield from _series_errors(event.series)
    if event.eventTime is None:
        yield field_required("eventTime")
    if event.type not in TYPES:
        yield field_invalid("type", "", f"has invalid value: {event.type or ''}")
    source = event.source or core.EventSource()
    for name, is_set in (
        ("firstTimestamp", event.firstTimestamp),
        ("lastTimestamp", event.lastTimestamp),
        ("count", event.count),
        ("source", source.component or source.host),
    ):
        if is_set:
            yield field_invalid(name, "", "needs to be unset")


def unchanged_event_errors(new: core.Event, old: core.Event) -> Iterable[FieldError]:
    """Check that an update through ``events.k8s.io`` touches nothing but the series."""
    if new.series != old.series:
        yield from _series_errors(new.series)
    for name in _UNCHANGED:
        yield from immutable(getattr(new, name), getattr(old, name), name)


def _series_errors(series: core.EventSeries | None) -> Iterable[FieldError]:
    if series is None:
        return
    if (series.count or 0) < 2:
        yield field_invalid("series.count", "", "should be at least 2")
    if series.lastObservedTime is None:
        yield field_required("series.lastObservedTime")
