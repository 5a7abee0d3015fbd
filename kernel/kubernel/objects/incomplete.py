"""What is wrong with an object that lacks required values: that, and every other rule that it breaks.

The types cannot hold an object without its required values, so decoding one ends before the rules of its kind are
asked. Here they are asked all the same, as Kubernetes asks them: each missing value stands for its zero, and what the
rules say of that zero is what is told. Only bodies that are refused come here.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TypeVar

from kubernel.objects.errors import FieldError, field_required
from kubernel.objects.kind import Kind
from kubernel.objects.metadata import metadata_errors
from kubernel.objects.models import ApiObject, meta_of
from kubernel.objects.rules.maps import Mistyped

__all__ = ["errors_of_incomplete"]

T = TypeVar("T", bound=ApiObject)

_REQUIRED = "FieldValueRequired"


def errors_of_incomplete(kind: Kind[T], obj: T, missing: Mapping[str, bool]) -> list[FieldError]:
    """Return all that is wrong with an object whose missing values were filled in with zeros.

    Args:
        kind: Its kind.
        obj: Changed in place.
        missing: The paths of what was filled in, and for each whether Go tells it from its zero (`Findings.missing`).
    """
    found, told = [], set()
    for error in _broken_rules(kind, obj):
        path = error.path
        if missing.get(path) and error.reason != _REQUIRED:
            continue  # it speaks of a value where there is none
        told.add(path)
        found.append(error)
    return [*found, *(field_required(path) for path in missing if path not in told)]


def _broken_rules(kind: Kind[T], obj: T) -> list[FieldError]:
    metadata = meta_of(obj)
    # The name may still come from the path or be generated; one that is there is checked.
    named: Iterable[FieldError] = metadata_errors(metadata, kind.name_errors) if metadata.name else ()
    try:
        kind.default(obj)
        return list(chain(named, kind.validate(obj)))
    except Mistyped:
        return []  # it is said when nothing is missing any more
