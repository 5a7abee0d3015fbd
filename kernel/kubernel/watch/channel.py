"""Channels: all watchers with the same interest get the same bytes, made once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kubernel.objects.fields import NAME, NAMESPACE, FieldSelector
from kubernel.objects.selectors import Selector
from kubernel.store import Change
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher

__all__ = ["Channel", "Interest", "Render"]

Render = Callable[[Change, Record], bytes]
"""Encodes one event for the wire, with its line end."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What a list or a watch wants to see.

    Attributes:
        namespace: Empty for all.
        labels, fields: The selectors.
        form: The name of the wire form that ``render`` makes; two interests are the same when everything but the
            function is equal.
        render: Encodes one event.
    """

    namespace: str
    labels: Selector
    fields: FieldSelector
    form: str = ""
    render: Render | None = None
    key: tuple[str, str, str, str] = field(init=False)
    _names: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", all(r.field in {NAME, NAMESPACE} for r in self.fields.requirements))
        object.__setattr__(self, "key", (self.namespace, str(self.labels), str(self.fields), self.form))

    @property
    def is_selective(self) -> bool:
        """Whether labels or fields decide, and not the namespace alone."""
        return not (self.labels.is_everything and self.fields.is_everything)

    @property
    def is_everything(self) -> bool:
        """Whether every object of the resource is seen."""
        return not self.namespace and not self.is_selective

    def sees(self, record: Record) -> bool:
        """Whether the object is in the selection."""
        return (
            (not self.namespace or record.namespace == self.namespace)
            and (self.labels.is_everything or self.labels.matches(record.labels))
            and (self.fields.is_everything or self.fields.matches(self._fields(record)))
        )

    def _fields(self, record: Record) -> Mapping[str, str]:
        # Most selections by fields name one object; its name is known without decoding anything.
        return {NAME: record.name, NAMESPACE: record.namespace} if self._names else record.fields


class Channel:
    """The watchers of one interest."""

    __slots__ = ("_everything", "_render", "interest", "watchers")

    def __init__(self, interest: Interest) -> None:
        if interest.render is None:
            raise ValueError("a watch needs a render function")
        self.interest = interest
        self.watchers: set[Watcher] = set()
        self._render = interest.render
        self._everything = interest.is_everything

    def publish(self, events: Sequence[ChangeEvent]) -> None:
        """Filter and encode the events of one commit and hand them to every watcher as one chunk."""
        lines = self.encode(events)
        if lines:
            chunk = b"".join(lines)
            for watcher in self.watchers:
                watcher.push(chunk, len(lines))

    def encode(self, events: Sequence[ChangeEvent]) -> list[bytes]:
        """Return the encoded events that this channel sees.

        An object that enters the selection is ADDED, one that leaves it is DELETED, whatever happened to it.
        """
        render = self._render
        if self._everything:
            return [render(event.change, event.record) for event in events]
        lines = []
        for event in events:
            change = self._as_seen(event)
            if change is not None:
                lines.append(render(change, event.record))
        return lines

    def _as_seen(self, event: ChangeEvent) -> Change | None:
        sees = self.interest.sees
        if event.change is not Change.MODIFIED:
            return event.change if sees(event.record) else None
        is_in = sees(event.record)
        was_in = event.previous is not None and sees(event.previous)
        if is_in:
            return Change.MODIFIED if was_in else Change.ADDED
        return Change.DELETED if was_in else None
