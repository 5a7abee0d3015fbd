"""Errors that a client sees, as data: the Kubernetes ``Status``.

One class (`StatusError`) and one constructor for each condition that somebody acts on, worded exactly as
Kubernetes words it (source: apimachinery's ``api/errors`` and ``util/validation/field``; the words are part
of the contract, clients and people grep for them). Rooms below ``api`` raise; only ``api`` turns these into
HTTP responses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kubernel.objects.models import Plain

__all__ = [
    "Cause",
    "FieldError",
    "StatusError",
    "already_exists",
    "bad_gateway",
    "bad_request",
    "conflict",
    "expired",
    "field_duplicate",
    "field_forbidden",
    "field_invalid",
    "field_not_found",
    "field_not_supported",
    "field_required",
    "field_too_long",
    "field_too_many",
    "field_type_invalid",
    "field_wrong",
    "forbidden",
    "from_status",
    "internal",
    "invalid",
    "method_not_allowed",
    "not_acceptable",
    "not_found",
    "path_not_found",
    "too_large",
    "too_many_requests",
    "unauthorized",
    "unavailable",
    "unsupported_encoding",
    "unsupported_media_type",
]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason inside a Status: what (`reason`), where (`field`) and in words (`message`)."""

    reason: str
    message: str
    field: str = ""


class StatusError(Exception):
    """A condition that the client is told about, with everything that its Status carries.

    Attributes:
        code: The HTTP status code.
        reason: The machine-readable reason, such as ``NotFound``.
        message: The sentence for people.
        name, group, kind: What it is about; ``kind`` is the plural resource name, for ``Invalid`` the kind's name.
        causes: Every single reason, one a field for ``Invalid``.
        retry_after_s: When to try again; sent as ``Retry-After`` too.
        continue_token: Where an expired list can go on, at another revision.
        allowed: The methods that there are, for one that there is not; sent as ``Allow``.
    """

    def __init__(  # noqa: PLR0913 - the fields of a Status
        self,
        code: int,
        reason: str,
        message: str,
        *,
        name: str = "",
        group: str = "",
        kind: str = "",
        uid: str = "",
        causes: Sequence[Cause] = (),
        retry_after_s: int | None = None,
        continue_token: str = "",
        allowed: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.name = name
        self.group = group
        self.kind = kind
        self.uid = uid
        self.causes = tuple(causes)
        self.retry_after_s = retry_after_s
        self.continue_token = continue_token
        self.allowed = tuple(allowed)

    def status(self) -> Plain:
        """Return the ``Status`` object, ready to be encoded."""
        details: Plain = {}
        for key, value in (("name", self.name), ("group", self.group), ("kind", self.kind), ("uid", self.uid)):
            if value:
                details[key] = value
        if self.causes:
            details["causes"] = [
                {k: v for k, v in (("reason", c.reason), ("message", c.message), ("field", c.field)) if v}
                for c in self.causes
            ]
        if self.retry_after_s is not None:
            details["retryAfterSeconds"] = self.retry_after_s
        status: Plain = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {"continue": self.continue_token} if self.continue_token else {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        }
        if details:
            status["details"] = details
        return status


def from_status(status: Plain, code: int) -> StatusError:
    """Rebuild the error that a server sent as a ``Status`` (the SDK's half of this module)."""
    details: Plain = status.get("details") or {}
    return StatusError(
        int(status.get("code") or code),
        status.get("reason") or "Unknown",
        status.get("message") or f"the server answered {code} without a message",
        name=details.get("name", ""),
        group=details.get("group", ""),
        kind=details.get("kind", ""),
        uid=details.get("uid", ""),
        causes=[
            Cause(c.get("reason", ""), c.get("message", ""), c.get("field", "")) for c in details.get("causes") or ()
        ],
        retry_after_s=details.get("retryAfterSeconds"),
        continue_token=(status.get("metadata") or {}).get("continue", ""),
    )


def _qualified(resource: str, group: str) -> str:
    return f"{resource}.{group}" if group else resource


def not_found(resource: str, name: str, group: str = "") -> StatusError:
    """404: the named object does not exist."""
    message = f'{_qualified(resource, group)} "{name}" not found'
    return StatusError(404, "NotFound", message, name=name, group=group, kind=resource)


def path_not_found() -> StatusError:
    """404: nothing is served at this path."""
    return StatusError(404, "NotFound", "the server could not find the requested resource")


def already_exists(resource: str, name: str, group: str = "") -> StatusError:
    """409: the name is taken."""
    message = f'{_qualified(resource, group)} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, name=name, group=group, kind=resource)


STALE = "the object has been modified; please apply your changes to the latest version and try again"


def conflict(resource: str, name: str, group: str = "", why: str = STALE) -> StatusError:
    """409: the object is not in the state that the request presumed."""
    message = f'Operation cannot be fulfilled on {_qualified(resource, group)} "{name}": {why}'
    return StatusError(409, "Conflict", message, name=name, group=group, kind=resource)


def bad_request(message: str) -> StatusError:
    """400: the request itself cannot be understood."""
    return StatusError(400, "BadRequest", message)


def unauthorized(message: str = "Unauthorized") -> StatusError:
    """401: nobody could say who this is."""
    return StatusError(401, "Unauthorized", message)


def forbidden(resource: str, name: str, why: str, group: str = "") -> StatusError:
    """403: known, but not allowed; ``why`` continues the sentence."""
    subject = f'{_qualified(resource, group)} "{name}"' if name else _qualified(resource, group)
    return StatusError(403, "Forbidden", f"{subject} is forbidden: {why}", name=name, group=group, kind=resource)


def method_not_allowed(resource: str = "", group: str = "", allowed: Iterable[str] = ()) -> StatusError:
    """405: the resource exists and does not have this verb."""
    message = "the server does not allow this method on the requested resource"
    return StatusError(405, "MethodNotAllowed", message, group=group, kind=resource, allowed=allowed)


def not_acceptable(accepted: Sequence[str]) -> StatusError:
    """406: none of the representations that the client accepts can be made."""
    message = f"only the following media types are accepted: {', '.join(accepted)}"
    return StatusError(406, "NotAcceptable", message)


def unsupported_media_type(accepted: Sequence[str]) -> StatusError:
    """415: the body is in a form that this request cannot have."""
    message = f"the body of the request was in an unknown format - accepted media types include: {', '.join(accepted)}"
    return StatusError(415, "UnsupportedMediaType", message)


def unsupported_encoding(encoding: str) -> StatusError:
    """415: the body is compressed."""
    message = f'the body of the request has the content encoding "{encoding}", and only "identity" is accepted'
    return StatusError(415, "UnsupportedMediaType", message)


def expired(
    message: str = "The resourceVersion for the provided watch is too old.", *, continue_token: str = ""
) -> StatusError:
    """410: that revision is compacted; list again and watch from there."""
    return StatusError(410, "Expired", message, continue_token=continue_token)


def too_large(limit_bytes: int) -> StatusError:
    """413: the body or the object is larger than the server stores."""
    message = f"Request entity too large: limit is {limit_bytes}"
    return StatusError(413, "RequestEntityTooLarge", message)


def too_many_requests(message: str, retry_after_s: int = 1) -> StatusError:
    """429: later, please."""
    return StatusError(429, "TooManyRequests", message, retry_after_s=retry_after_s)


def internal(message: str) -> StatusError:
    """500: our fault; the log has more."""
    return StatusError(500, "InternalError", f"Internal error occurred: {message}")


def bad_gateway(message: str) -> StatusError:
    """502: what answers behind this server makes no sense."""
    return StatusError(502, "BadGateway", message)


def unavailable(message: str, retry_after_s: int = 1) -> StatusError:
    """503: a part that this request needs is away; nothing was changed."""
    return StatusError(503, "ServiceUnavailable", message, retry_after_s=retry_after_s)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: ``spec.replicas: Invalid value: -1: must be …``.

    Attributes:
        path: The field's path, such as ``spec.containers[0].name``.
        reason: One of Kubernetes' ``FieldValue…`` reasons.
        detail: The sentence without the path: ``Invalid value: -1: must be greater than or equal to 0``.
    """

    path: str
    reason: str
    detail: str = field(default="")

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value can be wrong
    """Return the value as JSON, the keys of maps sorted, as Kubernetes shows it."""
    return msgspec.json.encode(value, order="deterministic").decode()


def field_invalid(path: str, value: Any, why: str) -> FieldError:  # noqa: ANN401
    """Return ``path: Invalid value: "x": why``."""
    return FieldError(path, "FieldValueInvalid", f"Invalid value: {_shown(value)}: {why}")


def field_required(path: str, why: str = "") -> FieldError:
    """Return ``path: Required value: why``."""
    return FieldError(path, "FieldValueRequired", f"Required value: {why}" if why else "Required value")


def field_forbidden(path: str, why: str) -> FieldError:
    """Return ``path: Forbidden: why``."""
    return FieldError(path, "FieldValueForbidden", f"Forbidden: {why}")


def field_duplicate(path: str, value: Any) -> FieldError:  # noqa: ANN401
    """Return ``path: Duplicate value: "x"``."""
    return FieldError(path, "FieldValueDuplicate", f"Duplicate value: {_shown(value)}")


def field_not_found(path: str, value: Any) -> FieldError:  # noqa: ANN401
    """Return ``path: Not found: "x"``."""
    return FieldError(path, "FieldValueNotFound", f"Not found: {_shown(value)}")


def field_not_supported(path: str, value: Any, supported: Sequence[str]) -> FieldError:  # noqa: ANN401
    """Return ``path: Unsupported value: "x": supported values: "a", "b"``."""
    listed = ", ".join(f'"{s}"' for s in supported)
    detail = f"Unsupported value: {_shown(value)}: supported values: {listed}"
    return FieldError(path, "FieldValueNotSupported", detail)


def field_too_long(path: str, limit: int) -> FieldError:
    """Return ``path: Too long: may not be more than N bytes``."""
    return FieldError(path, "FieldValueTooLong", f"Too long: may not be more than {limit} bytes")


def field_too_many(path: str, found: int, limit: int) -> FieldError:
    """Return ``path: Too many: 9: must have at most N items``."""
    items = "item" if limit == 1 else "items"
    return FieldError(path, "FieldValueTooMany", f"Too many: {found}: must have at most {limit} {items}")


def field_type_invalid(path: str, value: Any, why: str) -> FieldError:  # noqa: ANN401
    """Return ``path: Invalid value: "string": why``, for a value that is not of its field's type."""
    return FieldError(path, "FieldValueTypeInvalid", f"Invalid value: {_shown(value)}: {why}")


def field_wrong(path: str, why: str) -> FieldError:
    """Return ``path: Invalid value: why``, for a value that would be too long to show."""
    return FieldError(path, "FieldValueInvalid", f"Invalid value: {why}")


def invalid(kind: str, name: str, errors: Sequence[FieldError], group: str = "") -> StatusError:
    """422: the object breaks the rules of its kind; every broken rule is a cause, and said once."""
    sentences = list(dict.fromkeys(map(str, errors)))
    words = sentences[0] if len(sentences) == 1 else f"[{', '.join(sentences)}]"
    message = f'{_qualified(kind, group)} "{name}" is invalid: {words}'
    causes = [Cause(e.reason, e.detail, e.path) for e in errors]
    return StatusError(422, "Invalid", message, name=name, group=group, kind=kind, causes=causes)
