"""All objects of one resource, their recent changes, and the channels that follow them."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from sys import intern
from typing import NamedTuple

from kubernel.objects.fields import NAME
from kubernel.objects.registry import AnyKind
from kubernel.store import Change, Entry
from kubernel.watch.channel import Channel, Interest
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher

__all__ = ["WINDOW_EVENTS", "Collection", "Page", "Place"]

WINDOW_EVENTS = 4_096
"""Changes kept in memory for watches that resume; older ones are read from the log."""

Place = tuple[str, str]
"""Namespace and name."""

_NOW: Mapping[Place, Record | None] = {}
_revision = attrgetter("record.revision")


class Page(NamedTuple):
    """Some objects, sorted, and how many come after them."""

    records: list[Record]
    rest: int


class Collection:
    """The objects of one resource, sorted by namespace and name."""

    def __init__(self, resource: str, kind: AnyKind | None, floor: int) -> None:
        self.resource = resource
        self._kind = kind
        self.records: dict[Place, Record] = {}
        """What is there; for reading, by who cannot afford a call."""
        self._sorted: list[Place] | None = []
        self._window: deque[ChangeEvent] = deque()
        self._channels: dict[tuple[str, str, str, str], Channel] = {}
        self.floor = floor
        """A watch can resume in memory from this revision or a later one."""
        self.changed_at = floor
        """The revision of the last change, for who keeps what it has made of the objects."""

    @property
    def kind(self) -> AnyKind | None:
        """What the objects are; ``None`` while nothing serves them."""
        return self._kind

    def bind(self, kind: AnyKind | None) -> None:
        """Take the objects for another kind from now on: one came, went or changed. Every watch ends."""
        self.close_watchers()
        self._kind = kind
        self.records = {place: record.bound(kind) for place, record in self.records.items()}
        self._window = deque(
            ChangeEvent(change, record.bound(kind), previous and previous.bound(kind))
            for change, record, previous in self._window
        )

    def __len__(self) -> int:
        return len(self.records)

    @property
    def watchers(self) -> int:
        """How many watches are open."""
        return sum(len(channel.watchers) for channel in self._channels.values())

    def get(self, namespace: str, name: str) -> Record | None:
        """Return one object, or ``None``."""
        return self.records.get((namespace, name))

    def all(self) -> Iterable[Record]:
        """Return every object, in no particular order."""
        return self.records.values()

    def record(self, entry: Entry) -> Record:
        """Return the record of a log entry of this resource."""
        _, namespace, name = entry.key.split("/")
        return Record(self._kind, namespace, name, entry.revision, entry.data, intern(entry.owners))

    def look(
        self,
        interest: Interest,
        *,
        after: Place | None = None,
        limit: int | None = None,
        earlier: Mapping[Place, Record | None] = _NOW,
    ) -> Page:
        """Return where an interest has to look: its namespace, or the one object that it names; sorted.

        Selectors are not asked: that takes long, and may be done a portion at a time (`Interest.sees`).

        Args:
            interest: The selection.
            after: Only objects whose (namespace, name) is greater: where a continued list goes on.
            limit: At most so many, if the interest does not select; it cannot count what a selector will leave.
            earlier: What some places held at the moment that is looked at, where it is not what they hold now
                (`Cache.earlier`).
        """
        places, records = self._places(), self.records
        if earlier:
            places, records = self._at(places, earlier)
        start = bisect_right(places, after) if after is not None else 0
        end = len(places)
        if interest.namespace:
            start = max(start, bisect_right(places, (interest.namespace, "")))
            end = bisect_right(places, (f"{interest.namespace}\0", ""))
        if interest.is_selective:
            start, end = self._narrowed(interest, places, start, end)
        elif limit is not None and start + limit < end:
            return Page([records[place] for place in places[start : start + limit]], end - start - limit)
        return Page([records[place] for place in places[start:end]], 0)

    def _narrowed(self, interest: Interest, places: list[Place], start: int, end: int) -> tuple[int, int]:
        """Return the span of the one object that an interest names, if it does."""
        name = interest.fields.value_of(NAME)
        if name is None or not (interest.namespace or (self._kind and not self._kind.namespaced)):
            return start, end
        start = bisect_left(places, (interest.namespace, name), start, end)
        return start, bisect_right(places, (interest.namespace, name), start, end)

    def load(self, record: Record) -> None:
        """Put an object in its place without telling anybody (when the cache is filled)."""
        self.records[record.namespace, record.name] = record
        self._sorted = None

    def apply(self, change: Change, record: Record) -> ChangeEvent:
        """Take one revision in; `publish` tells of it."""
        place = (record.namespace, record.name)
        previous = self.records.get(place)
        if change is Change.DELETED:
            del self.records[place]
            self._sorted = None
        else:
            if previous is None:
                self._sorted = None
            self.records[place] = record
        event = ChangeEvent(change, record, previous)
        self.changed_at = record.revision
        self.remember(event)
        return event

    def remember(self, event: ChangeEvent) -> None:
        """Keep an event for watches that resume; the oldest one goes when there are too many."""
        self._window.append(event)
        if len(self._window) > WINDOW_EVENTS:
            self.floor = self._window.popleft().record.revision

    def publish(self, events: Sequence[ChangeEvent]) -> None:
        """Tell every channel of the events of one commit."""
        for channel in self._channels.values():
            channel.publish(events)

    def since(self, revision: int) -> list[ChangeEvent]:
        """Return the remembered events after a revision that is not below `floor`."""
        start = bisect_right(self._window, revision, key=_revision)
        return [self._window[i] for i in range(start, len(self._window))]

    def subscribe(self, interest: Interest, watcher: Watcher) -> None:
        """Send every later event that the interest sees to the watcher."""
        channel = self._channels.get(interest.key)
        if channel is None:
            channel = self._channels[interest.key] = Channel(interest)
        channel.watchers.add(watcher)

    def unsubscribe(self, interest: Interest, watcher: Watcher) -> None:
        """Send nothing more; the channel goes with its last watcher."""
        channel = self._channels.get(interest.key)
        if channel is not None:
            channel.watchers.discard(watcher)
            if not channel.watchers:
                del self._channels[interest.key]

    def close_watchers(self) -> None:
        """End every watch of this resource."""
        for channel in list(self._channels.values()):
            for watcher in list(channel.watchers):
                watcher.close()

    def _at(
        self, places: list[Place], earlier: Mapping[Place, Record | None]
    ) -> tuple[list[Place], dict[Place, Record]]:
        gone = {place for place, record in earlier.items() if record is None}
        back = {place: record for place, record in earlier.items() if record is not None}
        if not gone.isdisjoint(self.records) or not back.keys() <= self.records.keys():
            kept = [place for place in places if place not in gone]
            places = sorted(kept + [place for place in back if place not in self.records])
        return places, {**self.records, **back}

    def _places(self) -> list[Place]:
        if self._sorted is None:
            self._sorted = sorted(self.records)
        return self._sorted
