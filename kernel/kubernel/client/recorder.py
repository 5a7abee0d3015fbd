"""Files Events: what a component did, or could not do, about an object.

`EventRecorder.event` only notes and returns; `EventRecorder.run` writes. Repeats of the same sentence about the same
object become one Event whose ``count`` and ``lastTimestamp`` grow; repeats that come faster than they can be written
are summed before they are. An object that causes a flood is cut down to 25 events at once and one more every five
minutes (source: client-go's ``EventSourceObjectSpamFilter``). Events are for people: when in doubt, lose one.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from kubernel.client.client import Client
from kubernel.client.queue import RateLimitedQueue
from kubernel.client.transport import Unreachable
from kubernel.client.wire import ApiType, metadata_of
from kubernel.client.workers import run_workers
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta

__all__ = ["EventRecorder", "EventType", "reference_to"]

EventType = Literal["Normal", "Warning"]

_log = logging.getLogger(__name__)

WAITING_MAX = 1000
"""Different Events that may wait to be written; more are dropped, because memory matters more than they do."""

REMEMBERED_MAX = 4096
"""Written Events and objects that are remembered (client-go's LRU size); a forgotten one starts a new Event."""

WRITERS = 8
TRIES = 12
"""How often one Event is tried (client-go's number); with the back-off about 20 s."""

NOT_FOUND = 404
TOO_MANY = 429

BURST = 25
REFILL_S = 300.0


class _EventKey(NamedTuple):
    """Two calls with the same key are the same Event."""

    uid: str
    kind: str
    namespace: str
    name: str
    field_path: str
    type: EventType
    reason: str
    message: str


@dataclass(slots=True)
class _Waiting:
    about: core.ObjectReference
    first: datetime
    last: datetime
    count: int = 1


@dataclass(slots=True)
class _Written:
    name: str
    count: int


@dataclass(slots=True)
class _Bucket:
    """A token bucket of one object."""

    tokens: float
    at_s: float


@dataclass(slots=True)
class _SpamFilter:
    clock: Callable[[], float]
    _buckets: "OrderedDict[str, _Bucket]" = field(default_factory=OrderedDict)

    def lets_pass(self, about: core.ObjectReference) -> bool:
        now_s = self.clock()
        key = f"{about.kind}/{about.namespace}/{about.name}"
        bucket = self._buckets.setdefault(key, _Bucket(BURST, now_s))
        self._buckets.move_to_end(key)
        bucket.tokens = min(BURST, bucket.tokens + (now_s - bucket.at_s) / REFILL_S)
        bucket.at_s = now_s
        if len(self._buckets) > REMEMBERED_MAX:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


class EventRecorder:
    """Files Events in the name of one component.

    Args:
        component: The ``source.component``, such as ``scheduler``.
        host: The machine or node where it runs; may be empty.
        clock: Monotonic seconds, for the flood limit.
    """

    def __init__(
        self, client: Client, component: str, host: str = "", *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._source = core.EventSource(component=component, host=host or None)
        self._queue: RateLimitedQueue[_EventKey] = RateLimitedQueue()
        self._waiting: dict[_EventKey, _Waiting] = {}
        self._written: OrderedDict[_EventKey, _Written] = OrderedDict()
        self._filter = _SpamFilter(clock)
        self._idle = asyncio.Event()
        self._idle.set()
        self.dropped = 0

    def event(self, obj: ApiType | core.ObjectReference, type: EventType, reason: str, message: str) -> None:  # noqa: A002 - the field's name
        """Note that something happened to an object. Never blocks, never raises.

        Args:
            obj: The object, or a reference to it (with ``fieldPath`` to name a container).
            type: ``Normal`` or ``Warning``.
            reason: Why, in one CamelCase word for machines.
            message: What happened, as a sentence for people.
        """
        about = obj if isinstance(obj, core.ObjectReference) else reference_to(obj)
        key = _EventKey(
            about.uid or "",
            about.kind or "",
            about.namespace or "",
            about.name or "",
            about.fieldPath or "",
            type,
            reason,
            message[:1024],  # the API's limit
        )
        now = datetime.now(UTC).replace(microsecond=0)
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.count += 1
            waiting.last = now
            return
        if len(self._waiting) >= WAITING_MAX or not self._filter.lets_pass(about):
            self.dropped += 1
            return
        self._waiting[key] = _Waiting(about, now, now)
        self._idle.clear()
        self._queue.add(key)

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        await run_workers(self._queue, self._write, count=WRITERS, log=_log)

    async def flush(self) -> None:
        """Wait until everything noted so far is written or given up; needs a running `run`."""
        await self._idle.wait()

    async def _write(self, key: _EventKey) -> None:
        waiting = self._waiting[key]
        counted = waiting.count
        try:
            await self._file(key, waiting, counted)
        except (StatusError, Unreachable) as error:
            if not _is_refused(error) and self._queue.failures(key) < TRIES:
                raise
            _log.warning("event %s on %s %s/%s is lost: %s", key.reason, key.kind, key.namespace, key.name, error)
            self.dropped += counted
        self._settle(key, waiting, counted)

    def _settle(self, key: _EventKey, waiting: _Waiting, counted: int) -> None:
        waiting.count -= counted
        if waiting.count:  # it happened again while we wrote
            self._queue.add(key)
            return
        del self._waiting[key]
        if not self._waiting:
            self._idle.set()

    async def _file(self, key: _EventKey, waiting: _Waiting, counted: int) -> None:
        namespace = key.namespace or "default"
        written = self._written.get(key)
        if written is not None:
            count = written.count + counted
            changes = {"count": count, "lastTimestamp": waiting.last}
            try:
                await self._client.patch(core.Event, written.name, changes, namespace)
            except StatusError as error:
                if error.code != NOT_FOUND:
                    raise  # else the Event has expired: it starts again below
            else:
                written.count = count
                self._written.move_to_end(key)
                return
        event = self._new_event(key, waiting, counted)
        await self._client.create(event, namespace)
        self._written[key] = _Written(event.metadata.name or "", counted)
        if len(self._written) > REMEMBERED_MAX:
            self._written.popitem(last=False)

    def _new_event(self, key: _EventKey, waiting: _Waiting, count: int) -> core.Event:
        # As Kubernetes names them: events of one second sort in the order in which they happened.
        name = f"{key.name}.{time.time_ns():016x}"
        return core.Event(
            involvedObject=waiting.about,
            metadata=meta.ObjectMeta(name=name, namespace=key.namespace or "default"),
            type=key.type,
            reason=key.reason,
            message=key.message,
            source=self._source,
            count=count,
            firstTimestamp=waiting.first,
            lastTimestamp=waiting.last,
            reportingComponent=self._source.component,
            reportingInstance=self._source.host or "",
        )


def _is_refused(error: StatusError | Unreachable) -> bool:
    """Whether trying again cannot help: the namespace is going, the Event is invalid, we are not allowed."""
    return isinstance(error, StatusError) and 400 <= error.code < 500 and error.code != TOO_MANY


def reference_to(obj: ApiType) -> core.ObjectReference:
    """Return the reference by which an Event names the object."""
    about = metadata_of(obj)
    return core.ObjectReference(
        apiVersion=obj.apiVersion,
        kind=obj.kind,
        namespace=about.namespace,
        name=about.name,
        uid=about.uid,
        resourceVersion=about.resourceVersion,
    )
