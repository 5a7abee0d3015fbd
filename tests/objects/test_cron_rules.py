"""Schedules of CronJobs and time zones: what is right, and the sentence for what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.rules.cron import cron_errors, time_zone_errors


@pytest.mark.parametrize(
    "schedule",
    [
        "* * * * *",
        "*/5 * * * ?",
        "0 0 1 1 0",
        "0 22 * * MON-fri",
        "1,2,30-40/2 0-23/4 1/2 jan,DEC sun",
        "  5   4 * * sun ",
        "@hourly",
        "@every 1h30m",
        "TZ=UTC 0 * * * *",
        "CRON_TZ=Europe/Berlin @daily",
        ", * * * *",
    ],
)
def test_schedule_is_accepted(schedule: str) -> None:
    assert cron_errors(schedule) == []


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ("", "empty spec string"),
        ("error", "expected exactly 5 fields, found 1: [error]"),
        ("* * * * * *", "expected exactly 5 fields, found 6: [* * * * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("*/1/2 * * * *", "too many slashes: */1/2"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("*/-1 * * * *", "negative number (-1) not allowed: -1"),
        ("@sometimes", "unrecognized descriptor: @sometimes"),
        ("@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'),
        ("TZ=Mars/Base * * * * *", "provided bad location Mars/Base: unknown time zone Mars/Base"),
        ("TZ=../etc * * * * *", "provided bad location ../etc: unknown time zone ../etc"),
    ],
)
def test_wrong_schedule_is_refused_with_the_parsers_sentence(schedule: str, sentence: str) -> None:
    assert cron_errors(schedule) == [sentence]


@given(st.text(alphabet="0123456789*/-,? @jansun=TZ", max_size=30))
def test_any_schedule_is_right_or_refused(schedule: str) -> None:
    assert len(cron_errors(schedule)) <= 1


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+5"])
def test_time_zone_is_accepted(name: str) -> None:
    assert time_zone_errors(name) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "timeZone must be nil or non-empty string"),
        ("Mars/Base", "unknown time zone Mars/Base"),
        ("../../etc/passwd", "unknown time zone ../../etc/passwd"),
        ("/etc/localtime", "unknown time zone /etc/localtime"),
        ("America", "unknown time zone America"),
        (
            "local",
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
        ),
    ],
)
def test_wrong_time_zone_is_refused(name: str, sentence: str) -> None:
    assert time_zone_errors(name) == [sentence]
