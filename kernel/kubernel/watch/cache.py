"""The cache of one API process: every object's bytes in memory, fed by the log in revision order."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from kubernel.objects.registry import AnyKind, Registry
from kubernel.store import Change, Compacted, Entry, Log
from kubernel.watch.beginning import Beginning
from kubernel.watch.channel import Interest
from kubernel.watch.collection import WINDOW_EVENTS, Collection, Place
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher

__all__ = ["Cache"]

_T = TypeVar("_T")

REPLAYED_AT_ONCE = 200
"""Events that are read from the log together for a watch that resumes far back: half a MiB of usual objects."""


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
            collection = self._of(entry)
            collection.load(collection.record(entry))
        recent = self._log.history(self._floor)
        for entry, event in zip(recent, self._events(recent), strict=True):
            self._of(entry).remember(event)

    def collection(self, kind: AnyKind) -> Collection:
        """Return the objects of a kind, in the form in which they are stored."""
        resource = kind.stored_as.resource
        # Every request comes here several times, and the collection is nearly always there: not one call more.
        found = self._collections.get(resource)
        return self._collection(resource) if found is None else found

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
            collection = self._of(entry)
            event = collection.apply(entry.change, collection.record(entry))
            touched.setdefault(collection, []).append(event)
        for collection, events in touched.items():
            collection.publish(events)

    def watch(self, kind: AnyKind, interest: Interest, since: int | None) -> Watcher:
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
            events = [ChangeEvent(Change.ADDED, record, None) for record in collection.look(interest).records]
            beginning = Beginning(interest, events)
        else:
            beginning = self._since(collection, interest, since)
        # Between the two no commit is taken in: no event is lost or seen twice.
        watcher = Watcher(lambda: collection.unsubscribe(interest, watcher), beginning.portion)
        collection.subscribe(interest, watcher)
        return watcher

    async def earlier(self, kind: AnyKind, revision: int) -> Mapping[Place, Record | None]:
        """Return what the objects of a kind that changed after a revision were at it; for `Collection.select`.

        Nothing may be awaited between this and the selection: it says how the past differs from now.

        Raises:
            Compacted: That revision is no longer kept.
        """
        collection = self.collection(kind)
        states: dict[Place, Record | None] = {}
        while revision < collection.floor:
            until = collection.floor
            before = await _in_thread(self._log.before, collection.resource, revision, until)
            for key, entry in before.items():
                _, namespace, name = key.split("/")
                states.setdefault((namespace, name), entry and collection.record(entry))
            revision = until
        for event in collection.since(revision):
            states.setdefault((event.record.namespace, event.record.name), event.previous)
        return states

    def close_watchers(self) -> None:
        """End every watch (the process is going down); clients come back and resume."""
        for collection in self._collections.values():
            collection.close_watchers()

    def _since(self, collection: Collection, interest: Interest, since: int) -> Beginning:
        """Return what happened after a revision: from the log as far as memory has forgotten it, else from memory."""
        floor = collection.floor
        if since >= floor:
            return Beginning(interest, collection.since(since))
        if since < self._log.compacted:
            raise Compacted(since, self._log.compacted)
        after = since

        async def replay() -> Sequence[ChangeEvent]:
            nonlocal after
            events = await _in_thread(self._replayed, collection.resource, after, floor)
            after = events[-1].record.revision if events else floor
            return events

        return Beginning(interest, collection.since(floor), replay)

    def _replayed(self, resource: str, after: int, until: int) -> list[ChangeEvent]:
        if after >= until:
            return []
        return list(self._events(self._log.history(after, until=until, limit=REPLAYED_AT_ONCE, resource=resource)))

    def _events(self, entries: Sequence[Entry]) -> Iterator[ChangeEvent]:
        """Turn log entries into events, each with the object's state before it where that is still kept."""
        states = {entry.revision: entry for entry in entries}
        states |= self._log.entries([e.previous for e in entries if e.previous and e.previous not in states])
        for entry in entries:
            collection, before = self._of(entry), states.get(entry.previous)
            yield ChangeEvent(entry.change, collection.record(entry), before and collection.record(before))

    def _of(self, entry: Entry) -> Collection:
        return self._collection(entry.key.partition("/")[0])

    def _collection(self, resource: str) -> Collection:
        collection = self._collections.get(resource)
        if collection is None:
            kind = self._registry.by_resource(resource)
            collection = self._collections[resource] = Collection(resource, kind, self._floor)
        return collection

    def _bind(self) -> None:
        for resource, collection in self._collections.items():
            kind = self._registry.by_resource(resource)
            if kind is not collection.kind:
                collection.bind(kind)


async def _in_thread(read: Callable[..., _T], *arguments: object) -> _T:
    """Read the log without holding up everybody else."""
    return await asyncio.get_running_loop().run_in_executor(None, read, *arguments)
