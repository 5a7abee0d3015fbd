from collections.abc import Callable

import pytest
from kubernel.objects import errors
from kubernel.objects.errors import Cause, StatusError

# Source: apimachinery pkg/api/errors.
MADE: list[tuple[Callable[[], StatusError], int, str, str]] = [
    (lambda: errors.not_found("pods", "x"), 404, "NotFound", 'pods "x" not found'),
    (lambda: errors.not_found("leases", "x", "g.io"), 404, "NotFound", 'leases.g.io "x" not found'),
    (errors.path_not_found, 404, "NotFound", "the server could not find the requested resource"),
    (lambda: errors.already_exists("pods", "x"), 409, "AlreadyExists", 'pods "x" already exists'),
    (
        lambda: errors.conflict("pods", "x"),
        409,
        "Conflict",
        (
            'Operation cannot be fulfilled on pods "x": the object has been modified; '
            "please apply your changes to the latest version and try again"
        ),
    ),
    (lambda: errors.bad_request("what?"), 400, "BadRequest", "what?"),
    (errors.unauthorized, 401, "Unauthorized", "Unauthorized"),
    (lambda: errors.forbidden("pods", "x", "no"), 403, "Forbidden", 'pods "x" is forbidden: no'),
    (lambda: errors.forbidden("pods", "", "no"), 403, "Forbidden", "pods is forbidden: no"),
    (
        errors.method_not_allowed,
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
    ),
    (
        lambda: errors.not_acceptable(["a/b", "c/d"]),
        406,
        "NotAcceptable",
        "only the following media types are accepted: a/b, c/d",
    ),
    (
        lambda: errors.unsupported_media_type(["a/b"]),
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: a/b",
    ),
    (errors.expired, 410, "Expired", "The resourceVersion for the provided watch is too old."),
    (lambda: errors.too_large(5), 413, "RequestEntityTooLarge", "Request entity too large: limit is 5"),
    (lambda: errors.too_many_requests("slower", 7), 429, "TooManyRequests", "slower"),
    (lambda: errors.internal("oh"), 500, "InternalError", "Internal error occurred: oh"),
    (lambda: errors.unavailable("later"), 503, "ServiceUnavailable", "later"),
]


@pytest.mark.parametrize(("make", "code", "reason", "message"), MADE)
def test_condition_becomes_a_status_and_back(
    make: Callable[[], StatusError], code: int, reason: str, message: str
) -> None:
    error = make()

    back = errors.from_status(error.status(), 500)

    assert (error.code, error.reason, error.message) == (code, reason, message)
    assert (back.code, back.reason, back.message) == (code, reason, message)
    assert back.status() == error.status()


def test_invalid_carries_every_cause_and_says_each_once() -> None:
    broken = [
        errors.field_required("a"),
        errors.field_invalid("b", {"z": 1, "a": [True, None]}, "no"),
        errors.field_required("a"),
    ]

    status = errors.invalid("Pod", "x", broken).status()

    assert status["message"] == (
        'Pod "x" is invalid: [a: Required value, b: Invalid value: {"a":[true,null],"z":1}: no]'
    )
    assert status["details"]["kind"] == "Pod"
    assert status["details"]["causes"][1] == {
        "reason": "FieldValueInvalid",
        "message": 'Invalid value: {"a":[true,null],"z":1}: no',
        "field": "b",
    }


def test_status_shows_what_is_known_and_nothing_else() -> None:
    assert "details" not in errors.bad_request("x").status()
    assert errors.too_many_requests("x", 7).status()["details"] == {"retryAfterSeconds": 7}
    assert errors.from_status({}, 502).status()["code"] == 502


def test_causes_survive_the_wire() -> None:
    error = StatusError(500, "InternalError", "x", causes=[Cause("R", "m", "f")], uid="u")

    assert errors.from_status(error.status(), 500).causes == (Cause("R", "m", "f"),)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (errors.field_forbidden("a", "no"), "a: Forbidden: no"),
        (errors.field_duplicate("a", 'x"y'), 'a: Duplicate value: "x\\"y"'),
        (errors.field_not_found("a", "x"), 'a: Not found: "x"'),
        (errors.field_not_supported("a", 1, ["y", "x"]), 'a: Unsupported value: 1: supported values: "y", "x"'),
        (errors.field_too_long("a", 5), "a: Too long: may not be more than 5 bytes"),
        (errors.field_required("a", "why"), "a: Required value: why"),
        (errors.field_invalid("a", True, "no"), "a: Invalid value: true: no"),
    ],
)
def test_field_errors_read_as_in_kubernetes(error: errors.FieldError, sentence: str) -> None:
    assert str(error) == sentence
