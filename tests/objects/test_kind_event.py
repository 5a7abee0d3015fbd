"""Events: what each of their two groups refuses, and that nothing is lost between their wordings."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import EVENT
from kubernel.objects.models import Plain

Complain = Callable[[Kind[Any], Plain], list[str]]

MISMATCH = "does not match event.namespace"
TIME = "2026-11-23T12:00:00Z"
REPORTED: Plain = {
    "involvedObject": {"kind": "Pod", "name": "web", "namespace": "default"},
    "eventTime": TIME,
    "reportingComponent": "kubernel.dev/agent",
    "reportingInstance": "n1",
    "action": "Starting",
    "reason": "Started",
    "type": "Normal",
}


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ({"involvedObject": {}}, []),
        ({"involvedObject": {"kind": "Node", "name": "n1"}}, []),
        (
            {"involvedObject": {"namespace": "other"}},
            [f'involvedObject.namespace: Invalid value: "other": {MISMATCH}'],
        ),
        (REPORTED, []),
        ({**REPORTED, "involvedObject": {"namespace": "other"}}, []),
        (
            {**REPORTED, "reportingInstance": "", "action": "a" * 129, "reason": "", "message": "m" * 1025},
            [
                "reportingInstance: Required value",
                'action: Invalid value: "": can have at most 128 characters',
                "reason: Required value",
                'message: Invalid value: "": can have at most 1024 characters',
            ],
        ),
    ],
)
def test_event_of_the_core_group_is_refused_with_every_reason(
    complaints: Complain, plain: Plain, expected: list[str]
) -> None:
    assert complaints(EVENT, plain) == expected


def test_event_without_a_reporter_says_so(complaints: Complain) -> None:
    required, *syntax = complaints(EVENT, {**REPORTED, "reportingComponent": ""})

    assert required == "reportingController: Required value"
    assert [complaint.split(": name part")[0] for complaint in syntax] == ['reportingController: Invalid value: ""'] * 2
