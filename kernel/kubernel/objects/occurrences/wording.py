"""The two wordings of an event: the core group's, which is stored, and that of ``events.k8s.io``.

Source: Kubernetes' ``pkg/apis/events/v1/conversion.go``.
"""

from kubernel.objects.models import Plain

__all__ = ["shown_event", "stored_event"]

_SHOWN_AS = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_STORED_AS = {shown: stored for stored, shown in _SHOWN_AS.items()}


def shown_event(stored: Plain) -> Plain:
    """Return a stored event in the words of ``events.k8s.io``."""
    event = {_SHOWN_AS.get(name, name): value for name, value in stored.items()}
    # Mandatory there, and absent in events that were reported in the older way.
    event.setdefault("eventTime", None)
    return {**event, "apiVersion": "events.k8s.io/v1", "kind": "Event"}


def stored_event(shown: Plain, _current: Plain | None) -> Plain:
    """Return an event of ``events.k8s.io`` as it is stored; nothing is lost in either direction."""
    event = {_STORED_AS.get(name, name): value for name, value in shown.items()}
    event.setdefault("involvedObject", {})
    return {**event, "apiVersion": "v1", "kind": "Event"}
