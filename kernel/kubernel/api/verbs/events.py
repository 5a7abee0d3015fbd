"""The lines of a watch: events and bookmarks in each form, and errors.

Lines are made once for all watches that want the same (`kubernel.watch.channel`). Two things are a stream's own: the
headings of a table, which only its first event carries, and the conversion of a view, which may have to wait; the
channel of a view carries stored objects, and each stream converts a chunk of them in one call.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from kubernel.api.http.negotiation import Form, Shape
from kubernel.api.request.call import Call
from kubernel.api.verbs.answers import document, included
from kubernel.api.verbs.views import shown
from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind
from kubernel.objects.tables import column_definitions
from kubernel.store import Change
from kubernel.watch import Interest, Record

__all__ = ["Converting", "bookmark", "error", "headings", "wired"]

_INITIAL_END = {"k8s.io/initial-events-end": "true"}
_HEADS = {change: b'{"type":"%s","object":' % change.name.encode() for change in Change}

Render = Callable[[Change, Record], bytes]


def wired(call: Call, form: Form, interest: Interest) -> Interest:
    """Return an interest with the wire form of its events.

    Raises:
        StatusError: 400, the query's table options are wrong.
    """
    stored = Form() if call.target.kind.view is not None else form
    name = f"{stored.shape}/{stored.version}"
    if form.shape is Shape.TABLE:
        name += f"/{included(call)}"
    return replace(interest, form=name, render=_lines(call, stored))


def _lines(call: Call, form: Form) -> Render:
    if form.shape is Shape.WHOLE:
        return _whole
    make = document(call, form, with_headings=False)
    return lambda change, record: b"%s%s}\n" % (_HEADS[change], make(record))


def _whole(change: Change, record: Record) -> bytes:
    return b"%s%s}\n" % (_HEADS[change], record.data)


def headings(kind: AnyKind) -> bytes:
    """Return what the first event of a table has in the place of ``"columnDefinitions":null``."""
    return b'"columnDefinitions":%s' % codec.encode_plain(column_definitions(kind))


class _Event(msgspec.Struct):
    type: str
    object: msgspec.Raw


class Converting:
    """Puts chunks of a watch of stored objects into the form of a view."""

    def __init__(self, call: Call, form: Form) -> None:
        self._kind = call.target.kind
        self._render = _lines(call, form)
        self._event = msgspec.json.Decoder(_Event)

    async def lines(self, chunk: bytes) -> bytes:
        """Return the chunk converted, in one call.

        Raises:
            StatusError: It cannot be converted.
        """
        events = [self._event.decode(line) for line in chunk.splitlines()]
        records = await shown(self._kind, [self._record(bytes(event.object)) for event in events])
        return b"".join(self._render(Change[event.type], record) for event, record in zip(events, records, strict=True))

    def _record(self, data: bytes) -> Record:
        metadata: Plain = codec.decode_plain(codec.metadata_in(data))
        namespace, name, revision = metadata.get("namespace", ""), metadata["name"], int(metadata["resourceVersion"])
        return Record(self._kind.stored_as, namespace, name, revision, data)


def bookmark(kind: AnyKind, form: Form, revision: int, *, ends_beginning: bool = False) -> bytes:
    """Return a line that says how far the watch has come.

    Args:
        kind: The kind that is watched.
        form: The form of its events.
        revision: Every event up to this one was sent.
        ends_beginning: Whether it ends the initial events.
    """
    metadata: Plain = {"resourceVersion": str(revision), "creationTimestamp": None}
    if ends_beginning:
        metadata["annotations"] = _INITIAL_END
    partial: Plain = {"kind": "PartialObjectMetadata", "apiVersion": form.api_version, "metadata": metadata}
    mark: Plain = {"kind": kind.name, "apiVersion": kind.api_version, "metadata": metadata}
    if form.shape is Shape.PARTIAL:
        mark = partial
    elif form.shape is Shape.TABLE:
        mark = {
            "kind": "Table",
            "apiVersion": form.api_version,
            "metadata": {"resourceVersion": str(revision)},
            "columnDefinitions": None,
            "rows": [{"cells": [], "object": partial}],
        }
    return codec.encode_plain({"type": "BOOKMARK", "object": mark}) + b"\n"


def error(refusal: StatusError) -> bytes:
    """Return the line that ends a watch with an error."""
    return codec.encode_plain({"type": "ERROR", "object": refusal.status()}) + b"\n"
