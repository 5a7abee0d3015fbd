"""How large and deep a body may be, told without decoding it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.bounds import MAX_DEPTH, MAX_VALUES, check_json
from kubernel.objects.errors import StatusError


def _code(body: bytes) -> int:
    try:
        check_json(body)
    except StatusError as error:
        return error.code
    return 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, 200),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), 400),
        (b'{"a":' * (MAX_DEPTH + 1), 400),
        (b"[" * (MAX_VALUES + 1), 413),
        (b"[" + b"1," * MAX_VALUES + b"1]", 413),
        (b"[" + b'"",' * (MAX_VALUES - 2) + b'""]', 200),
        (b'{"a":"' + b"[" * (MAX_DEPTH * 2) + b'"}', 200),
        (b'{"a":"' + b",{[" * MAX_VALUES + b'"}', 200),
        (b'{"a":"' + b'\\",' * (MAX_VALUES * 2) + b'"}', 200),
        (b'{"a":"' + b"\\\\" * 10 + b'",' + b"[" * (MAX_DEPTH + 1), 400),
        (b'"' * (MAX_VALUES * 5), 200),
        (b"", 200),
    ],
)
def test_bounds_are_told(body: bytes, code: int) -> None:
    assert _code(body) == code


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_small_value_is_within_bounds(value: object) -> None:
    assert _code(json.dumps(value).encode()) == 200


@given(st.integers(1, 300), st.text(alphabet='\\"[]{},a', max_size=300))
def test_depth_is_counted_outside_of_strings(depth: int, text: str) -> None:
    body = b"[" * depth + json.dumps(text).encode() + b"]" * depth

    assert _code(body) == (200 if depth <= MAX_DEPTH else 400)
