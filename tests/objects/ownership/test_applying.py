import pytest
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain
from kubernel.objects.ownership import Unshaped

from tests.objects.ownership.life import Life


@pytest.fixture
def life() -> Life:
    return Life()


def refusal(life: Life, name: str, spec: Plain) -> StatusError:
    with pytest.raises(StatusError) as caught:
        life.apply(name, spec)
    return caught.value


def test_apply_creates_and_owns_what_it_says(life: Life) -> None:
    life.apply("a", {"replicas": 1, "options": {"x": "1"}})

    assert life.spec == {"replicas": 1, "options": {"x": "1"}}
    assert life.owned("a") == [".spec.replicas", ".spec.options.x"]


def test_apply_leaves_what_it_does_not_say(life: Life) -> None:
    life.update("u", {"replicas": 1, "note": "kept"})

    life.apply("a", {"replicas": 1})

    assert life.spec == {"replicas": 1, "note": "kept"}


def test_apply_removes_what_it_says_no_longer(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n", "options": {"x": "1", "y": "2"}, "tags": ["p", "q"]})

    life.apply("a", {"replicas": 1, "options": {"y": "2"}, "tags": ["q"]})

    assert life.spec == {"replicas": 1, "options": {"y": "2"}, "tags": ["q"]}


def test_apply_removes_a_map_with_its_last_member(life: Life) -> None:
    life.apply("a", {"replicas": 1, "options": {"x": "1"}})

    life.apply("a", {"replicas": 1})

    assert life.spec == {"replicas": 1}


def test_apply_keeps_what_it_says_no_longer_and_another_applies(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n"})
    life.apply("b", {"note": "n"})

    life.apply("a", {"replicas": 1})

    assert life.spec == {"replicas": 1, "note": "n"}
    assert life.owned("b") == [".spec.note"]


def test_apply_keeps_what_it_says_no_longer_and_an_updater_took(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n"})
    life.update("u", {"replicas": 1, "note": "mine"})

    life.apply("a", {"replicas": 1})

    assert life.spec == {"replicas": 1, "note": "mine"}


def test_equal_values_are_owned_together(life: Life) -> None:
    life.apply("a", {"replicas": 1})

    life.apply("b", {"replicas": 1})

    assert life.owned("a") == life.owned("b") == [".spec.replicas"]


def test_conflict_names_the_field_and_its_applier(life: Life) -> None:
    life.apply("a", {"replicas": 1})

    error = refusal(life, "b", {"replicas": 2})

    assert (error.code, error.reason) == (409, "Conflict")
    assert error.message == 'Apply failed with 1 conflict: conflict with "a": .spec.replicas'
    assert error.status()["details"] == {
        "causes": [{"reason": "FieldManagerConflict", "message": 'conflict with "a"', "field": ".spec.replicas"}]
    }


def test_conflict_with_an_updater_names_its_version(life: Life) -> None:
    life.update("kubectl-client-side-apply", {"replicas": 1})

    error = refusal(life, "b", {"replicas": 2})

    assert error.message == (
        'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.replicas'
    )


def test_conflicts_are_listed_by_manager(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n"})
    life.apply("b", {"options": {"x": "1"}})

    error = refusal(life, "c", {"replicas": 2, "note": "m", "options": {"x": "2"}})

    assert error.message == (
        'Apply failed with 3 conflicts: conflicts with "a":\n- .spec.note\n- .spec.replicas\n'
        'conflicts with "b":\n- .spec.options.x'
    )
    assert len(error.causes) == 3


def test_conflict_changes_nothing(life: Life) -> None:
    life.apply("a", {"replicas": 1})
    before = life.listed()

    refusal(life, "b", {"replicas": 2, "note": "n"})

    assert life.spec == {"replicas": 1}
    assert life.listed() == before


def test_force_takes_the_field_over(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n"})

    life.apply("b", {"replicas": 2}, force=True)

    assert life.spec == {"replicas": 2, "note": "n"}
    assert life.owned("a") == [".spec.note"]
    assert life.owned("b") == [".spec.replicas"]


def test_manager_that_lost_everything_is_gone(life: Life) -> None:
    life.apply("a", {"replicas": 1})

    life.apply("b", {"replicas": 2}, force=True)

    assert life.owned("a") == []
    assert [entry["manager"] for entry in life.listed()] == ["b"]


def test_atomic_values_conflict_as_a_whole(life: Life) -> None:
    life.apply("a", {"whole": {"x": "1"}, "plain": ["p"]})

    error = refusal(life, "b", {"whole": {"y": "2"}, "plain": ["p", "q"]})

    assert [cause.field for cause in error.causes] == [".spec.plain", ".spec.whole"]


def test_null_is_an_opinion_on_a_leaf(life: Life) -> None:
    life.update("u", {"note": "n"})

    life.apply("a", {"note": None}, force=True)

    assert life.spec == {}
    assert life.owned("a") == [".spec.note"]


def test_unknown_part_is_walked_into_member_by_member(life: Life) -> None:
    life.apply("a", {"free": {"x": {"deep": 1}, "list": [1, 2]}})

    life.apply("b", {"free": {"x": {"other": 2}}})

    assert life.spec["free"] == {"x": {"deep": 1, "other": 2}, "list": [1, 2]}
    assert life.owned("b") == [".spec.free.x", ".spec.free.x.other"]


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"colour": "red"}, ".spec.colour: field not declared in schema"),
        ({"tags": ["a", "a"]}, '.spec.tags: duplicate entries for key [="a"]'),
        (
            {"ports": [{"port": 1}, {"port": 1, "protocol": "TCP"}]},
            '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]',
        ),
        ({"ports": [{"port": 1, "size": 2}]}, '.spec.ports[port=1,protocol="TCP"].size: field not declared in schema'),
        ({"tags": [["a"]]}, ".spec.tags: element 0: a set cannot hold list"),
        ({"ports": ["x"]}, ".spec.ports: element 0: associative list with keys may not have non-map elements"),
    ],
)
def test_configuration_that_does_not_fit_is_refused(life: Life, spec: Plain, why: str) -> None:
    with pytest.raises(Unshaped) as caught:
        life.apply("a", spec)

    assert str(caught.value) == why


def test_applying_what_is_there_changes_no_time(life: Life) -> None:
    life.apply("a", {"replicas": 1})
    before = life.listed()

    life.apply("a", {"replicas": 1})

    assert life.listed() == before
