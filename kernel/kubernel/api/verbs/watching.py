"""The verb ``watch``: a stream of changes, one JSON document a line, several in one write."""

from collections.abc import AsyncIterator
from time import monotonic

from kubernel.api.http.negotiation import Form, Shape, streamed_form
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.list_options import ListOptions, too_new
from kubernel.api.verbs.answers import check_form
from kubernel.api.verbs.events import Converting, bookmark, error, headings, wired
from kubernel.api.verbs.interests import interest_of
from kubernel.objects.errors import StatusError, expired
from kubernel.store import Compacted
from kubernel.watch import Watcher, WatcherTooSlow

__all__ = ["watch"]

BOOKMARK_S = 60.0
"""How often a watch that allows bookmarks gets one (kube-apiserver: about a minute)."""

LAST_BOOKMARK_S = 2.0
"""So long before its end a watch gets its last bookmark, from which the client resumes (kube-apiserver: the same)."""

LONGEST_S = 3_600
"""When a watch without ``timeoutSeconds`` ends; the client comes back and resumes."""


async def watch(call: Call) -> Answer:
    """Answer with the changes that the selectors see, from a revision on, until the time is over.

    What was before the oldest revision that is kept cannot be watched; as in Kubernetes, the stream says so.
    """
    options = ListOptions.read(call.query, is_watch=True)
    form = streamed_form(call.accept)
    check_form(form, call.target.kind, is_list=False)
    interest = wired(call, form, interest_of(call, options))
    cache = call.state.cache
    if options.revision is not None and options.revision > cache.revision:
        raise too_new(options.revision, cache.revision)
    starts_with_state = options.wants_initial_events or (
        options.wants_initial_events is None and options.revision in (None, 0)
    )
    since = None if starts_with_state else (options.revision or cache.revision)
    try:
        watcher = cache.watch(call.target.kind, interest, since)
    except Compacted as compacted:
        return Answer(200, stream=_only(error(_too_old(compacted))))
    return Answer(200, stream=_Lines(call, options, form, watcher).run(), hang_up=watcher.close)


def _too_old(compacted: Compacted) -> StatusError:
    return expired(f"too old resource version: {compacted.wanted} ({compacted.oldest})")


async def _only(line: bytes) -> AsyncIterator[bytes]:
    yield line


class _Lines:
    """The body of one watch."""

    def __init__(self, call: Call, options: ListOptions, form: Form, watcher: Watcher) -> None:
        self._kind = call.target.kind
        self._cache = call.state.cache
        self._options = options
        self._form = form
        self._watcher = watcher
        self._converting = Converting(call, form) if self._kind.view is not None else None
        self._headings = headings(self._kind) if form.shape is Shape.TABLE else b""
        self._ends = monotonic() + min(options.timeout_s or LONGEST_S, LONGEST_S)
        self._began = self._cache.revision
        self._bookmark_at = 0.0
        self._plan_bookmark()

    async def run(self) -> AsyncIterator[bytes]:
        """Yield chunks of whole lines until the time is over, the client is too slow or the server goes down."""
        watcher = self._watcher
        try:
            while watcher.begins:
                if chunk := await watcher.next(0):
                    yield await self._shown(chunk)
            if self._options.wants_initial_events and self._options.wants_bookmarks:
                yield self._headed(bookmark(self._kind, self._form, self._began, ends_beginning=True))
            while not watcher.closed and (left := self._ends - monotonic()) > 0:
                chunk = await watcher.next(min(left, max(0.0, self._bookmark_at - monotonic())))
                if chunk:
                    yield await self._shown(chunk)
                elif line := self._bookmark():
                    yield line
            if watcher.has_events:
                yield await self._shown(await watcher.next(0))
        except Compacted as compacted:
            yield error(_too_old(compacted))
        except WatcherTooSlow:
            yield error(expired("the watch fell too far behind; watch again from the last resourceVersion seen"))
        except StatusError as refusal:  # a conversion that failed; nothing after it could be understood
            yield error(refusal)
        finally:
            watcher.close()

    async def _shown(self, chunk: bytes) -> bytes:
        """Put the stored form's lines into the client's."""
        return self._headed(chunk if self._converting is None else await self._converting.lines(chunk))

    def _headed(self, chunk: bytes) -> bytes:
        """Put the headings of a table into the first line that the client gets."""
        if self._headings:
            chunk, self._headings = chunk.replace(b'"columnDefinitions":null', self._headings, 1), b""
        return chunk

    def _bookmark(self) -> bytes:
        """Return a bookmark when it is time for one; there is no event that the client has not got."""
        if monotonic() < self._bookmark_at or self._watcher.has_events or self._watcher.closed:
            return b""
        self._plan_bookmark()
        return self._headed(bookmark(self._kind, self._form, self._cache.revision))

    def _plan_bookmark(self) -> None:
        now = monotonic()
        before_end = self._ends - LAST_BOOKMARK_S
        due = min(now + BOOKMARK_S, before_end) if before_end > now else self._ends + 1
        self._bookmark_at = due if self._options.wants_bookmarks else self._ends + 1
