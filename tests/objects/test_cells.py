from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.cells import age, duration, labels_text

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0.9, "0s"),
        (119, "119s"),
        (2 * MINUTE, "2m"),
        (2 * MINUTE + 5, "2m5s"),
        (10 * MINUTE + 5, "10m"),
        (179 * MINUTE, "179m"),
        (3 * HOUR, "3h"),
        (3 * HOUR + 30 * MINUTE, "3h30m"),
        (8 * HOUR + 30 * MINUTE, "8h"),
        (47 * HOUR, "47h"),
        (2 * DAY, "2d"),
        (2 * DAY + 4 * HOUR, "2d4h"),
        (8 * DAY + 4 * HOUR, "8d"),
        (729 * DAY, "729d"),
        (2 * YEAR + 12 * DAY, "2y12d"),
        (8 * YEAR + 12 * DAY, "8y"),
    ],
)
def test_duration_has_two_or_three_figures(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@given(st.integers(0, 20 * YEAR))
def test_duration_is_short(seconds: int) -> None:
    assert 2 <= len(duration(seconds)) <= 6


def test_age_of_the_unknown_is_unknown(now: datetime) -> None:
    assert age(None, now) == "<unknown>"
    assert age(now - timedelta(seconds=3), now) == "3s"


def test_labels_are_sorted() -> None:
    assert labels_text({"b": "2", "a": "1"}) == "a=1,b=2"
    assert labels_text({}) == labels_text(None) == "<none>"
