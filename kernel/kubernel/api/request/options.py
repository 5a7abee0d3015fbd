"""Query parameters: each read once, with an error that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kubernel.objects.errors import StatusError, bad_request

__all__ = ["FieldValidation", "ListOptions", "check_dry_run", "field_validation", "flag", "integer", "too_new"]

_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_FALSE = frozenset({"", "0", "f", "F", "false", "False", "FALSE"})


class FieldValidation(StrEnum):
    """What happens to fields that the kind does not have."""

    IGNORE = "Ignore"
    WARN = "Warn"
    STRICT = "Strict"


def flag(query: Mapping[str, str], name: str) -> bool:
    """Return a boolean parameter, in all the spellings that Go's ParseBool takes.

    Raises:
        StatusError: 400, it is neither true nor false.
    """
    value = query.get(name, "")
    if value in _TRUE:
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


def check_dry_run(query: Mapping[str, str]) -> None:
    """Refuse any ``dryRun`` but ``All``: a client that asks for less must not get a real write.

    Raises:
        StatusError: 400.
    """
    value = query.get("dryRun")
    if value not in (None, "", "All"):
        raise bad_request(f'dryRun: Unsupported value: "{value}": supported values: "All"')


def too_new(wanted: int, current: int) -> StatusError:
    """504: the client has seen a revision that this server has not (yet)."""
    message = f"Too large resource version: {wanted}, current: {current}"
    return StatusError(504, "Timeout", message, retry_after_s=1)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """The parameters of a list or a watch.

    Attributes:
        label_selector, field_selector: In text.
        limit: At most so many items; ``None`` is all.
        continue_token: Where an earlier list stopped; empty for a new one.
        revision: ``resourceVersion``; ``None`` when absent.
        match: ``resourceVersionMatch``, such as ``NotOlderThan``; empty when absent.
        timeout_s: When a watch ends; ``None`` leaves it to the server.
        wants_bookmarks: ``allowWatchBookmarks``.
        wants_initial_events: ``sendInitialEvents``; ``None`` when absent.
    """

    label_selector: str
    field_selector: str
    limit: int | None
    continue_token: str
    revision: int | None
    match: str
    timeout_s: int | None
    wants_bookmarks: bool
    wants_initial_events: bool | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "ListOptions":
        """Read them from the query.

        Raises:
            StatusError: 400, one of them is wrong.
        """
        initial = flag(query, "sendInitialEvents") if "sendInitialEvents" in query else None
        match = query.get("resourceVersionMatch", "")
        if match not in ("", "Exact", "NotOlderThan"):
            raise bad_request(
                f'resourceVersionMatch: Unsupported value: "{match}": supported values: "Exact", "NotOlderThan"'
            )
        revision = integer(query, "resourceVersion")
        if match and revision is None and initial is None:
            raise bad_request(
                "resourceVersionMatch: Forbidden: may not be specified unless resourceVersion is specified"
            )
        return cls(
            label_selector=query.get("labelSelector", ""),
            field_selector=query.get("fieldSelector", ""),
            limit=integer(query, "limit") or None,
            continue_token=query.get("continue", ""),
            revision=revision,
            match=match,
            timeout_s=integer(query, "timeoutSeconds"),
            wants_bookmarks=flag(query, "allowWatchBookmarks"),
            wants_initial_events=initial,
        )
