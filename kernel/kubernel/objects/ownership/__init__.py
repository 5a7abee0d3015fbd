"""Who manages which field: server-side apply, and the ownership that every write takes.

An object's ``metadata.managedFields`` says which manager last set which fields. Applying merges a manager's whole
opinion into the object, takes away what the manager no longer mentions, and refuses to overwrite what others own. Two
ideas carry all of it: a `FieldSet` is a tree in the form in which the API writes it, and a `Shape` says of a type which
lists and maps are walked into and which are single values. Everything here works on plain decoded JSON and knows no
HTTP. Source: the field management of Kubernetes (apimachinery ``util/managedfields``, sigs ``structured-merge-diff``).
"""

from kubernel.objects.ownership.applying import Applied, apply_config
from kubernel.objects.ownership.brief import EXPLICIT, UNTRACKED, begun, continued, is_brief, timestamp
from kubernel.objects.ownership.conflicts import Conflict, conflict_error
from kubernel.objects.ownership.covering import fields_in
from kubernel.objects.ownership.elements import Unshaped
from kubernel.objects.ownership.entries import (
    APPLY,
    UPDATE,
    Entry,
    Managed,
    Manager,
    decode_managed,
    encode_managed,
    is_reset,
)
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.from_schema import shape_of_schema
from kubernel.objects.ownership.from_types import shape_of_type, zero_of_type
from kubernel.objects.ownership.last_applied import KUBECTL, renew_last_applied, still_conflicting
from kubernel.objects.ownership.of_kind import managed_in, managed_text, shape_of, version_of, with_managed, zero_of
from kubernel.objects.ownership.updating import take_changes
from kubernel.objects.ownership.versions import Version, Versions

__all__ = [
    "APPLY",
    "EXPLICIT",
    "KUBECTL",
    "UNTRACKED",
    "UPDATE",
    "Applied",
    "Conflict",
    "Entry",
    "FieldSet",
    "Managed",
    "Manager",
    "Unshaped",
    "Version",
    "Versions",
    "apply_config",
    "begun",
    "conflict_error",
    "continued",
    "decode_managed",
    "encode_managed",
    "fields_in",
    "is_brief",
    "is_reset",
    "managed_in",
    "managed_text",
    "renew_last_applied",
    "shape_of",
    "shape_of_schema",
    "shape_of_type",
    "still_conflicting",
    "take_changes",
    "timestamp",
    "version_of",
    "with_managed",
    "zero_of",
    "zero_of_type",
]
