"""Ownership in a line: the objects that one manager wrote and at most one other reports the status of.

Nearly every object is such a one, and its ``managedFields`` follow from it: the first owns all of it but the status,
the second the status. So they are not computed when it is written, nor stored, nor sent in lists; beside the object
stands who wrote it and when, and whoever asks for the one object gets them worked out (decision 0050). Sample::

    1714557600 v1 kubectl-create
    1714557660 v1 kubernel-agent

The first line is the object's, the second, if any, its status'. Two other values say something else: `UNTRACKED` that
nobody is an owner, `EXPLICIT` that the object itself holds its ``managedFields``.
"""

from datetime import UTC, datetime
from functools import lru_cache

from kubernel.objects.models import Plain
from kubernel.objects.ownership.comparing import compare
from kubernel.objects.ownership.entries import UPDATE, Entry, Managed, Manager
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.shapes import Shape
from kubernel.objects.ownership.updating import UNOWNED

__all__ = ["EXPLICIT", "STATUS", "UNTRACKED", "begun", "continued", "is_brief", "owners_of", "timestamp"]

UNTRACKED = ""
EXPLICIT = "="

STATUS = FieldSet({"f:status": {}})


def is_brief(owners: str) -> bool:
    """Whether the text is lines that say who owns an object."""
    return owners not in (UNTRACKED, EXPLICIT)


@lru_cache(maxsize=64)
def begun(api_version: str, manager: str, at_s: int) -> str:
    """Return the line of a new object; the same text for all that a manager creates in a second."""
    return f"{at_s} {api_version} {manager}"


def continued(owners: str, api_version: str, manager: str, at_s: int, *, is_status: bool) -> str | None:
    """Return the lines after a change.

    Args:
        owners: The lines before it.
        api_version: In whose words it was made.
        manager: Who made it.
        at_s: When, in seconds since 1970.
        is_status: Whether it changed the status, through its subresource.

    Returns:
        ``None`` when another manager did the last change: two owners are more than a line can say.
    """
    if not is_brief(owners):
        return owners
    main, _, status = owners.partition("\n")
    who, before = f"{api_version} {manager}", status if is_status else main
    if before and before.partition(" ")[2] != who:
        return None
    if is_status:
        return f"{main}\n{at_s} {who}"
    return f"{at_s} {who}\n{status}" if status else f"{at_s} {who}"


def owners_of(owners: str, obj: Plain, shape: Shape, zero: Plain, *, has_status: bool) -> Managed:
    """Return the ownership that the lines of an object say.

    Args:
        owners: The lines.
        obj: The object.
        shape: Its shape.
        zero: What is there before anybody writes (`zero_of_type`).
        has_status: Whether the status is a subresource of its own.

    Raises:
        Unshaped: A list's element has no identity.
    """
    managed: Managed = {}
    if not is_brief(owners):
        return managed
    written = compare(zero, obj, shape).written - UNOWNED
    main, _, status = owners.partition("\n")
    parts = [(main, "", written.without(STATUS) if has_status else written)]
    if status:
        parts.append((status, "status", written.within("f:status")))
    for line, subresource, fields in parts:
        at_s, api_version, name = line.split(" ", 2)
        if not fields.is_empty:
            manager = Manager(name, UPDATE, api_version, subresource)
            managed[manager] = Entry(fields, api_version, timestamp(int(at_s)))
    return managed


@lru_cache(maxsize=64)
def timestamp(at_s: int) -> str:
    """Return a time as objects show it, such as ``2024-05-01T10:00:00Z``."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
