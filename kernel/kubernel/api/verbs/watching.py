"""The verb ``watch``: a stream of changes, one JSON document a line, several in one write."""

from collections.abc import AsyncIterator, Callable
from time import monotonic

from kubernel.api.http.negotiation import Form
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.options import ListOptions, too_new
from kubernel.api.verbs.reads import included, interest_of
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, expired
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind
from kubernel.objects.tables import Include, table
from kubernel.store import Change, Compacted
from kubernel.watch import Interest, Record, Watcher, WatcherTooSlow

__all__ = ["watch"]

BOOKMARK_S = 60.0
"""How often a silent watch gets a bookmark (kube-apiserver: about a minute)."""

LONGEST_S = 3_600
"""When a watch without ``timeoutSeconds`` ends; the client comes back and resumes."""

_INITIAL_END = {"k8s.io/initial-events-end": "true"}


async def watch(call: Call) -> Answer:
    """Answer with the changes that the selectors see, from a revision on, until the time is over."""
    options = ListOptions.read(call.query)
    interest = _wired(call, interest_of(call, options))
    _check_initial_events(options)
    cache = call.state.cache
    if options.revision is not None and options.revision > cache.revision:
        raise too_new(options.revision, cache.revision)
    starts_with_state = options.wants_initial_events or (
        options.wants_initial_events is None and options.revision in (None, 0)
    )
    since = None if starts_with_state else (options.revision or cache.revision)
    try:
        watcher = await cache.watch(call.target.kind, interest, since)
    except Compacted as error:
        raise expired(f"too old resource version: {error.wanted} ({error.oldest})") from error
    return Answer(200, stream=_Lines(call, options, watcher).run(), hang_up=watcher.close)


def _check_initial_events(options: ListOptions) -> None:
    """Source: apimachinery's validation of ListOptions."""
    problem = ""
    if options.wants_initial_events is not None and options.match != "NotOlderThan":
        problem = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
    elif options.wants_initial_events is None and options.match:
        problem = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
    elif options.wants_initial_events and not options.wants_bookmarks:
        problem = "sendInitialEvents requires setting allowWatchBookmarks"
    if problem:
        raise StatusError(422, "Invalid", f'ListOptions.meta.k8s.io "" is invalid: {problem}')


def _wired(call: Call, interest: Interest) -> Interest:
    if call.form is Form.TABLE:
        include = included(call)
        render = _table_line(call.target.kind, include)
        return Interest(interest.namespace, interest.labels, interest.fields, f"table/{include}", render)
    return Interest(interest.namespace, interest.labels, interest.fields, "object", _object_line)


_OBJECT_HEADS = {change: b'{"type":"%s","object":' % change.name.encode() for change in Change}


def _object_line(change: Change, record: Record) -> bytes:
    return b"%s%s}\n" % (_OBJECT_HEADS[change], record.data)


def _table_line(kind: AnyKind, include: Include) -> Callable[[Change, Record], bytes]:
    def line(change: Change, record: Record) -> bytes:
        document = table(kind, [record.decode()], now=now(), include=include)
        document["metadata"] = {"resourceVersion": str(record.revision)}
        return codec.encode_plain({"type": change.name, "object": document}) + b"\n"

    return line


class _Lines:
    """The body of one watch."""

    def __init__(self, call: Call, options: ListOptions, watcher: Watcher) -> None:
        self._call = call
        self._options = options
        self._watcher = watcher

    async def run(self) -> AsyncIterator[bytes]:
        """Yield chunks of whole lines until the time is over, the client is too slow or the server goes down."""
        watcher = self._watcher
        ends = monotonic() + min(self._options.timeout_s or LONGEST_S, LONGEST_S)
        try:
            if self._options.wants_initial_events:
                # The first events were queued when the watch began; what the queue holds now ends them.
                chunk = await watcher.next(0) if watcher.has_events else b""
                yield chunk + self._bookmark(_INITIAL_END)
            while not watcher.closed and (left := ends - monotonic()) > 0:
                chunk = await watcher.next(min(left, BOOKMARK_S))
                if chunk:
                    yield chunk
                elif self._options.wants_bookmarks and not watcher.closed:
                    yield self._bookmark()
        except WatcherTooSlow:
            yield self._too_slow()
        finally:
            watcher.close()

    def _bookmark(self, annotations: dict[str, str] | None = None) -> bytes:
        kind = self._call.target.kind
        metadata: Plain = {"resourceVersion": str(self._call.state.cache.revision), "creationTimestamp": None}
        if annotations:
            metadata["annotations"] = annotations
        bookmark: Plain = {"kind": kind.name, "apiVersion": kind.api_version, "metadata": metadata}
        if self._call.form is Form.TABLE:
            bookmark = {
                "kind": "Table",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": {"resourceVersion": metadata["resourceVersion"]},
                "columnDefinitions": [],
                "rows": [
                    {
                        "cells": [],
                        "object": {
                            "kind": "PartialObjectMetadata",
                            "apiVersion": "meta.k8s.io/v1",
                            "metadata": metadata,
                        },
                    }
                ],
            }
        return codec.encode_plain({"type": "BOOKMARK", "object": bookmark}) + b"\n"

    def _too_slow(self) -> bytes:
        status = expired("the watch fell too far behind; watch again from the last resourceVersion seen").status()
        return codec.encode_plain({"type": "ERROR", "object": status}) + b"\n"
