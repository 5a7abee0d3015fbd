"""Events: what each of their two groups refuses, and that nothing is lost between their wordings."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import EVENT
from kubernel.objects.kinds.events.event import NEWER_EVENT
from kubernel.objects.models import Plain
from kubernel.objects.occurrences import shown_event, stored_event

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]

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


NEWER = {name: value for name, value in shown_event(REPORTED).items() if name not in {"apiVersion", "kind"}}


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (NEWER, []),
        (
            {**NEWER, "type": "Odd", "deprecatedCount": 2, "deprecatedSource": {"host": "n1"}},
            [
                'type: Invalid value: "": has invalid value: Odd',
                'count: Invalid value: "": needs to be unset',
                'source: Invalid value: "": needs to be unset',
            ],
        ),
        (
            {**NEWER, "series": {"count": 1, "lastObservedTime": TIME}},
            ['series.count: Invalid value: "": should be at least 2'],
        ),
    ],
)
def test_event_of_the_newer_group_is_refused_with_every_reason(
    complaints: Complain, plain: Plain, expected: list[str]
) -> None:
    assert complaints(NEWER_EVENT, plain) == expected


def test_newer_event_changes_only_its_series(forbidden_changes: Change) -> None:
    series = {"count": 2, "lastObservedTime": TIME}

    assert forbidden_changes(NEWER_EVENT, NEWER, {**NEWER, "series": series}) == []
    assert forbidden_changes(NEWER_EVENT, NEWER, {**NEWER, "note": "other", "action": "Stopping"}) == [
        'message: Invalid value: "other": field is immutable',
        'action: Invalid value: "Stopping": field is immutable',
    ]


def test_an_event_survives_being_shown_in_other_words() -> None:
    stored = {**REPORTED, "apiVersion": "v1", "kind": "Event", "count": 3, "source": {"host": "n1"}, "message": "m"}

    shown = shown_event(dict(stored))

    assert (shown["regarding"], shown["note"], shown["deprecatedCount"]) == (stored["involvedObject"], "m", 3)
    assert stored_event(shown, None) == stored
