"""The verbs ``delete`` and ``deletecollection``."""

import asyncio

from msgspec.structs import replace

from kubernel.api.request.bodies import as_mapping, plain_body
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.list_options import ListOptions
from kubernel.api.request.options import flag, integer
from kubernel.api.verbs.answers import many, one
from kubernel.api.verbs.pages import page
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.views import shown_one
from kubernel.api.verbs.writes import change
from kubernel.objects import codec
from kubernel.objects.deletion import DeleteOptions, check_preconditions, is_finished, mark
from kubernel.objects.errors import StatusError
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.registry import AnyKind
from kubernel.store import Change, Entry
from kubernel.watch import Record

__all__ = ["delete", "delete_collection", "delete_one"]

NOT_FOUND = 404

AT_ONCE = 64
"""Objects of a collection that are deleted together, and so share commits."""


def _options(call: Call) -> DeleteOptions:
    """Read the options from the body, else from the query (``kubectl`` sends a body, ``curl`` users a query)."""
    plain: Plain = as_mapping(plain_body(call), "DeleteOptions") if call.body.strip() else {}
    plain = dict(plain)
    if (grace_s := integer(call.query, "gracePeriodSeconds")) is not None:
        plain.setdefault("gracePeriodSeconds", grace_s)
    if policy := call.query.get("propagationPolicy"):
        plain.setdefault("propagationPolicy", policy)
    if "orphanDependents" in call.query and "propagationPolicy" not in plain:
        plain.setdefault("orphanDependents", flag(call.query, "orphanDependents"))
    flag(call.query, "ignoreStoreReadErrorWithClusterBreakingPotential")  # no object of this server is unreadable
    if dry_run := call.query.get("dryRun"):
        plain["dryRun"] = [dry_run]
    return DeleteOptions.from_plain(plain)


async def delete(call: Call) -> Answer:
    """Delete one object: at once, or marked when it has a grace period or finalizers."""
    options, kind = _options(call), call.target.kind
    stored = await delete_one(call, options)
    if isinstance(stored, Entry):
        is_gone = stored.change is Change.DELETED
    else:  # it was marked before, or the client only tries
        is_gone = is_finished(kind.stored_as, stored.decode())
    if not is_gone or kind.is_returned_by_deletion:
        return await one(call, stored)
    return Answer(200, codec.encode_plain(_success(kind, stored.data)))


async def delete_one(call: Call, options: DeleteOptions) -> Record | Entry:
    """Delete the object that the path names and return what was stored of it.

    Raises:
        StatusError: 404, 409, or what admission says.
    """
    kind = call.target.kind
    request = call.admission(None, (await shown_one(kind, find(call))).decode())
    # What a client says in the body of a deletion, the query does not.
    await call.state.admission.validate(replace(request, dry_run=request.dry_run or options.is_dry_run))
    stored = kind.stored_as

    def make(current: ApiObject) -> ApiObject:
        check_preconditions(kind, meta_of(current), options)
        mark(stored, current, options, now())
        return current

    query = {**call.query, "dryRun": "All"} if options.is_dry_run else call.query
    where = replace(call.target, kind=stored)
    deletion = Call(call.state, where, call.identity, call.verb, call.path, query, admitted=call.admitted)
    return await change(deletion, make, names_revision=bool(options.resource_version), validates=False)


def _success(kind: AnyKind, data: bytes) -> Plain:
    metadata = codec.decode_plain(data)["metadata"]
    details = {"name": metadata["name"], "kind": kind.plural, "uid": metadata.get("uid", "")}
    if kind.group:
        details["group"] = kind.group
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


async def delete_collection(call: Call) -> Answer:
    """Delete every object that the selectors see; answers with the list of them, each as it was."""
    options = _options(call)
    records, metadata = await page(call, ListOptions.read(call.query))
    answer = await many(call, records, metadata)
    for start in range(0, len(records), AT_ONCE):
        portion = records[start : start + AT_ONCE]
        results = await asyncio.gather(*(_delete_found(call, record, options) for record in portion))
        if refusal := next((result for result in results if result is not None), None):
            raise refusal
    return answer


async def _delete_found(call: Call, record: Record, options: DeleteOptions) -> StatusError | None:
    where = replace(call.target, namespace=record.namespace, name=record.name)
    try:
        single = Call(call.state, where, call.identity, call.verb, call.path, call.query, admitted=call.admitted)
        await delete_one(single, options)
    except StatusError as error:
        return None if error.code == NOT_FOUND else error  # not found: somebody else was faster
    return None
