"""The verbs ``delete`` and ``deletecollection``."""

from msgspec.structs import replace

from kubernel.api.request.bodies import as_mapping, plain_body
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.options import ListOptions, check_dry_run, flag, integer
from kubernel.api.verbs.reads import find, interest_of
from kubernel.api.verbs.writes import change
from kubernel.objects import codec
from kubernel.objects.deletion import DeleteOptions, check_preconditions, mark
from kubernel.objects.errors import StatusError
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.registry import AnyKind
from kubernel.store import Change, Entry
from kubernel.watch import Record

__all__ = ["delete", "delete_collection"]

NOT_FOUND = 404


def _options(call: Call) -> DeleteOptions:
    """Read the options from the body, else from the query (``kubectl`` sends a body, ``curl`` users a query)."""
    check_dry_run(call.query)
    plain: Plain = as_mapping(plain_body(call), "DeleteOptions") if call.body.strip() else {}
    plain = dict(plain)
    if (grace_s := integer(call.query, "gracePeriodSeconds")) is not None:
        plain.setdefault("gracePeriodSeconds", grace_s)
    if policy := call.query.get("propagationPolicy"):
        plain.setdefault("propagationPolicy", policy)
    if "orphanDependents" in call.query and "propagationPolicy" not in plain:
        plain.setdefault("orphanDependents", flag(call.query, "orphanDependents"))
    if call.is_dry_run:
        plain["dryRun"] = ["All"]
    return DeleteOptions.from_plain(plain)


async def delete(call: Call) -> Answer:
    """Delete one object: at once, or marked when it has a grace period or finalizers."""
    options = _options(call)
    stored = await _delete(call, options)
    kind = call.target.kind
    is_gone = isinstance(stored, Entry) and stored.change is Change.DELETED
    if not is_gone or kind.is_returned_by_deletion:
        return Answer(200, stored.data)
    return Answer(200, codec.encode_plain(_success(kind, stored.data)))


async def _delete(call: Call, options: DeleteOptions) -> Record | Entry:
    kind = call.target.kind
    await call.state.admission.validate(call.admission(None, find(call).decode()))
    if options.is_dry_run:
        call.query = {**call.query, "dryRun": "All"}

    def make(current: ApiObject) -> ApiObject:
        check_preconditions(kind, meta_of(current), options)
        mark(kind, current, options, now())
        return current

    return await change(call, make, names_revision=bool(options.resource_version), validates=False)


def _success(kind: AnyKind, data: bytes) -> Plain:
    metadata = codec.decode_plain(data)["metadata"]
    details = {"name": metadata["name"], "kind": kind.plural, "uid": metadata.get("uid", "")}
    if kind.group:
        details["group"] = kind.group
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


async def delete_collection(call: Call) -> Answer:
    """Delete every object that the selectors see; answers with the list of them."""
    options, selection = _options(call), ListOptions.read(call.query)
    kind = call.target.kind
    records = call.state.cache.collection(kind).select(interest_of(call, selection))
    gone: list[bytes] = []
    for record in records:
        target = replace(call.target, namespace=record.namespace, name=record.name)
        single = Call(call.state, target, call.identity, call.verb, call.path, call.query)
        try:
            gone.append((await _delete(single, options)).data)
        except StatusError as error:
            if error.code != NOT_FOUND:  # somebody else was faster
                raise
    metadata = codec.encode_plain({"resourceVersion": str(call.state.cache.revision)})
    head = b'{"kind":"%sList","apiVersion":"%s","metadata":%s,"items":[' % (
        kind.name.encode(),
        kind.api_version.encode(),
        metadata,
    )
    return Answer(200, head + b",".join(gone) + b"]}")
