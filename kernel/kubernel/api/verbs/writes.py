"""The verbs ``create`` and ``update``, and what all writes share: an object, admitted, encoded once and committed.

All changes of an object that exists go through `rewrite`: read what is current, make the new state, admit it, and
write it under the condition that nothing happened meanwhile. A conflict is the client's when it named a revision
and ours, to be tried again, when it did not. Patches are in `patching`, applies in `applying`.
"""

from collections.abc import Callable

from kubernel.api.request.bodies import read_object
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.write_options import check_write_options
from kubernel.api.verbs.answers import one
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.tracking import owners_after_change, owners_after_create
from kubernel.api.verbs.views import shown_one, stored_changed, stored_new
from kubernel.objects import codec
from kubernel.objects.deletion import is_finished
from kubernel.objects.errors import (
    already_exists,
    bad_request,
    conflict,
    not_found,
    too_large,
    unavailable,
)
from kubernel.objects.lifecycle import begin_changed, begin_new, check_changed, check_new
from kubernel.objects.models import ApiObject, meta_of
from kubernel.objects.ownership import EXPLICIT, is_brief
from kubernel.store import Entry, Mismatch, Outcome, StoreUnavailable, Write, key_of
from kubernel.watch import Record

__all__ = ["Track", "add", "change", "check_revision", "commit", "create", "rewrite", "update"]

ATTEMPTS = 20
"""How often an unconditional change is tried again; each attempt means that somebody else made progress."""

GENERATED_NAMES = 8
"""How many generated names are tried (Kubernetes: the same)."""

Make = Callable[[ApiObject], ApiObject]
"""Makes the wanted state from the current one, which it may change and return."""

MakeFrom = Callable[[Record], ApiObject]
"""Makes the wanted state from the current record, for who does not want it decoded into its type."""

Track = Callable[[Call, Record, ApiObject], str]
"""Puts the ownership of a changed object in order, defaults filled in; returns the line to store beside it."""


async def commit(call: Call, write: Write) -> Outcome:
    """Commit one write.

    Raises:
        StatusError: 413, the object is too large; 503, the log cannot be written.
    """
    if len(write.body) > call.state.settings.max_object_bytes:
        raise too_large(call.state.settings.max_object_bytes)
    try:
        return await call.state.commit.write(write)
    except StoreUnavailable as error:
        raise unavailable(f"{error}; nothing was changed") from error


async def create(call: Call) -> Answer:
    """Create one object."""
    check_write_options(call, "CreateOptions")
    obj = read_object(call, is_new=True)
    if meta_of(obj).resourceVersion:
        raise bad_request("resourceVersion should not be set on objects to be created")
    return await one(call, await add(call, obj, owners_after_create), 201)


async def add(call: Call, obj: ApiObject, track: Callable[[Call, ApiObject], str]) -> Record | Entry:
    """Store an object that is not there yet.

    Args:
        call: The request.
        obj: What the client wants; completed in place.
        track: Puts its ownership in order, defaults filled in; returns the line to store beside it.

    Raises:
        StatusError: 409, it is there; 400, 413, 422 or 503.
    """
    metadata, kind, namespace = meta_of(obj), call.target.kind, call.target.namespace
    is_generated = bool(metadata.generateName) and not metadata.name
    for _ in range(GENERATED_NAMES if is_generated else 1):
        if is_generated:
            metadata.name = None
        owners = await _admit_new(call, obj, track)
        name, stored = metadata.name or "", obj if kind.view is None else await stored_new(kind, obj, namespace)
        key, body = key_of(kind.stored_as.resource, namespace, name), codec.encode(stored)
        if call.is_dry_run:
            if call.state.cache.collection(kind).get(namespace, name) is not None:
                raise already_exists(kind.plural, name, kind.group)
            return Record(kind.stored_as, namespace, name, 0, body, owners)
        outcome = await commit(call, Write(key, 0, body, call.head_length, actor=call.identity.user, owners=owners))
        if isinstance(outcome, Entry):
            return outcome
    raise already_exists(kind.plural, name, kind.group)


async def _admit_new(call: Call, obj: ApiObject, track: Callable[[Call, ApiObject], str]) -> str:
    kind, chain = call.target.kind, call.state.admission
    request = call.admission(obj, None)
    begin_new(kind, obj, namespace=call.target.namespace or None, now=now())
    owners = track(call, obj)
    if await chain.mutate(request):
        kind.default(obj)
    check_new(kind, obj)
    call.warn(kind.warnings(obj, None))
    await chain.validate(request)
    return owners


async def change(call: Call, make: Make, *, names_revision: bool = False, validates: bool = True) -> Record | Entry:
    """Change the object that the path names; as `rewrite`, with the current state decoded into its type."""
    track = owners_after_change if validates else None
    return await rewrite(call, lambda seen: make(seen.decode()), names_revision=names_revision, track=track)


async def rewrite(
    call: Call, make: MakeFrom, *, names_revision: bool = False, track: Track | None = owners_after_change
) -> Record | Entry:
    """Change the object that the path names.

    Args:
        call: The request.
        make: Makes the new state; it is called again after a conflict.
        names_revision: The client said which revision it changes: a conflict is its business.
        track: Says who owns what afterwards. ``None`` for what no client may write and nobody becomes the owner of (a
            binding, a mark of deletion); the kind's own rules are for clients, and are not asked then.

    Returns:
        What was stored, in its stored form; the record as it is when nothing changed.

    Raises:
        StatusError: 404, 409, 413, 422 or 503.
    """
    kind = call.target.kind
    for _ in range(ATTEMPTS):
        record = find(call)
        seen = record if kind.view is None else await shown_one(kind, record)
        new = make(seen)
        if track is not None:
            owners = await _admit_changed(call, new, seen, track)
        else:
            owners = EXPLICIT if meta_of(new).managedFields else record.owners
        stored = new
        if kind.view is not None:
            stored = await stored_changed(kind, new, record, call.target.subresource or None)
        outcome = await _replace(call, record, stored, owners)
        if not isinstance(outcome, Mismatch):
            return outcome
        if names_revision or not outcome.current:
            raise _mismatch(call, outcome)
    raise conflict(kind.plural, call.target.name, kind.group)


async def _replace(call: Call, record: Record, stored: ApiObject, owners: str) -> Record | Outcome:
    """Store a changed object in the place of a record, unless nothing changed or the client only tries."""
    meta_of(stored).resourceVersion = None
    body, kind = codec.encode(stored), call.target.kind.stored_as
    data = codec.with_revision(body, call.head_length, record.revision)
    if data == record.stored and (owners == record.owners or is_brief(owners)):
        return record
    if call.is_dry_run:
        return Record(kind, record.namespace, record.name, record.revision, data, owners)
    is_deletion = is_finished(kind, stored)
    return await commit(
        call, Write(call.key, record.revision, body, call.head_length, is_deletion, call.identity.user, owners)
    )


async def _admit_changed(call: Call, new: ApiObject, seen: Record, track: Track) -> str:
    kind, chain, old = call.target.kind, call.state.admission, seen.decode()
    request, subresource = call.admission(new, old), call.target.subresource or None
    begin_changed(kind, new, old, subresource=subresource)
    owners = track(call, seen, new)
    if await chain.mutate(request):
        kind.default(new)
    check_changed(kind, new, old, subresource=subresource)
    if subresource is None:
        call.warn(kind.warnings(new, old))
    await chain.validate(request)
    return owners


def _mismatch(call: Call, outcome: Mismatch) -> Exception:
    kind, name = call.target.kind, call.target.name
    if not outcome.current:
        return not_found(kind.plural, name, kind.group)
    return conflict(kind.plural, name, kind.group)


def check_revision(call: Call, wanted: str | None) -> None:
    """Refuse a change of another revision than the client names.

    Raises:
        StatusError: 409.
    """
    if wanted and wanted != str(find(call).revision):
        kind = call.target.kind
        raise conflict(kind.plural, call.target.name, kind.group)


async def update(call: Call) -> Answer:
    """Replace one object, or its status."""
    check_write_options(call, "UpdateOptions")
    find(call)
    name, first = call.target.name, [read_object(call)]
    wanted = meta_of(first[0]).resourceVersion

    def make(_seen: Record) -> ApiObject:
        obj = first.pop() if first else read_object(call)
        metadata = meta_of(obj)
        if metadata.name and metadata.name != name:
            raise bad_request(f"the name of the object ({metadata.name}) does not match the name on the URL ({name})")
        metadata.name = name
        check_revision(call, wanted)
        return obj

    return await one(call, await rewrite(call, make, names_revision=bool(wanted)))
