"""What the validator library found, in the words of Kubernetes.

Source: kube-openapi ``pkg/validation/errors`` and apiextensions-apiserver ``pkg/apiserver/validation``. A value that
fits none of several alternatives has no field of its own there: its path is ``<nil>``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from kubernel.objects.errors import (
    FieldError,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
    field_too_many,
    field_type_invalid,
)
from kubernel.objects.models import Plain
from kubernel.objects.rules.paths import child, path_of
from kubernel.objects.schemas.validating.formats import NUMBERS
from kubernel.objects.schemas.validating.json_schema import PATTERN

__all__ = ["words"]

NOWHERE = "<nil>"
_LIMITS = {
    "Minimum": "greater than or equal to",
    "ExclusiveMinimum": "greater than",
    "Maximum": "less than or equal to",
    "ExclusiveMaximum": "less than",
}
_TOO_FEW = {"MinItems": "items", "MinProperties": "properties"}


def words(found: Iterable[Any], schema: Plain, path: str = "") -> Iterator[FieldError]:
    """Yield the field errors for the library's errors.

    Args:
        found: The library's errors.
        schema: The JSON Schema that they come from.
        path: Where the checked value stands.
    """
    unmet: dict[tuple[str, int], set[int]] = {}
    for error in found:
        where = _where(error, path)
        for members, member in _all_of(schema, error.schema_path):
            unmet.setdefault((where, members), set()).add(member)
        yield from _one(error, schema, path)
    for (where, members), failed in unmet.items():
        none = ". None validated" if len(failed) == members else ""
        yield field_invalid(NOWHERE, "", f'"{where}" must validate all the schemas (allOf){none}')


def _where(error: Any, path: str) -> str:  # noqa: ANN401 - the library's error
    steps = path_of(list(error.instance_path))
    return child(path, steps) if steps else path


def _all_of(schema: Any, steps: Iterable[str | int]) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    """Yield each ``allOf`` on the way to what failed: how many members it has, and which of them it was."""
    last: str | int = ""
    for step in steps:
        if last == "allOf" and isinstance(step, int):
            yield len(schema), step
        schema = schema[step]
        last = step


def _one(error: Any, schema: Plain, base: str) -> Iterator[FieldError]:  # noqa: ANN401
    kind, value, path = error.kind, error.instance, _where(error, base)
    name = type(kind).__name__
    if name == "Required":
        yield field_required(child(path, kind.property))
    elif name == "Type":
        wanted, got = ",".join(word for word in kind.types if word != "null"), _type_of(value)
        yield field_type_invalid(path, got, f'{path} in body must be of type {wanted}: "{got}"')
    elif name == "Enum":
        yield field_not_supported(path, value, [v if isinstance(v, str) else _json(v) for v in kind.options])
    elif name == "MaxLength":
        yield field_too_long(path, kind.limit)
    elif name in ("MaxItems", "MaxProperties"):
        yield field_too_many(path, len(value), kind.limit)
    elif name in _TOO_FEW:
        why = f"{path} in body should have at least {kind.limit} {_TOO_FEW[name]}"
        yield field_invalid(path, len(value), why)
    elif name == "Format":
        yield field_type_invalid(path, value, f"{path} in body must be of type {_format(error)}: {_json(value)}")
    elif name in ("AnyOf", "OneOfNotValid", "OneOfMultipleValid", "Not"):
        yield from _alternatives(name, kind, path)
        if name in ("AnyOf", "OneOfNotValid"):
            yield from _nearest(kind.context, schema, base)
    else:
        yield from _limit(name, error, path)


def _limit(name: str, error: Any, path: str) -> Iterator[FieldError]:  # noqa: ANN401
    kind, value = error.kind, error.instance
    if name == "MinLength":
        yield field_invalid(path, value, f"{path} in body should be at least {kind.limit} chars long")
    elif name in _LIMITS:
        yield field_invalid(path, value, f"{path} in body should be {_LIMITS[name]} {_number(kind.limit)}")
    elif name == "MultipleOf":
        yield field_invalid(path, value, f"{path} in body should be a multiple of {_number(kind.multiple_of)}")
    elif name == "AdditionalProperties":
        for extra in kind.unexpected:
            yield field_invalid(path, extra, f"{path}.{extra} in body is a forbidden property")
    elif name == "FalseSchema":
        yield field_invalid(path, value, f"{path} in body is a forbidden property")
    elif name == "Custom" and kind.keyword == PATTERN:
        yield field_invalid(path, value, f"{path} in body should match '{kind.message}'")
    elif name == "Custom":
        of_type = NUMBERS[kind.message][0]
        why = f"Checked value must be of type {of_type} with format {kind.message} in {path}"
        yield field_invalid(NOWHERE, "", why)
    else:
        yield field_invalid(path, value, error.message)


def _alternatives(name: str, kind: Any, path: str) -> Iterator[FieldError]:  # noqa: ANN401
    if name == "Not":
        yield field_invalid(NOWHERE, "", f'"{path}" must not validate the schema (not)')
        return
    if name == "AnyOf":
        yield field_invalid(NOWHERE, "", f'"{path}" must validate at least one schema (anyOf)')
    else:
        count = sum(not errors for errors in kind.context)
        which = f"Found {count} valid alternatives" if name == "OneOfMultipleValid" else "Found none valid"
        yield field_invalid(NOWHERE, "", f'"{path}" must validate one and only one schema (oneOf). {which}')


def _nearest(alternatives: Sequence[Sequence[Any]], schema: Plain, base: str) -> Iterator[FieldError]:
    """Yield what the alternative with the fewest errors lacks: most likely it is the one that was meant."""
    nearest = min((errors for errors in alternatives if errors), key=len, default=())
    for error in nearest:
        yield from _one(error, schema, base)


def _type_of(value: Any) -> str:  # noqa: ANN401
    for of_type, name in (
        (type(None), "null"),
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
    ):
        if isinstance(value, of_type):
            return name
    return "object"


def _format(error: Any) -> str:  # noqa: ANN401
    name: str = error.kind.format
    return name


def _json(value: Any) -> str:  # noqa: ANN401
    return msgspec.json.encode(value).decode()


def _number(value: float) -> str:
    """Return a number as Go prints it: a whole one without its fraction."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e21 else str(value)
