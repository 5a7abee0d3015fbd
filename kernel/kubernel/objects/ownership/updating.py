"""What an ordinary write does to ownership: whoever changes a field is its owner, alone.

Creates, updates and the patches that are no applies know no conflicts. The writer takes what it changed from everybody
else, and what it removed belongs to nobody. Source: apimachinery ``managedfields/internal`` and structured-merge-diff
``merge/update.go``.
"""

from collections.abc import Mapping

from kubernel.objects.models import Plain
from kubernel.objects.ownership.comparing import Comparison, compare
from kubernel.objects.ownership.entries import UPDATE, Entry, Managed, Manager
from kubernel.objects.ownership.fieldset import FieldSet, Tree
from kubernel.objects.ownership.versions import Versions

__all__ = ["UNOWNED", "differences", "give_up", "take_changes"]

UPDATERS_MAX = 10
"""An object keeps so many updaters; the oldest of more are put together (Kubernetes: the same)."""

ANCIENT = "ancient-changes"

_METADATA: Tree = {
    f"f:{name}": {}
    for name in (
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    )
}
UNOWNED = FieldSet({"f:apiVersion": {}, "f:kind": {}, "f:metadata": {".": {}, **_METADATA}})
"""What belongs to the server, or is not a matter of opinion."""


def take_changes(
    old: Plain, new: Plain, managed: Managed, manager: Manager, *, now: str, versions: Versions
) -> Managed:
    """Return the ownership after a write.

    Args:
        old: The object before it; for a create what is there before anybody writes (`zero_of_type`).
        new: The object as it is wanted, defaults filled in.
        managed: The ownership before it; not changed.
        manager: Who writes.
        now: The time, as text.
        versions: In which the object is owned.

    Raises:
        Unshaped: A list's element has no identity, so that nothing can be said of it.
    """
    changes = differences(old, new, managed, versions)
    left = give_up(managed, changes, but=None)
    written = changes[versions.api_version].written - UNOWNED
    if written.is_empty:
        return left
    before = left.get(manager)
    fields = before.fields | written if before else written
    return _capped({**left, manager: Entry(fields, versions.api_version, now)})


def differences(old: Plain, new: Plain, managed: Managed, versions: Versions) -> dict[str, Comparison]:
    """Return what changed, in the words of the request's version and of every other one that somebody owns fields in.

    Raises:
        Unshaped: A list's element has no identity.
    """
    found: dict[str, Comparison] = {}
    for api_version in {versions.api_version, *(entry.api_version for entry in managed.values())}:
        version = versions.of(api_version)
        if version is None:
            continue
        change = compare(version.made(old), version.made(new), version.shape)
        found[api_version] = change.without(version.ignored)
    return found


def give_up(managed: Managed, changes: Mapping[str, Comparison], *, but: Manager | None) -> Managed:
    """Return the ownership after everybody but one lost what changed; who owns nothing is gone."""
    left: Managed = {}
    for manager, entry in managed.items():
        if manager == but:
            left[manager] = entry
            continue
        change = changes.get(entry.api_version)
        if change is None:  # a version that is not served any more
            continue
        fields = entry.fields if change.is_same else entry.fields - change.written - change.removed
        if not fields.is_empty:
            left[manager] = entry if fields is entry.fields else Entry(fields, entry.api_version, entry.time)
    return left


def _capped(managed: Managed) -> Managed:
    """Put the oldest updaters together, version by version, until there are few enough."""
    updaters = sorted((entry.time, manager) for manager, entry in managed.items() if manager.operation == UPDATE)
    spare = len(updaters) - UPDATERS_MAX
    if spare <= 0:
        return managed
    result, first = dict(managed), dict[str, Manager]()
    for _time, manager in updaters:
        if spare <= 0:
            break
        version = managed[manager].api_version
        if version not in first:
            first[version] = manager
            continue
        bucket = Manager(ANCIENT, UPDATE, version)
        if bucket not in result:
            result[bucket] = result.pop(first[version])
        entry = result.pop(manager)
        result[bucket] = Entry(entry.fields | result[bucket].fields, version, entry.time)
        spare -= 1
    return result
