"""Who owns the fields of an object after a create, an update or a patch; `applying` does it for applies.

Nearly always the answer is one line beside the object (`kubernel.objects.ownership.brief`), which costs nothing to
write. It takes the whole arithmetic when a second manager writes, or when the client sends ownership of its own.
"""

from collections.abc import Collection
from time import time

import msgspec

from kubernel.api.request.call import Call
from kubernel.api.request.write_options import manager_of
from kubernel.objects import codec
from kubernel.objects.models import ApiObject, Plain, meta, meta_of
from kubernel.objects.ownership import (
    EXPLICIT,
    UNTRACKED,
    UPDATE,
    Managed,
    Manager,
    Unshaped,
    Version,
    Versions,
    begun,
    continued,
    decode_managed,
    encode_managed,
    is_brief,
    is_reset,
    managed_in,
    take_changes,
    timestamp,
    version_of,
)
from kubernel.watch import Record

__all__ = ["keep_managed", "owners_after_change", "owners_after_create", "versions_of"]

_STATUS = "status"


def owners_after_create(call: Call, obj: ApiObject) -> str:
    """Return the line to store beside a new object.

    Whoever creates it has written all of it, whatever owners it comes with: from a backup, for example.
    """
    meta_of(obj).managedFields = None
    return begun(call.target.kind.api_version, manager_of(call), int(time()))


def owners_after_change(call: Call, seen: Record, new: ApiObject) -> str:
    """Return the line to store beside a changed object, with its defaults filled in.

    Args:
        call: The request.
        seen: The object before, as the request's kind has it.
        new: The object as it is wanted; its ``managedFields`` are what the client sent, and are put in order.
    """
    kind, metadata, subresource = call.target.kind, meta_of(new), call.target.subresource
    sent, metadata.managedFields = metadata.managedFields, None
    managed = None if sent is None or subresource else _changed_by_client(seen, sent)
    is_stored = managed is None
    if managed is None:
        if subresource in ("", _STATUS):
            line = continued(
                seen.owners, kind.api_version, manager_of(call), int(time()), is_status=subresource == _STATUS
            )
            if line is not None and line != EXPLICIT:
                return line
        managed = managed_in(kind, codec.plain_stored(seen.data), seen.owners)
    if not managed:
        return UNTRACKED
    taken = _taken(call, codec.plain_stored(seen.data), codec.to_plain(new), managed)
    if is_stored and taken == managed and is_brief(seen.owners):
        return seen.owners
    return keep_managed(new, taken)


def _taken(call: Call, old: Plain, new: Plain, managed: Managed) -> Managed:
    """Give what changed to who writes; when nothing can be said of it the owners stay, as in Kubernetes."""
    updater = Manager(manager_of(call), UPDATE, call.target.kind.api_version, call.target.subresource)
    versions = versions_of(call, {entry.api_version for entry in managed.values()})
    try:
        return take_changes(old, new, managed, updater, now=timestamp(int(time())), versions=versions)
    except (Unshaped, RecursionError):
        return managed


def keep_managed(obj: ApiObject, managed: Managed) -> str:
    """Write ownership into an object; returns the line to store beside it."""
    meta_of(obj).managedFields = msgspec.convert(encode_managed(managed), list[meta.ManagedFieldsEntry]) or None
    return EXPLICIT if managed else UNTRACKED


def _sent(entries: list[meta.ManagedFieldsEntry]) -> Managed | None:
    """Return the ownership that a client sends; ``None`` when it is none, so that what is stored goes on."""
    plain = msgspec.json.decode(msgspec.json.encode(entries))
    if is_reset(plain):
        return {}
    try:
        return decode_managed(plain) or None
    except (ValueError, RecursionError):
        return None


def _changed_by_client(seen: Record, entries: list[meta.ManagedFieldsEntry]) -> Managed | None:
    """Return the ownership that a client sends unless it is what clients were shown before."""
    managed = _sent(entries)
    if not managed or seen.owners == EXPLICIT:
        return managed
    return None if managed == managed_in(seen.kind, codec.plain_stored(seen.data), seen.owners) else managed


def versions_of(call: Call, api_versions: Collection[str]) -> Versions:
    """Return the versions in which a kind's objects are owned.

    Fields of another version are taken by their names: versions of one kind are alike in nearly everything, and a field
    that is called otherwise there is owned by nobody here until its manager writes again.
    """
    kind, is_status = call.target.kind, call.target.subresource == _STATUS
    others: dict[str, Version] = {}
    for api_version in api_versions:
        group, _, version = api_version.rpartition("/")
        other = None if api_version == kind.api_version else call.state.registry.at_path(group, version, kind.plural)
        if other is not None:
            others[api_version] = version_of(other, is_status=is_status)
    return Versions(kind.api_version, version_of(kind, is_status=is_status), others)
