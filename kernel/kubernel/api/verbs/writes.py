"""The verbs ``create``, ``update`` and ``patch``: each an object, admitted, encoded once and committed.

All changes of an object that exists go through `change`: read what is current, make the new state, admit it, and
write it under the condition that nothing happened meanwhile. A conflict is the client's when it named a revision
and ours, to be tried again, when it did not.
"""

from collections.abc import Callable

from kubernel.api.http.negotiation import patch_type
from kubernel.api.request.bodies import as_mapping, read_object, report_unknown
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.options import FieldValidation, check_dry_run, field_validation
from kubernel.api.verbs.answers import one
from kubernel.api.verbs.reads import find
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
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.patches import apply_json_patch, apply_merge_patch, apply_strategic_patch
from kubernel.store import Entry, Mismatch, Outcome, StoreUnavailable, Write, key_of
from kubernel.watch import Record

__all__ = ["change", "commit", "create", "patch", "patched", "update"]

ATTEMPTS = 20
"""How often an unconditional change is tried again; each attempt means that somebody else made progress."""

GENERATED_NAMES = 8
"""How many generated names are tried (Kubernetes: the same)."""

Make = Callable[[ApiObject], ApiObject]
"""Makes the wanted state from the current one, which it may change and return."""


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
    check_dry_run(call.query)
    obj = read_object(call, is_new=True)
    metadata = meta_of(obj)
    if metadata.resourceVersion:
        raise bad_request("resourceVersion should not be set on objects to be created")
    is_generated = bool(metadata.generateName) and not metadata.name
    kind, namespace = call.target.kind, call.target.namespace
    for _ in range(GENERATED_NAMES if is_generated else 1):
        if is_generated:
            metadata.name = None
        await _admit_new(call, obj)
        name, stored = metadata.name or "", await stored_new(kind, obj, namespace)
        write = Write(
            key_of(kind.stored_as.resource, namespace, name),
            0,
            codec.encode(stored),
            call.head_length,
            actor=call.identity.user,
        )
        if call.is_dry_run:
            if call.state.cache.collection(kind).get(namespace, name) is not None:
                raise already_exists(kind.plural, name, kind.group)
            return await one(call, Record(kind.stored_as, namespace, name, 0, write.body), 201)
        outcome = await commit(call, write)
        if isinstance(outcome, Entry):
            return await one(call, outcome, 201)
    raise already_exists(kind.plural, name, kind.group)


async def _admit_new(call: Call, obj: ApiObject) -> None:
    kind, chain = call.target.kind, call.state.admission
    request = call.admission(obj, None)
    begin_new(kind, obj, namespace=call.target.namespace or None, now=now())
    if await chain.mutate(request):
        kind.default(obj)
    check_new(kind, obj)
    await chain.validate(request)


async def change(call: Call, make: Make, *, names_revision: bool = False, validates: bool = True) -> Record | Entry:
    """Change the object that the path names.

    Args:
        call: The request.
        make: Makes the new state; it is called again after a conflict.
        names_revision: The client said which revision it changes: a conflict is its business.
        validates: Run the kind's own rules; a binding, which writes what no client may, does not.

    Returns:
        What was stored, in its stored form; the record as it is when nothing changed.

    Raises:
        StatusError: 404, 409, 413, 422 or 503.
    """
    kind = call.target.kind
    for _ in range(ATTEMPTS):
        record = find(call)
        seen = await shown_one(kind, record)
        new = make(seen.decode())
        if validates:
            await _admit_changed(call, new, seen.decode())
        stored = await stored_changed(kind, new, record, call.target.subresource or None)
        meta_of(stored).resourceVersion = None
        body = codec.encode(stored)
        if codec.with_revision(body, call.head_length, record.revision) == record.stored:
            return record
        if call.is_dry_run:
            data = codec.with_revision(body, call.head_length, record.revision)
            return Record(kind.stored_as, record.namespace, record.name, record.revision, data)
        is_deletion = is_finished(kind.stored_as, stored)
        outcome = await commit(
            call, Write(call.key, record.revision, body, call.head_length, is_deletion, call.identity.user)
        )
        if isinstance(outcome, Entry):
            return outcome
        if names_revision or not outcome.current:
            raise _mismatch(call, outcome)
    raise conflict(kind.plural, call.target.name, kind.group)


async def _admit_changed(call: Call, new: ApiObject, old: ApiObject) -> None:
    kind, chain = call.target.kind, call.state.admission
    request, subresource = call.admission(new, old), call.target.subresource or None
    begin_changed(kind, new, old, subresource=subresource)
    if await chain.mutate(request):
        kind.default(new)
    check_changed(kind, new, old, subresource=subresource)
    await chain.validate(request)


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
    check_dry_run(call.query)
    find(call)
    name, first = call.target.name, [read_object(call)]
    wanted = meta_of(first[0]).resourceVersion

    def make(_current: ApiObject) -> ApiObject:
        obj = first.pop() if first else read_object(call)
        metadata = meta_of(obj)
        if metadata.name and metadata.name != name:
            raise bad_request(f"the name of the object ({metadata.name}) does not match the name on the URL ({name})")
        metadata.name = name
        check_revision(call, wanted)
        return obj

    stored = await change(call, make, names_revision=bool(wanted))
    return await one(call, stored)


async def patch(call: Call) -> Answer:
    """Change parts of one object, or of its status."""
    check_dry_run(call.query)
    kind, validation = call.target.kind, field_validation(call.query)
    wanted = patched_revision(call)

    def make(current: ApiObject) -> ApiObject:
        call.warnings.clear()
        check_revision(call, wanted)
        plain = patched(call, codec.to_plain(current), kind.type)
        obj, unknown = codec.from_plain(kind, plain, find_unknown=validation is not FieldValidation.IGNORE)
        report_unknown(call, unknown, validation)
        result: ApiObject = obj
        return result

    stored = await change(call, make, names_revision=bool(wanted))
    return await one(call, stored)


def patched_revision(call: Call) -> str | None:
    """Return the revision that a merge or strategic patch names, which makes it conditional."""
    if patch_type(call.content_type) == "application/json-patch+json":
        return None
    metadata = as_mapping(codec.decode_plain(call.body), "the patch").get("metadata")
    revision = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
    return revision if isinstance(revision, str) else None


def patched(call: Call, document: Plain, struct: type) -> Plain:
    """Apply the request's patch to a document.

    Raises:
        StatusError: 400, 415 or 422.
    """
    media, value = patch_type(call.content_type), codec.decode_plain(call.body)
    if media == "application/json-patch+json":
        if not isinstance(value, list):
            raise bad_request("error decoding patch: a JSON patch must be a list of operations")
        return apply_json_patch(document, value)
    as_mapping(value, "the patch")
    if media == "application/merge-patch+json":
        return apply_merge_patch(document, value)
    return apply_strategic_patch(document, value, struct)
