"""Events: things that happened to objects. One storage, shown by two groups in words of their own."""

from kubernel.objects.occurrences.columns import EVENT_COLUMNS
from kubernel.objects.occurrences.rules import event_errors, new_event_errors, unchanged_event_errors
from kubernel.objects.occurrences.typed import NewerEvent, as_stored
from kubernel.objects.occurrences.wording import shown_event, stored_event

__all__ = [
    "EVENT_COLUMNS",
    "NewerEvent",
    "as_stored",
    "event_errors",
    "new_event_errors",
    "shown_event",
    "stored_event",
    "unchanged_event_errors",
]
