from dataclasses import replace

import pytest
from kubernel.objects.ownership import FieldSet, Version, Versions, shape_of_schema

from tests.objects.ownership.life import SCHEMA, VERSIONS, Life


@pytest.fixture
def life() -> Life:
    return Life()


def test_update_takes_the_fields_that_it_changes(life: Life) -> None:
    life.apply("a", {"replicas": 1, "note": "n"})

    life.update("u", {"replicas": 2, "note": "n"})

    assert life.owned("a") == [".spec.note"]
    assert life.owned("u") == [".spec.replicas"]


def test_update_owns_nothing_that_it_leaves(life: Life) -> None:
    life.apply("a", {"replicas": 1})

    life.update("u", {"replicas": 1})

    assert life.owned("u") == []


def test_update_drops_what_it_removes_from_everybody(life: Life) -> None:
    life.apply("a", {"replicas": 1, "options": {"x": "1", "y": "2"}})

    life.update("u", {"replicas": 1, "options": {"y": "2"}})

    assert life.owned("a") == [".spec.replicas", ".spec.options.y"]
    assert life.owned("u") == []


def test_updates_of_one_manager_add_up(life: Life) -> None:
    life.update("u", {"replicas": 1})
    life.update("u", {"replicas": 1, "note": "n"})

    assert life.owned("u") == [".spec", ".spec.note", ".spec.replicas"]
    assert [entry["time"] for entry in life.listed()] == ["t002"]


def test_versions_of_one_updater_are_entries_of_their_own(life: Life) -> None:
    life.versions = replace(VERSIONS, others={"v2": VERSIONS.own})
    life.update("u", {"replicas": 1})
    life.versions = Versions("v2", VERSIONS.own, {"v1": VERSIONS.own})
    life.update("u", {"replicas": 2}, "v2")

    assert [(entry["apiVersion"], entry["fieldsV1"]) for entry in life.listed()] == [
        ("v1", {"f:spec": {}}),
        ("v2", {"f:spec": {"f:replicas": {}}}),
    ]


def test_owner_in_a_version_that_is_not_served_is_forgotten(life: Life) -> None:
    life.versions = Versions("v0", VERSIONS.own)
    life.update("old", {"replicas": 1}, "v0")
    life.versions = VERSIONS

    life.update("u", {"replicas": 1, "note": "n"})

    assert life.owned("old") == []


def test_eleventh_updater_puts_the_oldest_two_together(life: Life) -> None:
    options = {f"o{i:02}": "x" for i in range(12)}
    life.apply("a", {"options": options})

    for i in range(12):
        options = {**options, f"o{i:02}": "y"}
        life.update(f"u{i:02}", {"options": options})

    updaters = [entry["manager"] for entry in life.listed() if entry["operation"] == "Update"]
    assert len(updaters) == 10
    assert updaters[0] == "ancient-changes"
    assert life.owned("ancient-changes") == [".spec.options.o00", ".spec.options.o01", ".spec.options.o02"]


def test_what_a_request_cannot_write_is_not_taken(life: Life) -> None:
    life.versions = Versions("v1", Version(shape_of_schema(SCHEMA), FieldSet.decode({"f:spec": {"f:note": {}}})))

    life.update("u", {"replicas": 1, "note": "n"})

    assert life.owned("u") == [".spec", ".spec.replicas"]


def test_entries_are_listed_by_operation_time_and_name(life: Life) -> None:
    life.update("z", {"replicas": 1})
    life.update("b", {"replicas": 1, "note": "n"})
    life.apply("y", {"options": {"x": "1"}})

    assert [(entry["operation"], entry["manager"]) for entry in life.listed()] == [
        ("Apply", "y"),
        ("Update", "z"),
        ("Update", "b"),
    ]
