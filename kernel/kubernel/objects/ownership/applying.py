"""Server-side apply: a manager's whole opinion of an object, merged into it.

What it says is set, what it said last time and no longer says goes (unless somebody else owns it), and what others own
and it would change is a conflict. Equal values conflict with nobody: they are owned together. Source:
structured-merge-diff ``merge/update.go``; apimachinery ``managedfields/internal``.
"""

from dataclasses import dataclass

from kubernel.objects.models import Plain
from kubernel.objects.ownership.conflicts import Conflict, conflicts_of
from kubernel.objects.ownership.covering import fields_in
from kubernel.objects.ownership.entries import Entry, Managed, Manager
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.merging import merge, remove
from kubernel.objects.ownership.shapes import Shape
from kubernel.objects.ownership.updating import UNOWNED, differences, give_up
from kubernel.objects.ownership.versions import Version, Versions

__all__ = ["Applied", "apply_config"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply makes of an object, or what stands against it.

    Attributes:
        obj: The merged object.
        managed: Its ownership.
        conflicts: What others own and the apply changes; it must not be stored when there are any, unless forced.
    """

    obj: Plain
    managed: Managed
    conflicts: list[Conflict]


def apply_config(
    live: Plain, config: Plain, managed: Managed, manager: Manager, *, now: str, versions: Versions
) -> Applied:
    """Apply a configuration.

    Args:
        live: The object, in the request's version, without ``managedFields``; empty for one that is not there yet.
        config: What the manager wants, in the same version.
        managed: The ownership before; not changed.
        manager: Who applies.
        now: The time, as text.
        versions: In which the object is owned.

    Raises:
        Unshaped: The configuration has a field that the type has not, or elements that cannot be told apart.
    """
    own = versions.own
    fields = fields_in(config, own.shape).without(own.ignored)
    last = managed.get(manager)
    holders = {**managed, manager: Entry(fields, versions.api_version)}
    merged = merge(live, config, own.shape)
    if last is not None and not (last.fields - fields).is_empty:
        merged = _pruned(merged, last, holders, versions)
    changes = differences(live, merged, managed, versions)
    conflicts = [
        conflict
        for version, change in changes.items()
        for conflict in conflicts_of(
            {who: entry for who, entry in managed.items() if entry.api_version == version}, change.written, but=manager
        )
    ]
    left = give_up(holders, changes, but=manager)
    owned = fields - UNOWNED
    is_new = last is None or last.fields != owned or not changes[versions.api_version].is_same
    left[manager] = Entry(owned, versions.api_version, now if last is None or is_new else last.time)
    if owned.is_empty:
        del left[manager]
    return Applied(merged, left, conflicts)


def _pruned(merged: Plain, last: Entry, holders: Managed, versions: Versions) -> Plain:
    """Take out what the manager applied last time, nobody owns now, and is not the rest of something that stays."""
    version = versions.of(last.api_version)
    if version is None:
        return merged
    shape, full = version.shape, version.made(merged)
    wanted = last.fields.with_named(shape)
    bare = version.unmade(remove(full, wanted, shape))
    held = dict.fromkeys([last.api_version], FieldSet({}))
    for entry in holders.values():
        held[entry.api_version] = held.get(entry.api_version, FieldSet({})) | entry.fields
    for api_version, fields in held.items():
        if (other := versions.of(api_version)) is not None:
            bare = _with_owned(other, merged, bare, fields)
    gone = _covered(full, shape) - _covered(version.made(bare), shape)
    return version.unmade(remove(full, gone & wanted, shape))


def _with_owned(version: Version, merged: Plain, bare: Plain, fields: FieldSet) -> Plain:
    """Put back what somebody owns in one version."""
    shape, full = version.shape, version.made(merged)
    kept = _covered(version.made(bare), shape) | fields.with_named(shape)
    return version.unmade(remove(full, _covered(full, shape) - kept, shape))


def _covered(obj: Plain, shape: Shape) -> FieldSet:
    return fields_in(obj, shape, allows_duplicates=True).with_named(shape)
