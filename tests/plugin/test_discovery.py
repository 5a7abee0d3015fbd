import sys

from kubernel.plugin.discovery import Found, find

from tests.shelf import Shelf

BROKEN = "raise RuntimeError('imported')"


def _from(distribution: str, *roles: str) -> list[Found]:
    return [found for found in find(*roles) if found.distribution == distribution]


def test_finds_a_plugin_with_its_distribution_and_version(shelf: Shelf) -> None:
    shelf.add("acme-sched", {"scheduler:acme": "acme:Acme"}, {"acme": BROKEN}, version="2.1")

    assert _from("acme-sched", "scheduler") == [Found("scheduler", "acme", "acme-sched", "2.1", "acme:Acme")]


def test_imports_nothing(shelf: Shelf) -> None:
    shelf.add("acme-sched", {"scheduler:acme": "acme_never:Acme"}, {"acme_never": BROKEN})

    find()

    assert "acme_never" not in sys.modules


def test_sees_what_is_installed_and_removed_between_two_calls(shelf: Shelf) -> None:
    before = _from("acme-late")
    shelf.add("acme-late", {"proxy:late": "late:Late"}, {"late": BROKEN})
    during = _from("acme-late")
    shelf.remove("acme-late")

    assert (before, [found.name for found in during], _from("acme-late")) == ([], ["late"], [])


def test_sees_entry_points_that_a_second_install_changed(shelf: Shelf) -> None:
    shelf.add("acme-two", {"proxy:one": "two:One"}, {"two": BROKEN})
    assert [found.name for found in _from("acme-two")] == ["one"]
    shelf.remove("acme-two")
    shelf.add("acme-two", {"proxy:two": "two:Two"}, {"two": BROKEN})

    assert [found.name for found in _from("acme-two")] == ["two"]


def test_without_a_role_lists_every_role_in_order(shelf: Shelf) -> None:
    points = {"scheduler:b": "m:B", "controller:a": "m:A", "metrics_sink:c": "m:C"}
    shelf.add("acme-many", points, {"m": BROKEN})

    assert [(found.role, found.name) for found in _from("acme-many")] == [
        ("controller", "a"),
        ("metrics_sink", "c"),
        ("scheduler", "b"),
    ]


def test_lists_both_rivals_for_one_name(shelf: Shelf) -> None:
    shelf.add("acme-first", {"scheduler:same": "a:A"}, {})
    shelf.add("acme-second", {"scheduler:same": "b:B"}, {})

    assert {found.distribution for found in find("scheduler") if found.name == "same"} == {"acme-first", "acme-second"}
