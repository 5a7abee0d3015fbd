"""Certificate requests: what they refuse, keep and show, and what each side may say about them."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.certificates import approval_errors, status_errors, take_approval
from kubernel.objects.errors import FieldError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.certificates.signing_request import SIGNING_REQUEST
from kubernel.objects.models import Plain, certificates
from kubernel.objects.tables import table

from tests.objects.kind_samples import sample_of

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]
Check = Callable[[Any, Any], Iterable[FieldError]]
SPEC: Plain = sample_of(SIGNING_REQUEST)["spec"]
NOT_PEM = b64encode(b"nothing").decode()
NOT_A_REQUEST = b64encode(b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n").decode()


def request(*types: str, certificate: str | None = None, **spec: Any) -> Plain:
    conditions = [{"type": name, "status": "True"} for name in types]
    return {"spec": {**SPEC, **spec}, "status": {"conditions": conditions, "certificate": certificate}}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        (
            {"request": NOT_PEM},
            [f'request: Invalid value: "{NOT_PEM}": PEM block type must be CERTIFICATE REQUEST'],
        ),
        ({"usages": []}, ["usages: Required value: usages must be provided"]),
        ({"usages": ["client auth", "client auth"]}, ['usages[1]: Duplicate value: "client auth"']),
        ({"signerName": ""}, ["signerName: Required value: signerName must be provided"]),
        (
            {"signerName": "a"},
            [
                (
                    'signerName: Invalid value: "a": must be a fully qualified domain and path of the form '
                    "'example.com/signer-name'"
                ),
            ],
        ),
        (
            {"signerName": "kubernetes.io/legacy-unknown", "expirationSeconds": 599},
            [
                (
                    'signerName: Invalid value: "kubernetes.io/legacy-unknown": '
                    "the legacy signerName is not allowed via this API version"
                ),
                (
                    "expirationSeconds: Invalid value: 599: "
                    "may not specify a duration less than 600 seconds (10 minutes)"
                ),
            ],
        ),
        (
            {"signerName": "local/a"},
            [
                'signerName: Invalid value: "local": should be a domain with at least two segments separated by dots',
            ],
        ),
    ],
)
def test_request_is_refused_with_every_reason(complaints: Complain, changed: Plain, expected: list[str]) -> None:
    got = complaints(SIGNING_REQUEST, {"spec": {**SPEC, **changed}})

    assert got == [f"spec.{text}" for text in expected]


def test_request_that_is_pem_of_something_else_is_refused(complaints: Complain) -> None:
    (complaint,) = complaints(SIGNING_REQUEST, {"spec": {**SPEC, "request": NOT_A_REQUEST}})

    assert complaint.startswith(f'spec.request: Invalid value: "{NOT_A_REQUEST}": x509: malformed')


def test_usage_that_nobody_knows_is_refused(complaints: Complain) -> None:
    (complaint,) = complaints(SIGNING_REQUEST, {"spec": {**SPEC, "usages": ["tea"]}})

    assert complaint.startswith('spec.usages[0]: Unsupported value: "tea": supported values: "any", "cert sign"')


def test_new_request_has_no_status_yet(create: Create) -> None:
    assert create(SIGNING_REQUEST, request("Approved")).status == certificates.CertificateSigningRequestStatus()


@pytest.mark.parametrize(
    ("check", "old", "new", "expected"),
    [
        (approval_errors, request(), request("Approved"), []),
        (approval_errors, request("Approved"), request("Approved", "Denied"), []),
        (
            approval_errors,
            request("Approved"),
            request(),
            ['status.conditions: Forbidden: updates may not remove a condition of type "Approved"'],
        ),
        (
            status_errors,
            request(),
            request("Approved"),
            ['status.conditions: Forbidden: updates may not add a condition of type "Approved"'],
        ),
        (status_errors, request("Approved"), request("Approved", "Failed"), []),
        (
            status_errors,
            request("Approved", "Failed"),
            request("Approved"),
            ['status.conditions: Forbidden: updates may not remove a condition of type "Failed"'],
        ),
        (status_errors, request("Approved"), request("Approved", certificate="QQ=="), []),
        (
            status_errors,
            request(certificate="QQ=="),
            request(certificate="Qg=="),
            ["status.certificate: Forbidden: updates may not modify existing certificate content"],
        ),
    ],
)
def test_each_side_may_say_its_part_only(check: Check, old: Plain, new: Plain, expected: list[str]) -> None:
    before, after = (msgspec.convert({"metadata": {}, **plain}, SIGNING_REQUEST.type) for plain in (old, new))

    errors = check(after, before)

    assert [str(error) for error in errors] == expected


def test_approval_and_denial_exclude_each_other(forbidden_changes: Change) -> None:
    both = request("Approved", "Denied")

    got = forbidden_changes(SIGNING_REQUEST, request(), both, subresource="status")

    why = "Approved and Denied conditions are mutually exclusive"
    assert f'status.conditions[1].type: Invalid value: "Denied": {why}' in got


def test_certificate_that_is_none_is_refused(forbidden_changes: Change) -> None:
    got = forbidden_changes(SIGNING_REQUEST, request(), request(certificate=NOT_PEM), subresource="status")

    why = "must contain at least one CERTIFICATE PEM block"
    assert got == [f'status.certificate: Invalid value: "<certificate data>": {why}']


def test_approval_changes_conditions_only_and_says_when(create: Create) -> None:
    kept, sent = (create(SIGNING_REQUEST, request()) for _ in range(2))
    kept.status.certificate = "QQ=="
    sent.spec.signerName = "example.com/other"
    sent.status.conditions = [certificates.CertificateSigningRequestCondition(type="Approved", status="True")]

    take_approval(kept, sent)

    (condition,) = kept.status.conditions
    assert (kept.spec.signerName, kept.status.certificate) == (SPEC["signerName"], "QQ==")
    assert condition.type == "Approved"
    assert condition.lastUpdateTime == condition.lastTransitionTime is not None


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (request(), ["x", "3d", "example.com/signer", "ada", "<none>", "Pending"]),
        (
            request("Approved", certificate="QQ==", expirationSeconds=3600),
            ["x", "3d", "example.com/signer", "ada", "60m", "Approved,Issued"],
        ),
        (request("Denied", "Failed"), ["x", "3d", "example.com/signer", "ada", "<none>", "Denied,Failed"]),
    ],
)
def test_cells_are_those_of_kubectl(plain: Plain, expected: list[Any], now: datetime) -> None:
    metadata = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat()}
    obj = msgspec.convert({**plain, "metadata": metadata}, SIGNING_REQUEST.type)
    obj.spec.username = "ada"

    assert table(SIGNING_REQUEST, [obj], now=now, include="None")["rows"][0]["cells"] == expected
