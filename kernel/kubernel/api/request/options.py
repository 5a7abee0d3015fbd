"""Query parameters: each read once, with an error that names it."""

from collections.abc import Mapping
from enum import StrEnum

from kubernel.objects.errors import bad_request

__all__ = ["FieldValidation", "field_validation", "flag", "integer"]

_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})


class FieldValidation(StrEnum):
    """What happens to fields that the kind does not have."""

    IGNORE = "Ignore"
    WARN = "Warn"
    STRICT = "Strict"


def flag(query: Mapping[str, str], name: str) -> bool:
    """Return a boolean parameter, in all spellings of Go's ParseBool; without a value (``?watch``) it is set.

    Raises:
        StatusError: 400, it is neither true nor false.
    """
    value = query.get(name, "false")
    if value in _TRUE or not value:
        return True
    if value in _FALSE:
        return False
    raise bad_request(f'query parameter {name}: Invalid value: "{value}": must be true or false')


def integer(query: Mapping[str, str], name: str) -> int | None:
    """Return a whole number that is not negative, or ``None`` when the parameter is absent or empty.

    Raises:
        StatusError: 400, it is no such number.
    """
    value = query.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal()):
        raise bad_request(f'query parameter {name}: Invalid value: "{value}": must be a whole number, at least 0')
    return int(value)


def field_validation(query: Mapping[str, str]) -> FieldValidation:
    """Return ``fieldValidation``; Kubernetes warns when the client says nothing.

    Raises:
        StatusError: 400, unknown value.
    """
    value = query.get("fieldValidation") or FieldValidation.WARN
    try:
        return FieldValidation(value)
    except ValueError as error:
        known = ", ".join(f'"{v}"' for v in FieldValidation)
        raise bad_request(f'fieldValidation: Unsupported value: "{value}": supported values: {known}') from error
