from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain
from kubernel.objects.patches import apply_json_patch

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab~/", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab~/-0", max_size=2), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.text("ab", max_size=2), JSON, max_size=3)
POINTERS = st.text("/ab01-~", max_size=6)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "zap"]), "path": POINTERS},
    optional={"from": POINTERS, "value": JSON},
)


def operation(op: str, path: str, **rest: Any) -> Plain:
    return {"op": op, "path": path, **rest}


# The examples of RFC 6902, appendix A.
@pytest.mark.parametrize(
    ("doc", "patch", "expected"),
    [
        ({"foo": "bar"}, [operation("add", "/baz", value="qux")], {"baz": "qux", "foo": "bar"}),
        ({"foo": ["bar", "baz"]}, [operation("add", "/foo/1", value="qux")], {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, [operation("remove", "/baz")], {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, [operation("remove", "/foo/1")], {"foo": ["bar", "baz"]}),
        ({"baz": "qux"}, [operation("replace", "/baz", value="boo")], {"baz": "boo"}),
        (
            {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
            [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
            {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
        ),
        (
            {"foo": ["all", "grass", "cows", "eat"]},
            [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
            {"foo": ["all", "cows", "eat", "grass"]},
        ),
        (
            {"baz": "qux", "foo": ["a", 2, "c"]},
            [operation("test", "/foo/1", value=2)],
            {"baz": "qux", "foo": ["a", 2, "c"]},
        ),
        (
            {"foo": "bar"},
            [operation("add", "/child", value={"grandchild": {}})],
            {"foo": "bar", "child": {"grandchild": {}}},
        ),
        ({"foo": "bar"}, [operation("add", "/baz", value="qux", xyz=123)], {"foo": "bar", "baz": "qux"}),
        ({"/": 9, "~1": 10}, [operation("test", "/~01", value=10)], {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, [operation("add", "/foo/-", value=["abc", "def"])], {"foo": ["bar", ["abc", "def"]]}),
        ({"a": {"b": [1, {"c": 2}]}}, [operation("replace", "/a/b/1/c", value=3)], {"a": {"b": [1, {"c": 3}]}}),
        ({"a": 1}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": 1, "b": 1}),
        ({"a": 1}, [operation("replace", "", value={"b": 2})], {"b": 2}),
        ({"a": 1}, [operation("test", "/a", value=1.0)], {"a": 1}),
        ({"a": 1}, [], {"a": 1}),
    ],
)
def test_patch_gives_the_document_of_the_rfc(doc: Plain, patch: list[Plain], expected: Plain) -> None:
    assert apply_json_patch(doc, patch) == expected


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ([operation("test", "/a", value=2)], "testing path /a value failed"),
        ([operation("test", "/flag", value=1)], "testing path /flag value failed"),
        ([operation("remove", "/x")], 'there is no "x" on the path'),
        ([operation("replace", "/list/7", value=1)], "index 7 is outside of an array of 2"),
        ([operation("add", "/list/01", value=1)], '"01" is no index of an array'),
        ([operation("add", "/list/-1", value=1)], '"-1" is no index of an array'),
        ([operation("add", "/a/b", value=1)], '"b" is below a value that is neither an object nor an array'),
        ([operation("replace", "", value=[])], "the patched document must be an object"),
        ([operation("remove", "")], "the whole document cannot be removed"),
        ([{"op": "move", "from": "/map", "path": "/map/x"}], "cannot move /map into itself"),
    ],
)
def test_operation_that_does_not_fit_is_unprocessable(patch: list[Plain], message: str) -> None:
    doc = {"a": 1, "flag": True, "list": [1, 2], "map": {}}

    with pytest.raises(StatusError) as caught:
        apply_json_patch(doc, patch)

    assert caught.value.code == 422
    assert message in caught.value.message


@pytest.mark.parametrize(
    "patch",
    [
        ["add"],
        [{"op": "zap", "path": "/a"}],
        [{"op": "add", "value": 1}],
        [{"op": "add", "path": "/a"}],
        [{"op": "move", "path": "/a"}],
        [operation("add", "a", value=1)],
        [operation("add", "/a~2", value=1)],
        [{"op": ["add"], "path": "/a"}],
    ],
)
def test_what_is_no_patch_is_a_bad_request(patch: list[Any]) -> None:
    with pytest.raises(StatusError) as caught:
        apply_json_patch({"a": 1}, patch)

    assert caught.value.code == 400


def test_doubling_copies_are_stopped() -> None:
    doc: Plain = {"a": ["x" * 100]}
    patch = [{"op": "copy", "from": "/a", "path": "/a/-"} for _ in range(100)]

    with pytest.raises(StatusError) as caught:
        apply_json_patch(doc, patch)

    assert caught.value.code == 413


def test_too_many_operations_are_refused() -> None:
    with pytest.raises(StatusError, match="The allowed maximum operations in a JSON patch is 10000, got 10001"):
        apply_json_patch({}, [operation("add", "/a", value=1)] * 10_001)


@given(DOCUMENTS, st.lists(OPERATIONS, max_size=4))
def test_any_patch_succeeds_or_is_a_client_error_and_changes_no_input(doc: Plain, patch: list[Plain]) -> None:
    before = deepcopy((doc, patch))

    result: Any = None
    code = 200
    try:
        result = apply_json_patch(doc, patch)
    except StatusError as error:
        code = error.code

    assert isinstance(result, dict) if code == 200 else code in {400, 413, 422}
    assert (doc, patch) == before
