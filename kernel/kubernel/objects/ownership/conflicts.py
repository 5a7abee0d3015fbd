"""What stands against an apply: fields that others own and that it would change."""

from collections.abc import Iterable
from typing import NamedTuple

from kubernel.objects.errors import Cause, StatusError
from kubernel.objects.ownership.entries import UPDATE, Entry, Managed, Manager
from kubernel.objects.ownership.fieldset import FieldSet

__all__ = ["Conflict", "conflict_error", "conflicts_of"]


class Conflict(NamedTuple):
    """One manager's fields that an apply would change."""

    manager: Manager
    entry: Entry
    fields: FieldSet

    @property
    def opponent(self) -> str:
        """The manager as messages name it: ``"kubectl-edit" using v1``."""
        name = f'"{self.manager.name}"'
        if self.manager.subresource:
            name += f' with subresource "{self.manager.subresource}"'
        return f"{name} using {self.entry.api_version}" if self.manager.operation == UPDATE else name


def conflicts_of(managed: Managed, changed: FieldSet, *, but: Manager | None) -> list[Conflict]:
    """Return what each manager, but one, owns of some fields; sorted by manager."""
    return [
        Conflict(manager, entry, fields)
        for manager, entry in sorted(managed.items(), key=lambda item: item[0])
        if manager != but and not (fields := entry.fields & changed).is_empty
    ]


def conflict_error(conflicts: Iterable[Conflict]) -> StatusError:
    """409 with a cause for each field, in Kubernetes' words."""
    listed = [(conflict, list(conflict.fields.paths())) for conflict in conflicts]
    causes = [
        Cause("FieldManagerConflict", f"conflict with {conflict.opponent}", path)
        for conflict, paths in listed
        for path in paths
    ]
    if len(causes) == 1:
        said = f"1 conflict: {causes[0].message}: {causes[0].field}"
    else:
        lines = [
            line
            for conflict, paths in listed
            for line in (f"conflicts with {conflict.opponent}:", *(f"- {path}" for path in paths))
        ]
        said = f"{len(causes)} conflicts: " + "\n".join(lines)
    return StatusError(409, "Conflict", f"Apply failed with {said}", causes=causes)
