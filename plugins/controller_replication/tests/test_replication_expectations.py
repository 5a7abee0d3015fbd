"""What was done and is not seen yet holds back the next count."""

from kubernel_controller_replication.expectations import LAPSE_S, Expectations


class _Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_expectations_are_met_when_nothing_was_done() -> None:
    assert Expectations().are_met("rc")


def test_expectations_are_not_met_while_acting() -> None:
    expectations = Expectations()

    with expectations.acting("rc"):
        assert not expectations.are_met("rc")

    assert expectations.are_met("rc")


def test_expectations_wait_for_every_created_pod() -> None:
    expectations = Expectations()
    with expectations.acting("rc") as current:
        current.created("a")
        current.created("b")

    expectations.observe_creation("rc", "a")
    after_one = expectations.are_met("rc")
    expectations.observe_creation("rc", "b")

    assert (after_one, expectations.are_met("rc")) == (False, True)


def test_expectations_know_a_pod_that_was_seen_before_the_answer_came() -> None:
    expectations = Expectations()
    with expectations.acting("rc") as current:
        expectations.observe_creation("rc", "a")
        current.created("a")

    assert expectations.are_met("rc")


def test_expectations_wait_for_deletions_that_the_server_accepted() -> None:
    expectations = Expectations()
    with expectations.acting("rc") as current:
        current.deleting("a")
        current.deleting("b")
        current.not_deleted("b")

    before = expectations.are_met("rc")
    expectations.observe_deletion("rc", "a")

    assert (before, expectations.are_met("rc")) == (False, True)


def test_expectations_lapse_after_five_minutes() -> None:
    clock = _Clock()
    expectations = Expectations(clock)
    with expectations.acting("rc") as current:
        current.created("never seen")

    clock.now_s = LAPSE_S - 1
    just_before = expectations.are_met("rc")
    clock.now_s = LAPSE_S

    assert (just_before, expectations.are_met("rc")) == (False, True)


def test_expectations_of_different_controllers_do_not_mix() -> None:
    expectations = Expectations()
    with expectations.acting("one") as current:
        current.created("a")

    expectations.observe_creation("two", "a")

    assert (expectations.are_met("one"), expectations.are_met("two")) == (False, True)
