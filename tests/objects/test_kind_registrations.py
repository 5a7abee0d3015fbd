"""What other parts register themselves with: API services, runtime classes, component statuses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.apiregistration.api_service import API_SERVICE
from kubernel.objects.kinds.core.component_status import COMPONENT_STATUS
from kubernel.objects.kinds.node.runtime_class import RUNTIME_CLASS
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

from tests.objects.kind_samples import sample_of

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]
SPEC: Plain = sample_of(API_SERVICE)["spec"]
NAMED: Plain = {"name": "v1.example.com"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        (
            {"version": "v2"},
            [
                (
                    'metadata.name: Invalid value: "v1.example.com": '
                    'must be `spec.version+"."+spec.group`: "v2.example.com"'
                ),
            ],
        ),
        (
            {"groupPriorityMinimum": 0, "versionPriority": 1001},
            [
                "spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
                "spec.versionPriority: Invalid value: 1001: must be positive and less than 1000",
            ],
        ),
        (
            {"service": {"port": 443}},
            ["spec.service.namespace: Required value", "spec.service.name: Required value"],
        ),
        (
            {"service": None, "caBundle": "QUI=", "insecureSkipTLSVerify": True},
            [
                'spec.caBundle: Invalid value: "2 bytes": local APIServices may not have a caBundle',
                "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
            ],
        ),
        (
            {"caBundle": "QUI=", "insecureSkipTLSVerify": True},
            ["spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present"],
        ),
    ],
)
def test_api_service_is_refused_with_every_reason(complaints: Complain, changed: Plain, expected: list[str]) -> None:
    assert complaints(API_SERVICE, {"metadata": NAMED, "spec": {**SPEC, **changed}}) == expected


def test_api_service_of_this_server_is_available_from_the_start(create: Create) -> None:
    local = create(API_SERVICE, {"metadata": NAMED, "spec": {**SPEC, "service": None}})
    foreign = create(API_SERVICE, {"metadata": NAMED, "spec": SPEC})

    assert [(c.type, c.status, c.reason) for c in local.status.conditions] == [("Available", "True", "Local")]
    assert not foreign.status.conditions
    assert foreign.spec.service.port == 443


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], ["v1.example.com", "default/api", "Unknown", "3d"]),
        (
            [{"type": "Available", "status": "False", "reason": "Gone"}],
            ["v1.example.com", "default/api", "False (Gone)", "3d"],
        ),
        ([{"type": "Available", "status": "True"}], ["v1.example.com", "default/api", "True", "3d"]),
    ],
)
def test_api_service_cells_are_those_of_kubectl(conditions: list[Plain], expected: list[Any], now: datetime) -> None:
    plain = {"metadata": NAMED, "spec": SPEC, "status": {"conditions": conditions}}

    assert _cells(API_SERVICE, plain, now) == expected


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ({"handler": "crun"}, []),
        (
            {"handler": "Crun!", "overhead": {"podFixed": {"cpu": "-1"}}},
            [
                (
                    'handler: Invalid value: "Crun!": a lowercase RFC 1123 label must consist of lower case '
                    "alphanumeric characters or '-', and must start and end with an alphanumeric character "
                    "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                ),
                'overhead.podFixed[cpu]: Invalid value: "-1": must be greater than or equal to 0',
            ],
        ),
        (
            {"handler": "crun", "scheduling": {"tolerations": [{"key": "a"}, {"key": "a"}]}},
            ['scheduling.tolerations[1]: Duplicate value: {"key":"a"}'],
        ),
    ],
)
def test_runtime_class_is_refused_with_every_reason(complaints: Complain, plain: Plain, expected: list[str]) -> None:
    assert complaints(RUNTIME_CLASS, plain) == expected


def test_handler_of_a_runtime_class_cannot_change(forbidden_changes: Change) -> None:
    expected = ['handler: Invalid value: "runc": field is immutable']

    assert forbidden_changes(RUNTIME_CLASS, {"handler": "crun"}, {"handler": "runc"}) == expected


def test_component_status_cells_are_those_of_kubectl(now: datetime) -> None:
    conditions = [{"type": "Healthy", "status": "False", "message": "m", "error": "e"}]

    assert _cells(COMPONENT_STATUS, {"conditions": conditions}, now) == ["x", "Unhealthy", "m", "e"]
    assert _cells(COMPONENT_STATUS, {}, now) == ["x", "Unknown", "", ""]


def _cells(kind: Kind[Any], plain: Plain, now: datetime) -> list[Any]:
    metadata = {"name": "x", "creationTimestamp": (now - timedelta(days=3)).isoformat(), **plain.get("metadata", {})}
    obj = msgspec.convert({**plain, "metadata": metadata}, kind.type)
    cells: list[Any] = table(kind, [obj], now=now, include="None")["rows"][0]["cells"]
    return cells
