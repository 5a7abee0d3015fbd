"""Tables, ages and descriptions: what people read."""

from datetime import UTC, datetime, timedelta

import pytest
from kubernel.cli.show.ages import age
from kubernel.cli.show.description import describe_events, describe_object
from kubernel.cli.show.documents import as_yaml
from kubernel.cli.show.event_rows import event_row, in_order
from kubernel.cli.show.grid import Grid
from kubernel.cli.show.server_table import TableText, TableView

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (190, "3m10s"),
        (600, "10m"),
        (10_799, "179m"),
        (10_800, "3h"),
        (11_100, "3h5m"),
        (28_800, "8h"),
        (172_800, "2d"),
        (176_400, "2d1h"),
        (691_200, "8d"),
    ],
)
def test_age_has_two_units_while_the_smaller_matters(seconds: int, text: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == text


def test_age_of_the_future_is_zero() -> None:
    assert age(NOW + timedelta(seconds=5), NOW) == "0s"


def test_grid_keeps_its_widths_for_later_rows() -> None:
    grid = Grid(("NAME", "AGE"))

    first = grid.lines([("long-name", "1s")])
    later = grid.lines([("a", "2s")])

    assert first == ["NAME        AGE", "long-name   1s"]
    assert later == ["a           2s"]


TABLE = {
    "columnDefinitions": [
        {"name": "Name", "format": "name", "priority": 0},
        {"name": "Ready", "priority": 0},
        {"name": "Node", "priority": 1},
    ],
    "rows": [
        {"cells": ["web", True, None], "object": {"metadata": {"namespace": "ns", "labels": {"b": "2", "a": "1"}}}}
    ],
}


@pytest.mark.parametrize(
    ("view", "lines"),
    [
        (TableView(), ["NAME   READY", "web    true"]),
        (TableView(wide=True), ["NAME   READY   NODE", "web    true    <none>"]),
        (TableView(namespaces=True), ["NAMESPACE   NAME   READY", "ns          web    true"]),
        (TableView(labels=True), ["NAME   READY   LABELS", "web    true    a=1,b=2"]),
        (TableView(prefix="pod/"), ["NAME      READY", "pod/web   true"]),
        (TableView(headings=False), ["web    true"]),
    ],
)
def test_server_table_is_shown_as_wished(view: TableView, lines: list[str]) -> None:
    assert TableText(view).lines(TABLE) == lines


def test_rows_of_a_watch_need_no_definitions_of_their_own() -> None:
    text = TableText(TableView())
    text.lines(TABLE)

    assert text.lines({"rows": [{"cells": ["db", False, ""]}]}) == ["db     false"]


def test_description_hides_a_secrets_values() -> None:
    lines = describe_object(
        "Secret", {"metadata": {"name": "s", "creationTimestamp": None}, "data": {"key": "aGVsbG8="}}
    )

    assert "  key:            5 bytes" in lines
    assert not any("aGVsbG8" in line for line in lines)


def test_description_names_list_elements_and_keeps_lines() -> None:
    spec = {"containers": [{"name": "main", "args": ["-c", "one\ntwo"], "readinessProbe": {"periodSeconds": 1}}]}

    lines = describe_object("Pod", {"metadata": {"name": "web"}, "spec": spec})

    assert [line.strip() for line in lines[4:]] == [
        *("Spec:", "Containers:", "main:", "Args:", "-c", "one", "two"),
        *("Readiness Probe:", "Period Seconds:  1"),
    ]


def test_description_leaves_the_users_own_words_alone() -> None:
    lines = describe_object("ConfigMap", {"metadata": {"name": "c"}, "data": {"logLevel": "info"}})

    assert lines[-1].split() == ["logLevel:", "info"]


def test_description_without_events_says_so() -> None:
    assert describe_events([]) == ["Events:         <none>"]


def test_events_are_ordered_by_time_then_revision() -> None:
    events = [
        {"metadata": {"resourceVersion": "10"}, "lastTimestamp": "2026-01-01T00:00:01Z"},
        {"metadata": {"resourceVersion": "9"}, "lastTimestamp": "2026-01-01T00:00:01Z"},
        {"metadata": {"resourceVersion": "11"}, "eventTime": "2026-01-01T00:00:00.000000Z"},
    ]

    assert [event["metadata"]["resourceVersion"] for event in in_order(events)] == ["11", "9", "10"]


def test_repeated_event_says_how_often() -> None:
    now = datetime.now(UTC)
    event = {
        "metadata": {},
        "count": 3,
        "firstTimestamp": (now - timedelta(seconds=60)).isoformat(),
        "lastTimestamp": now.isoformat(),
        "type": "Normal",
        "reason": "Pulled",
        "message": "one\ntwo",
        "involvedObject": {"kind": "Pod", "name": "web"},
    }

    assert event_row(event) == ("0s (x3 over 60s)", "Normal", "Pulled", "pod/web", "one two")


def test_yaml_keeps_the_order_and_shows_texts_as_blocks() -> None:
    assert as_yaml({"b": 1, "a": "one\ntwo\n"}) == "b: 1\na: |\n  one\n  two"
