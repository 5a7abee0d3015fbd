"""The informer: a local, always current copy of a collection, and a call for every change.

List once, then watch from the list's revision. When the stream ends, resume where it ended; when that revision is gone
(410), list again and tell the difference, so that nobody misses a deletion that happened meanwhile. While the server
is away the copy stays as it was.

    pods = Informer(client, core.Pod)
    pods.index("node", lambda pod: [pod.spec.nodeName or ""])
    pods.on_change(lambda old, new: queue.add(...))
    tasks.create_task(pods.run())
    await pods.synced.wait()
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import Generic, Protocol, TypeVar

from kubernel.client.backoff import Backoff
from kubernel.client.cache import Cache, Key, key_of
from kubernel.client.client import Client
from kubernel.client.transport import Unreachable
from kubernel.client.wire import ApiType, ObjectList, WatchEvent, metadata_of
from kubernel.objects.errors import StatusError

__all__ = ["Informer", "Source"]

T = TypeVar("T", bound=ApiType)
OnChange = Callable[[T | None, T | None], None]
OnContact = Callable[[bool], None]

_log = logging.getLogger(__name__)

RECONNECTS = Backoff(first_s=0.05, limit_s=10.0, jitter=1.0)
"""A server that restarts is found again within a moment; one that stays away is asked every ten to twenty seconds."""

WATCH_S = (300, 600)
"""A watch is renewed after five to ten minutes (client-go's range), so that streams spread over several servers."""

SHORT_WATCH_S = 1.0
"""A stream that ends sooner and brought nothing is a failure: without a back-off it would be a busy loop."""

LOUD_FAILURES = 5
"""The failure in a row that is logged as a warning: once, after about two seconds."""

GONE = 410


class Source(Protocol[T]):
    """What an informer is fed from: a `Client`, or whoever lists and watches in another way (`PartialSource`)."""

    async def list(
        self, struct: type[T], namespace: str | None = None, *, label_selector: str, field_selector: str
    ) -> ObjectList[T]:
        """Return everything that the selectors see."""

    def watch(
        self,
        struct: type[T],
        namespace: str | None = None,
        *,
        resource_version: str,
        label_selector: str,
        field_selector: str,
        timeout_s: int,
    ) -> AsyncGenerator[WatchEvent[T], None]:
        """Yield every change after a revision, until the server ends the stream."""


class Informer(Generic[T]):
    """One collection; ``run`` it in one task."""

    def __init__(
        self,
        client: "Client | Source[T]",
        struct: type[T],
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
    ) -> None:
        self.items: Cache[T] = Cache()
        self.synced = asyncio.Event()
        self._client = client
        self._struct = struct
        self._namespace = namespace
        self._label_selector = label_selector
        self._field_selector = field_selector
        self._callbacks: list[OnChange[T]] = []
        self._contact_callbacks: list[OnContact] = []
        self._is_in_contact = False
        self._resource_version = ""
        self._failures = 0

    def get(self, name: str, namespace: str = "") -> T | None:
        """Return the object as last seen, or ``None``."""
        return self.items.get(Key(namespace, name))

    def index(self, name: str, function: Callable[[T], Iterable[str]]) -> None:
        """Keep a secondary index: ``function`` says under which values an object is found."""
        self.items.add_index(name, function)

    def by_index(self, name: str, value: str) -> list[T]:
        """Return the objects that have this value in the index."""
        return self.items.by_index(name, value)

    def on_change(self, callback: OnChange[T]) -> None:
        """Call ``callback(old, new)`` for every change, after the cache has it.

        ``old`` is ``None`` for a new object, ``new`` for one that is gone. An object replaced by another of the same
        name (a new uid) is told as gone, then new. The callback must be quick; what it raises is logged.
        """
        self._callbacks.append(callback)

    def on_contact(self, callback: OnContact) -> None:
        """Call ``callback(False)`` when the server is lost and ``callback(True)`` when it is heard again.

        For those who read a meaning into silence: while there is no contact the copy stays as it was, and that
        nothing changes says nothing.
        """
        self._contact_callbacks.append(callback)

    async def run(self) -> None:
        """Keep the copy current until cancelled; rides out every failure of the server."""
        while True:
            try:
                if not self._resource_version:
                    await self._list()
                await self._watch()
            except StatusError as error:
                self._resource_version = ""
                await self._pause(error, at_once=error.code == GONE and self._failures == 0)
            except Unreachable as error:
                await self._pause(error, at_once=False)

    async def _list(self) -> None:
        page = await self._client.list(
            self._struct, self._namespace, label_selector=self._label_selector, field_selector=self._field_selector
        )
        listed = {key_of(obj): obj for obj in page.items}
        for key in [key for key in self.items if key not in listed]:
            self._tell(self.items.put(key, None), None)
        for key, obj in listed.items():
            self._apply(key, obj)
        self._resource_version = page.resource_version
        self._note_contact(True)
        self.synced.set()

    async def _watch(self) -> None:
        events = self._client.watch(
            self._struct,
            self._namespace,
            resource_version=self._resource_version,
            label_selector=self._label_selector,
            field_selector=self._field_selector,
            timeout_s=random.randint(*WATCH_S),
        )
        started_s, before = asyncio.get_running_loop().time(), self._resource_version
        try:
            async with aclosing(events):
                async for event in events:
                    self._take(event)
        finally:
            lasted_s = asyncio.get_running_loop().time() - started_s
            if lasted_s >= SHORT_WATCH_S:
                self._failures = 0
        if lasted_s < SHORT_WATCH_S and self._resource_version == before:
            raise Unreachable(f"the watch ended after {lasted_s:.2f} s without an event")

    def _take(self, event: WatchEvent[T]) -> None:
        self._note_contact(True)
        if event.type == "DELETED":
            if self.items.put(key_of(event.object), None) is not None:
                self._tell(event.object, None)
        elif event.type != "BOOKMARK":
            self._apply(key_of(event.object), event.object)
        self._resource_version = event.resource_version
        self._failures = 0

    def _apply(self, key: Key, new: T) -> None:
        old = self.items.put(key, new)
        if old is not None:
            before, after = metadata_of(old), metadata_of(new)
            if before.uid != after.uid:
                self._tell(old, None)
                old = None
            elif before.resourceVersion == after.resourceVersion:
                return
        self._tell(old, new)

    def _tell(self, old: T | None, new: T | None) -> None:
        for callback in self._callbacks:
            try:
                callback(old, new)
            except Exception:  # noqa: BLE001 - a reader's mistake must not cost the others their cache
                about = new if new is not None else old
                _log.exception("%s: a callback failed on %s", self._struct.__name__, about and key_of(about))

    def _note_contact(self, is_there: bool) -> None:
        if is_there is not self._is_in_contact:
            self._is_in_contact = is_there
            for callback in self._contact_callbacks:
                callback(is_there)

    async def _pause(self, error: Exception, *, at_once: bool) -> None:
        self._failures += 1
        delay_s = 0.0 if at_once else RECONNECTS.delay_s(self._failures)
        self._note_contact(at_once)
        level = logging.WARNING if self._failures == LOUD_FAILURES else logging.DEBUG
        _log.log(level, "%s: %s; again in %.2f s", self._struct.__name__, error, delay_s)
        await asyncio.sleep(delay_s)
