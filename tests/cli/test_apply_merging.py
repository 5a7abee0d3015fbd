"""The three-way merge behind ``kubernel apply``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.cli.access.merging import covers, three_way
from kubernel.objects.patches import apply_merge_patch

_scalars = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b"])
_documents = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner)),
)


@pytest.mark.parametrize(
    ("before", "wanted", "live", "patch"),
    [
        ({}, {"a": 1}, {"a": 1, "b": 2}, {}),
        ({}, {"a": 1}, {"a": 2}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 2}, {"b": None}),
        ({"b": 2}, {"a": 1}, {"a": 1}, {}),
        ({}, {"m": {"a": 1}}, {"m": {"b": 2}}, {"m": {"a": 1}}),
        ({"m": {"a": 1}}, {"m": {}}, {"m": {"a": 1, "b": 2}}, {"m": {"a": None}}),
        ({}, {"l": [{"name": "x"}]}, {"l": [{"name": "x", "default": 1}]}, {}),
        ({"l": [{"n": 1, "e": 2}]}, {"l": [{"n": 1}]}, {"l": [{"n": 1, "e": 2}]}, {"l": [{"n": 1}]}),
        ({}, {"l": [1, 2]}, {"l": [1]}, {"l": [1, 2]}),
    ],
)
def test_patch_says_no_more_than_needed(
    before: dict[str, Any], wanted: dict[str, Any], live: dict[str, Any], patch: dict[str, Any]
) -> None:
    assert three_way(before, wanted, live) == patch


@given(before=_documents, wanted=_documents, live=_documents)
def test_patched_object_says_what_is_wanted(
    before: dict[str, Any], wanted: dict[str, Any], live: dict[str, Any]
) -> None:
    after = apply_merge_patch(live, three_way(before, wanted, live))

    assert all(covers(after.get(key), value) for key, value in wanted.items() if not _has_null(value))


@given(before=_documents, wanted=_documents, live=_documents)
def test_applying_again_changes_nothing(before: dict[str, Any], wanted: dict[str, Any], live: dict[str, Any]) -> None:
    after = apply_merge_patch(live, three_way(before, wanted, live))

    again = apply_merge_patch(after, three_way(wanted, wanted, after))

    assert again == after


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(inner) for inner in value.values())
    return value is None or (isinstance(value, list) and any(_has_null(inner) for inner in value))
