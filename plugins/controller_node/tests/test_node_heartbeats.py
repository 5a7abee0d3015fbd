"""Since when is a node silent, by our own clock."""

from datetime import UTC, datetime, timedelta

from kubernel_controller_node.heartbeats import Heartbeats

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_node_seen_for_the_first_time_is_alive_however_old_its_lease() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)

    heartbeats.observe("n1", ("lease", NOON - timedelta(days=1)))

    assert heartbeats.silence_s("n1") == 0


def test_silence_grows_until_something_changes() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)
    heartbeats.observe("n1", ("lease", NOON))

    clock.now_s += 30
    repeated = heartbeats.observe("n1", ("lease", NOON))
    silent_s = heartbeats.silence_s("n1")
    renewed = heartbeats.observe("n1", ("lease", NOON + timedelta(seconds=10)))

    assert (repeated, silent_s, renewed, heartbeats.silence_s("n1")) == (False, 30, True, 0)


def test_status_is_a_heartbeat_too() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)
    heartbeats.observe("n1", ("lease", NOON))
    heartbeats.observe("n1", ("status", NOON))
    clock.now_s += 30

    heartbeats.observe("n1", ("status", NOON + timedelta(seconds=1)))

    assert heartbeats.silence_s("n1") == 0


def test_clock_of_the_node_does_not_matter() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)
    heartbeats.observe("n1", ("lease", NOON))
    clock.now_s += 10

    heartbeats.observe("n1", ("lease", NOON - timedelta(hours=3)))

    assert heartbeats.silence_s("n1") == 0


def test_forgotten_node_is_not_silent() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)
    heartbeats.observe("n1", ("lease", NOON))
    clock.now_s += 100

    heartbeats.forget("n1")

    assert heartbeats.silence_s("n1") == 0


def test_nobody_is_silent_while_we_hear_nobody_and_all_have_the_whole_grace_afterwards() -> None:
    clock = _Clock()
    heartbeats = Heartbeats(clock)
    heartbeats.observe("n1", ("lease", NOON))

    heartbeats.hear(False)
    clock.now_s += 3600
    meanwhile_s = heartbeats.silence_s("n1")
    heartbeats.hear(True)
    at_once_s = heartbeats.silence_s("n1")
    clock.now_s += 15

    assert (meanwhile_s, at_once_s, heartbeats.silence_s("n1")) == (0, 0, 15)
