from kubernel.cluster.processes.backoff import RestartBackoff


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_waits_double_up_to_half_a_minute() -> None:
    backoff = RestartBackoff(Clock())

    waits = [backoff.ended() for _ in range(11)]

    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0]


def test_a_minute_of_health_forgets_the_past() -> None:
    clock = Clock()
    backoff = RestartBackoff(clock)
    for _ in range(5):
        backoff.ended()
    backoff.started()
    clock.now += 60

    assert backoff.ended() == 0.1


def test_a_short_life_does_not() -> None:
    clock = Clock()
    backoff = RestartBackoff(clock)
    backoff.ended()
    backoff.started()
    clock.now += 59

    assert backoff.ended() == 0.2
