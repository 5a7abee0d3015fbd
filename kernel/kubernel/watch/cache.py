"""The cache of one API process: every object's bytes in memory, fed by the log in revision order."""

import asyncio
from collections.abc import Iterator, Sequence

from kubernel.objects.registry import AnyKind, Registry
from kubernel.store import Change, Entry, Log
from kubernel.watch.channel import Channel, Interest
from kubernel.watch.collection import WINDOW_EVENTS, Collection
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher

__all__ = ["Cache"]


class Cache:
    """What is current, by resource. Everything here runs in the event loop's thread.

    It holds every resource of the log, whether a kind is registered for it or not: a kind that comes later (a
    CustomResourceDefinition) finds its objects here, and the watches of one that goes or changes are ended.
    """

    def __init__(self, registry: Registry, log: Log) -> None:
        self._registry = registry
        self._log = log
        self._collections: dict[str, Collection] = {}
        self._floor = 0
        self.revision = 0
        registry.follow(self._bind)

    def load(self) -> None:
        """Fill the cache from the log: what is current, and the changes that watches may resume from."""
        self.revision = self._log.revision
        self._floor = max(self._log.compacted, self.revision - WINDOW_EVENTS)
        for entry in self._log.objects():
            collection, record = self._placed(entry)
            collection.load(record)
        for collection, event in self._events(self._log.history(self._floor)):
            collection.remember(event)

    def collection(self, kind: AnyKind) -> Collection:
        """Return the objects of a kind, in the form in which they are stored."""
        return self._collection(kind.stored_as.resource)

    def sizes(self) -> Iterator[tuple[str, int, int]]:
        """Yield each resource with its number of objects and of watchers."""
        for resource, collection in self._collections.items():
            if collection.kind is not None:
                yield resource, len(collection), collection.watchers

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take in one commit and tell the watchers; entries come in revision order, without a gap."""
        touched: dict[Collection, list[ChangeEvent]] = {}
        for entry in entries:
            self.revision = entry.revision
            collection, record = self._placed(entry)
            touched.setdefault(collection, []).append(collection.apply(entry.change, record))
        for collection, events in touched.items():
            collection.publish(events)

    async def watch(self, kind: AnyKind, interest: Interest, since: int | None) -> Watcher:
        """Follow a selection of one kind until `Watcher.close`.

        Args:
            kind: What to follow.
            interest: The selection and its wire form.
            since: Resume after this revision; ``None`` starts with an ADDED event for everything that is there.

        Raises:
            Compacted: The changes after ``since`` are no longer kept.
        """
        collection = self.collection(kind)
        if since is None:
            events = [ChangeEvent(Change.ADDED, record, None) for record in collection.select(interest)]
        else:
            events = await self._since(collection, since)
        # From here to the subscription nothing awaits: no event is lost or seen twice.
        watcher = Watcher(lambda: collection.unsubscribe(interest, watcher))
        for line in Channel(interest).encode(events):
            watcher.prime(line)
        collection.subscribe(interest, watcher)
        return watcher

    def close_watchers(self) -> None:
        """End every watch (the process is going down); clients come back and resume."""
        for collection in self._collections.values():
            collection.close_watchers()

    async def _since(self, collection: Collection, since: int) -> list[ChangeEvent]:
        older: list[ChangeEvent] = []
        loop = asyncio.get_running_loop()
        while since < collection.floor:
            until = collection.floor
            entries = await loop.run_in_executor(None, lambda: self._log.history(since, until=until))  # noqa: B023
            older += [event for place, event in self._events(entries) if place is collection]
            since = until
        return older + collection.since(since)

    def _events(self, entries: Sequence[Entry]) -> Iterator[tuple[Collection, ChangeEvent]]:
        """Turn log entries into events, each with the object's state before it where that is still kept."""
        states = {entry.revision: entry for entry in entries}
        states |= self._log.entries([e.previous for e in entries if e.previous and e.previous not in states])
        for entry in entries:
            collection, record = self._placed(entry)
            before = states.get(entry.previous)
            previous = before and self._placed(before)[1]
            yield collection, ChangeEvent(entry.change, record, previous)

    def _placed(self, entry: Entry) -> tuple[Collection, Record]:
        resource, namespace, name = entry.key.split("/")
        collection = self._collection(resource)
        return collection, Record(collection.kind, namespace, name, entry.revision, entry.data)

    def _collection(self, resource: str) -> Collection:
        collection = self._collections.get(resource)
        if collection is None:
            kind = self._registry.by_resource(resource)
            collection = self._collections[resource] = Collection(kind, self._floor)
        return collection

    def _bind(self) -> None:
        for resource, collection in self._collections.items():
            kind = self._registry.by_resource(resource)
            if kind is not collection.kind:
                collection.bind(kind)
