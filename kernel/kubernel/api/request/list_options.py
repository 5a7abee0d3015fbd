"""The query parameters of a list, a watch or a deletion of a collection, and which of their combinations are none.

Source: apimachinery's validation of ``ListOptions``, and the table in the Kubernetes documentation's "API Concepts".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kubernel.api.request.options import flag, integer
from kubernel.objects.errors import (
    Cause,
    FieldError,
    StatusError,
    bad_request,
    field_forbidden,
    field_invalid,
    field_not_supported,
    invalid,
)

__all__ = ["ListOptions", "read_revision", "too_new"]

EXACT, NOT_OLDER_THAN = "Exact", "NotOlderThan"
_MATCH, _INITIAL = "resourceVersionMatch", "sendInitialEvents"


def read_revision(query: Mapping[str, str]) -> int | None:
    """Return ``resourceVersion``; ``None`` when it is absent or empty, which means the newest.

    Raises:
        StatusError: 400, it is not a revision.
    """
    text = query.get("resourceVersion", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 20 or int(text) >= 2**64:
        why = "value out of range" if text.isascii() and text.isdecimal() else "invalid syntax"
        error = field_invalid("resourceVersion", text, f'strconv.ParseUint: parsing "{text}": {why}')
        raise bad_request(f"invalid resource version: {error}")
    return int(text)


def too_new(wanted: int, current: int) -> StatusError:
    """504: the client has seen a revision that this server has not (yet)."""
    message = f"Timeout: Too large resource version: {wanted}, current: {current}"
    cause = Cause("ResourceVersionTooLarge", "Too large resource version")
    return StatusError(504, "Timeout", message, causes=[cause], retry_after_s=1)


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
    def read(cls, query: Mapping[str, str], *, is_watch: bool = False) -> "ListOptions":
        """Read them from the query.

        Raises:
            StatusError: 400, one of them is wrong; 422, they do not go together.
        """
        options = cls(
            label_selector=query.get("labelSelector", ""),
            field_selector=query.get("fieldSelector", ""),
            limit=integer(query, "limit") or None,
            continue_token=query.get("continue", ""),
            revision=read_revision(query),
            match=query.get(_MATCH, ""),
            timeout_s=integer(query, "timeoutSeconds"),
            wants_bookmarks=flag(query, "allowWatchBookmarks"),
            wants_initial_events=flag(query, _INITIAL) if _INITIAL in query else None,
        )
        if errors := list(options._watch_errors() if is_watch else options._list_errors()):
            raise invalid("ListOptions", "", errors, "meta.k8s.io")
        if not is_watch and options.continue_token and options.revision:
            raise bad_request("specifying resource version is not allowed when using continue")
        return options

    @property
    def exact_revision(self) -> int | None:
        """The revision at which a new list is wanted; ``None`` when any that is not older than `revision` will do.

        A limit with a revision has always meant this very revision, so that the pages of a list fit together.
        """
        is_exact = self.match == EXACT or (not self.match and self.limit is not None)
        return (self.revision or None) if is_exact else None

    def _list_errors(self) -> Iterable[FieldError]:
        if self.match:
            if self.revision is None:
                yield field_forbidden(_MATCH, f"{_MATCH} is forbidden unless resourceVersion is provided")
            yield from self._continue_errors()
            if self.match not in (EXACT, NOT_OLDER_THAN):
                yield field_not_supported(_MATCH, self.match, [EXACT, NOT_OLDER_THAN, ""])
            if self.match == EXACT and self.revision == 0:
                yield field_forbidden(_MATCH, f'{_MATCH} "exact" is forbidden for resourceVersion "0"')
        if self.wants_initial_events is not None:
            yield field_forbidden(_INITIAL, f"{_INITIAL} is forbidden for list")

    def _watch_errors(self) -> Iterable[FieldError]:
        if self.wants_initial_events is not None and self.match != NOT_OLDER_THAN:
            yield field_forbidden(_MATCH, f"{_INITIAL} requires setting {_MATCH} to {NOT_OLDER_THAN}")
        if self.match:
            if self.wants_initial_events is None:
                yield field_forbidden(_MATCH, f"{_MATCH} is forbidden for watch unless {_INITIAL} is provided")
            if self.match != NOT_OLDER_THAN:
                yield field_not_supported(_MATCH, self.match, [NOT_OLDER_THAN])
            yield from self._continue_errors()

    def _continue_errors(self) -> Iterable[FieldError]:
        if self.continue_token:
            yield field_forbidden(_MATCH, f"{_MATCH} is forbidden when continue is provided")
