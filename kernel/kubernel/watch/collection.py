"""All objects of one resource, their recent changes, and the channels that follow them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from operator import attrgetter

from kubernel.objects.registry import AnyKind
from kubernel.store import Change
from kubernel.watch.channel import Channel, Interest
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher

__all__ = ["Collection"]

WINDOW_EVENTS = 4_096
"""Changes kept in memory for watches that resume; older ones are read from the log."""

_Place = tuple[str, str]
_revision = attrgetter("record.revision")


class Collection:
    """The objects of one resource, sorted by namespace and name."""

    def __init__(self, kind: AnyKind | None, floor: int) -> None:
        self._kind = kind
        self._records: dict[_Place, Record] = {}
        self._sorted: list[_Place] | None = []
        self._window: deque[ChangeEvent] = deque()
        self._channels: dict[tuple[str, str, str, str], Channel] = {}
        self.floor = floor
        """A watch can resume in memory from this revision or a later one."""

    @property
    def kind(self) -> AnyKind | None:
        """What the objects are; ``None`` while nothing serves them."""
        return self._kind

    def bind(self, kind: AnyKind | None) -> None:
        """Take the objects for another kind from now on: one came, went or changed. Every watch ends."""
        self.close_watchers()
        self._kind = kind
        self._records = {place: record.bound(kind) for place, record in self._records.items()}
        self._window = deque(
            ChangeEvent(change, record.bound(kind), previous and previous.bound(kind))
            for change, record, previous in self._window
        )

    def __len__(self) -> int:
        return len(self._records)

    @property
    def watchers(self) -> int:
        """How many watches are open."""
        return sum(len(channel.watchers) for channel in self._channels.values())

    def get(self, namespace: str, name: str) -> Record | None:
        """Return one object, or ``None``."""
        return self._records.get((namespace, name))

    def all(self) -> Iterable[Record]:
        """Return every object, in no particular order."""
        return self._records.values()

    def select(self, interest: Interest, *, after: _Place | None = None) -> list[Record]:
        """Return what an interest sees, sorted.

        Args:
            interest: The selection.
            after: Only objects whose (namespace, name) is greater: where a continued list goes on.
        """
        places = self._places()
        if after is not None:
            places = places[bisect_right(places, after) :]
        records = self._records
        if interest.is_everything:
            return [records[place] for place in places]
        if interest.namespace:
            low = bisect_right(places, (interest.namespace, ""))
            places = places[low : bisect_right(places, (f"{interest.namespace}\0", ""))]
        return [record for place in places if interest.sees(record := records[place])]

    def load(self, record: Record) -> None:
        """Put an object in its place without telling anybody (when the cache is filled)."""
        self._records[record.namespace, record.name] = record
        self._sorted = None

    def apply(self, change: Change, record: Record) -> ChangeEvent:
        """Take one revision in; `publish` tells of it."""
        place = (record.namespace, record.name)
        previous = self._records.get(place)
        if change is Change.DELETED:
            del self._records[place]
            self._sorted = None
        else:
            if previous is None:
                self._sorted = None
            self._records[place] = record
        event = ChangeEvent(change, record, previous)
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

    def _places(self) -> list[_Place]:
        if self._sorted is None:
            self._sorted = sorted(self._records)
        return self._sorted
