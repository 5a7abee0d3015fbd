from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.models import Plain
from kubernel.objects.ownership import FieldSet

STEPS = st.sampled_from(["f:a", "f:b", 'k:{"name":"x"}', "v:1"])
TREES: Any = st.recursive(
    st.just({}), lambda below: st.dictionaries(STEPS | st.just("."), below, min_size=1, max_size=3), max_leaves=8
)


def as_set(tree: Any) -> FieldSet:
    return FieldSet.decode({step: below for step, below in tree.items() if step != "."})


SETS = TREES.map(as_set)


def members(fields: FieldSet) -> set[str]:
    return set(fields.paths())


@given(SETS)
def test_set_is_the_same_after_a_round_trip(fields: FieldSet) -> None:
    assert FieldSet.decode(fields.tree) == fields


@given(SETS, SETS)
def test_sets_combine_as_sets_of_paths_do(left: FieldSet, right: FieldSet) -> None:
    assert members(left | right) == members(left) | members(right)
    assert members(left & right) == members(left) & members(right)
    assert members(left - right) == members(left) - members(right)


@given(SETS, SETS)
def test_without_also_drops_what_is_below(left: FieldSet, right: FieldSet) -> None:
    gone = members(right)

    kept = members(left.without(right))

    assert kept == {path for path in members(left) if not any(_is_below(path, other) for other in gone)}


def _is_below(path: str, other: str) -> bool:
    return path.startswith(other) and path[len(other) : len(other) + 1] in ("", ".", "[")


@given(SETS, SETS)
def test_equal_sets_have_equal_trees(left: FieldSet, right: FieldSet) -> None:
    assert (left == right) == (members(left) == members(right))
    assert left | right == right | left
    assert (left - right) | (left & right) == left


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"f:a": {".": {}}}, {"f:a": {}}),
        ({'k:{"b": 80.0, "a":"x"}': {}}, {'k:{"a":"x","b":80}': {}}),
        ({"v:1.0": {}}, {"v:1": {}}),
        ({"z:future": {"f:a": {}}, "f:b": {}}, {"f:b": {}}),
        (None, {}),
    ],
)
def test_set_is_read_in_one_spelling(sent: Plain | None, kept: Plain) -> None:
    assert FieldSet.decode(sent).tree == kept


@pytest.mark.parametrize("sent", [[], {"a": {}}, {"f": {}}, {"k:[1]": {}}, {"k:{": {}}, {"i:x": {}}, {"f:a": 1}, "f:a"])
def test_what_is_no_set_is_refused(sent: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        FieldSet.decode(sent)


def test_set_that_is_nested_without_end_is_refused() -> None:
    tree: Plain = {}
    for _ in range(500):
        tree = {"f:a": tree}

    with pytest.raises(ValueError, match="not a set"):
        FieldSet.decode(tree)


def test_paths_are_shown_as_messages_name_them() -> None:
    fields = FieldSet.decode(
        {
            "f:spec": {
                "f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:name": {}}},
                "f:tags": {'v:"a"': {}},
                "f:list": {"i:3": {}},
            }
        }
    )

    assert list(fields.paths()) == [
        ".spec.list[3]",
        '.spec.ports[port=80,protocol="TCP"]',
        '.spec.ports[port=80,protocol="TCP"].name',
        '.spec.tags[="a"]',
    ]
