"""``metadata.managedFields``: the managers of an object, each with the fields that are its own.

Sample of one entry on the wire::

    {"manager": "kubectl", "operation": "Apply", "apiVersion": "v1", "time": "2024-05-01T10:00:00Z",
     "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:color": {}}}}
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from kubernel.objects.models import Plain
from kubernel.objects.ownership.fieldset import FieldSet

__all__ = ["APPLY", "UPDATE", "Entry", "Managed", "Manager", "decode_managed", "encode_managed", "is_reset"]

APPLY, UPDATE = "Apply", "Update"
_OPERATIONS = frozenset({APPLY, UPDATE})


class Manager(NamedTuple):
    """Who owns: what makes two entries one. One name can own by applying and, apart from that, by updating.

    Attributes:
        name: Such as ``kubectl-client-side-apply``.
        operation: ``Apply`` or ``Update``.
        api_version: Of an updater; an applier is the same whatever version it writes, so empty.
        subresource: Through which it writes, such as ``status``; empty for the object itself.
    """

    name: str
    operation: str
    api_version: str = ""
    subresource: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one manager owns.

    Attributes:
        fields: Its fields.
        api_version: The version in whose words the fields are named.
        time: When it last changed, as text; empty when nobody said.
    """

    fields: FieldSet
    api_version: str
    time: str = ""


Managed = dict[Manager, Entry]
"""All managers of one object. The functions that change one return a new one."""


def decode_managed(plain: Any, *, is_stored: bool = False) -> Managed:  # noqa: ANN401 - anything that a client sends
    """Read ``managedFields``.

    Args:
        plain: The entries.
        is_stored: They were written by `encode_managed`, so their sets are as sets are.

    Raises:
        ValueError: An entry is not one; Kubernetes then goes by what is stored.
    """
    managed: Managed = {}
    for item in plain or ():
        operation, version = item.get("operation"), item.get("apiVersion")
        if operation not in _OPERATIONS:
            raise ValueError("operation must be `Apply` or `Update`")
        if not version:
            raise ValueError("apiVersion must not be empty")
        if item.get("fieldsType") != "FieldsV1":
            raise ValueError(f'invalid fieldsType "{item.get("fieldsType") or ""}"')
        name, subresource = item.get("manager") or "", item.get("subresource") or ""
        manager = Manager(name, operation, "" if operation == APPLY else version, subresource)
        tree = item.get("fieldsV1") or {}
        fields = FieldSet(tree) if is_stored else FieldSet.decode(tree)
        managed[manager] = Entry(fields, version, item.get("time") or "")
    return managed


def is_reset(plain: Any) -> bool:  # noqa: ANN401 - anything that a client sends
    """Whether a client's ``managedFields`` ask to forget all managers: an empty list, or one with one empty entry."""
    return isinstance(plain, list) and (not plain or plain == [{}])


def encode_managed(managed: Managed) -> list[Plain]:
    """Return ``managedFields`` as plain JSON, in the order in which Kubernetes lists them."""

    def place(item: tuple[Manager, Entry]) -> tuple[str, ...]:
        manager, entry = item
        return manager.operation, entry.time, manager.name, entry.api_version, manager.subresource

    return [_encoded(manager, entry) for manager, entry in sorted(managed.items(), key=place)]


def _encoded(manager: Manager, entry: Entry) -> Plain:
    plain: Plain = {"manager": manager.name, "operation": manager.operation, "apiVersion": entry.api_version}
    if entry.time:
        plain["time"] = entry.time
    plain |= {"fieldsType": "FieldsV1", "fieldsV1": entry.fields.tree}
    if manager.subresource:
        plain["subresource"] = manager.subresource
    return plain
