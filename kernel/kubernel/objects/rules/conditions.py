"""Conditions of the common form (``meta/v1``), as newer kinds keep them in their status.

Source: apimachinery ``pkg/apis/meta/v1/validation`` (``ValidateConditions``).
"""

import re
from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
)
from kubernel.objects.models import meta
from kubernel.objects.rules.labels import label_key_errors
from kubernel.objects.rules.names import regex_error

__all__ = ["condition_errors"]

STATUSES = ("False", "True", "Unknown")
REASON_MAX_BYTES, MESSAGE_MAX_BYTES = 1024, 32 * 1024
_REASON_FORMAT = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?"
_REASON = re.compile(_REASON_FORMAT)
_REASON_SENTENCE = (
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric "
    "characters or '_,:', and must end with an alphanumeric character or '_'"
)
_REASON_EXAMPLES = ("my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB")


def condition_errors(conditions: list[meta.Condition] | None, path: str) -> Iterable[FieldError]:
    """Check a list of conditions; there may be none."""
    seen: set[str] = set()
    for i, condition in enumerate(conditions or ()):
        if condition.type in seen:
            yield field_duplicate(f"{path}[{i}].type", condition.type)
        seen.add(condition.type)
        yield from _one(condition, f"{path}[{i}]")


def _one(condition: meta.Condition, path: str) -> Iterable[FieldError]:
    for why in label_key_errors(condition.type):
        yield field_invalid(f"{path}.type", condition.type, why)
    if condition.status not in STATUSES:
        yield field_not_supported(f"{path}.status", condition.status, STATUSES)
    if condition.observedGeneration is not None and condition.observedGeneration < 0:
        why = "must be greater than or equal to zero"
        yield field_invalid(f"{path}.observedGeneration", condition.observedGeneration, why)
    if not condition.reason:
        yield field_required(f"{path}.reason", "must be set")
    elif not _REASON.fullmatch(condition.reason):
        why = regex_error(_REASON_SENTENCE, _REASON_FORMAT, *_REASON_EXAMPLES)
        yield field_invalid(f"{path}.reason", condition.reason, why)
    for name, limit in (("reason", REASON_MAX_BYTES), ("message", MESSAGE_MAX_BYTES)):
        if len((getattr(condition, name) or "").encode()) > limit:
            yield field_too_long(f"{path}.{name}", limit)
