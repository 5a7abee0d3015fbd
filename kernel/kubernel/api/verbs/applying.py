"""Server-side apply: ``PATCH`` with ``application/apply-patch+yaml``, which also creates what is not there."""

from dataclasses import replace
from time import time

import msgspec

from kubernel.api.http.identity import authorize
from kubernel.api.request.bodies import as_mapping, config_body
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import FieldValidation, field_validation
from kubernel.api.request.write_options import is_forced, manager_of
from kubernel.api.verbs.answers import one
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.tracking import keep_managed, versions_of
from kubernel.api.verbs.writes import ATTEMPTS, add, check_revision, rewrite
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, conflict
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.ownership import (
    APPLY,
    KUBECTL,
    UNTRACKED,
    UPDATE,
    Applied,
    Managed,
    Manager,
    Unshaped,
    apply_config,
    conflict_error,
    fields_in,
    managed_in,
    renew_last_applied,
    still_conflicting,
    take_changes,
    timestamp,
    version_of,
    zero_of,
)
from kubernel.objects.registry import AnyKind
from kubernel.store import Entry
from kubernel.watch import Record

__all__ = ["apply", "apply_to_stored", "check_shape", "config_of"]

BEFORE = "before-first-apply"
"""Who owns what was there before anybody's ownership was known."""


async def apply(call: Call) -> Answer:
    """Apply a configuration to one object, or to its status; 201 when it makes the object."""
    config = config_of(call, call.target.kind)
    for _ in range(ATTEMPTS):
        if _is_there(call) or call.target.subresource:
            return await one(call, await apply_to_stored(call, config))
        try:
            return await one(call, await _to_new(call, config), 201)
        except StatusError as error:
            if error.reason != "AlreadyExists":
                raise  # else somebody made it meanwhile: apply to that
    raise conflict(call.target.kind.plural, call.target.name, call.target.kind.group)


def _is_there(call: Call) -> bool:
    target = call.target
    return call.state.cache.collection(target.kind).get(target.namespace, target.name) is not None


def config_of(call: Call, kind: AnyKind) -> Plain:
    """Read what the client applies.

    Args:
        call: The request.
        kind: What it must be: the path's kind, or what a subresource exchanges.

    Raises:
        StatusError: 400, it is no object of that kind.
    """
    value, repeated = config_body(call)
    config = as_mapping(value, "the applied configuration")
    validation = field_validation(call.query)
    if repeated and validation is FieldValidation.STRICT:
        raise bad_request(f"error strict decoding patch: {', '.join(repeated)}")
    call.warnings.extend(repeated if validation is FieldValidation.WARN else ())
    said = str(config.get("apiVersion") or ""), str(config.get("kind") or "")
    if said != (kind.api_version, kind.name):
        group, _, version = said[0].rpartition("/")
        raise bad_request(f"invalid object type: {group}/{version}, Kind={said[1]}")
    metadata = as_mapping(config.get("metadata") or {}, "metadata")
    if metadata.get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    return config


def check_shape(call: Call, kind: AnyKind, config: Plain) -> None:
    """Refuse a configuration that does not fit a type.

    Raises:
        StatusError: 400, naming each field.
    """
    try:
        fields_in(config, version_of(kind, is_status=False).shape)
    except Unshaped as error:
        raise _unfitting(call, kind, error) from error


async def apply_to_stored(call: Call, config: Plain) -> Record | Entry:
    """Apply a configuration to an object that must be there already; what was stored.

    Raises:
        StatusError: As `rewrite`; 400, it does not fit the type; 409, others own what it changes.
    """
    find(call)
    wanted = (config.get("metadata") or {}).get("resourceVersion")
    managed: Managed = {}

    def make(seen: Record) -> ApiObject:
        nonlocal managed
        check_revision(call, wanted if isinstance(wanted, str) else None)
        live = codec.plain_stored(seen.data)
        owned = managed_in(call.target.kind, live, seen.owners)
        live["metadata"].pop("managedFields", None)
        if seen.owners == UNTRACKED or not owned:
            owned = _owned_before(call, live)
        applied = _applied(call, live, config, owned)
        managed = applied.managed
        return _typed(call, applied.obj)

    def track(_call: Call, _seen: Record, new: ApiObject) -> str:
        return keep_managed(new, managed)

    return await rewrite(call, make, names_revision=bool(wanted), track=track)


async def _to_new(call: Call, config: Plain) -> Record | Entry:
    kind, name, metadata = call.target.kind, call.target.name, config.get("metadata") or {}
    authorize(call.state, msgspec.structs.replace(call.attributes(), verb="create"))
    if not metadata.get("name"):
        raise bad_request(f"the name of the object ({name} based on URL) was undeterminable: name must be provided")
    if metadata["name"] != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    if uid := metadata.get("uid"):
        why = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
        raise conflict(kind.plural, name, kind.group, why)
    if metadata.get("resourceVersion"):
        raise bad_request("resourceVersion should not be set on objects to be created")
    applied = _applied(call, {}, config, {})
    obj = _typed(call, applied.obj)
    return await add(call, obj, lambda _call, new: keep_managed(new, applied.managed))


def _applied(call: Call, live: Plain, config: Plain, owned: Managed) -> Applied:
    """Merge a configuration into a live object.

    Raises:
        StatusError: 400, it does not fit the type; 409, others own what it changes.
    """
    kind, target = call.target.kind, call.target
    manager = Manager(manager_of(call), APPLY, subresource=target.subresource)
    versions = versions_of(call, {entry.api_version for entry in owned.values()})
    try:
        applied = apply_config(live, config, owned, manager, now=timestamp(int(time())), versions=versions)
    except Unshaped as error:
        raise _unfitting(call, kind, error) from error
    except RecursionError as error:
        raise bad_request("error decoding patch: exceeded max depth") from error
    conflicts = [] if is_forced(call) else applied.conflicts
    if conflicts and manager.name == KUBECTL:
        conflicts = still_conflicting(conflicts, live, versions)
    if conflicts:
        raise conflict_error(conflicts)
    is_whole = target.subresource in ("", "status")  # what kubectl remembers is no Scale
    if manager.name == KUBECTL and is_whole:
        return replace(applied, obj=renew_last_applied(applied.obj, config))
    return applied


def _unfitting(call: Call, kind: AnyKind, why: Unshaped) -> StatusError:
    place = f"{call.target.namespace}/{call.target.name}; {kind.group}/{kind.version}, Kind={kind.name}"
    return bad_request(f"failed to create typed patch object ({place}): {why}")


def _owned_before(call: Call, live: Plain) -> Managed:
    """Give an object that nobody owns to one who stands for whoever wrote it before."""
    kind = call.target.kind
    manager = Manager(BEFORE, UPDATE, kind.api_version)
    try:
        return take_changes(
            zero_of(kind), live, {}, manager, now=timestamp(int(time())), versions=versions_of(call, ())
        )
    except (Unshaped, RecursionError):
        return {}


def _typed(call: Call, plain: Plain) -> ApiObject:
    obj: ApiObject = codec.from_plain(call.target.kind, plain)[0]
    return obj
