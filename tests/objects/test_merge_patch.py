from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain
from kubernel.objects.patches import apply_merge_patch

JSON = st.recursive(
    st.none() | st.integers(-5, 5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.text("ab", max_size=2), JSON, max_size=3)


# The examples of RFC 7386, appendix A, whose documents are objects.
@pytest.mark.parametrize(
    ("doc", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_patch_gives_the_document_of_the_rfc(doc: Plain, patch: Plain, expected: Plain) -> None:
    assert apply_merge_patch(doc, patch) == expected


@given(DOCUMENTS, DOCUMENTS)
def test_patching_twice_changes_nothing_more_and_no_input(doc: Plain, patch: Plain) -> None:
    before = deepcopy((doc, patch))

    once = apply_merge_patch(doc, patch)

    assert apply_merge_patch(once, patch) == once
    assert (doc, patch) == before


def test_bottomless_patch_is_a_bad_request() -> None:
    patch: Any = {}
    for _ in range(100_000):
        patch = {"a": patch}

    with pytest.raises(StatusError, match="exceeded max depth") as caught:
        apply_merge_patch({}, patch)

    assert caught.value.code == 400
    while patch:  # unwound by hand: the interpreter would free it recursively
        patch = patch.pop("a")
