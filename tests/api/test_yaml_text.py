"""YAML as Kubernetes reads it: which words mean what, and what is refused."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from kubernel.api.request.yaml_text import MAX_YAML_VALUES, read_yaml
from kubernel.objects.bounds import MAX_DEPTH
from kubernel.objects.errors import StatusError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("on", True),
        ("y", True),
        ("No", False),
        ("OFF", False),
        ("~", None),
        ("", None),
        ("010", 8),
        ("0o10", 8),
        ("0x1F", 31),
        ("-0b11", -3),
        ("1_000", 1000),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("08", 8.0),
        ("1.2.3", "1.2.3"),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("'yes'", "yes"),
        ('"010"', "010"),
        ("!!str 5", "5"),
        ("18446744073709551616", 18446744073709551616.0),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("1e999", "1e999"),
    ],
)
def test_word_means_what_kubernetes_takes_it_for(text: str, value: Any) -> None:
    found = read_yaml(f"a: {text}".encode())[0]["a"]

    assert (found, type(found)) == (value, type(value))


def test_keys_are_text() -> None:
    assert read_yaml(b"1: a\nyes: b\n1.5: c\n<: d\n")[0] == {"1": "a", "true": "b", "1.5": "c", "<": "d"}


def test_key_that_stands_twice_is_found_and_the_last_counts() -> None:
    assert read_yaml(b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == (
        {"a": 3, "b": {"c": 2}},
        ['line 4: key "c" already set in map', 'line 5: key "a" already set in map'],
    )


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("a: &x [1]\nb: *x", 400, "line 1: anchors are not accepted"),
        ("a: *x", 400, "line 1: aliases are not accepted"),
        ("<<: {a: 1}", 400, "line 1: merge keys are not accepted"),
        ("a: !!binary aGk=", 400, 'the tag "tag:yaml.org,2002:binary" is not accepted'),
        ("a: !!python/object:os.system []", 400, "is not accepted"),
        ("a: !mine {}", 400, 'the tag "!mine" is not accepted'),
        ("a: 1\n---\nb: 2", 400, "line 2: more than one document"),
        ("a: .nan", 400, "json: unsupported value: .nan"),
        ("a: -.inf", 400, "json: unsupported value: -.inf"),
        ("? [a]\n: 1", 400, "a key must be text"),
        ("~: 1", 400, "a key must be text"),
        ("a: b: c", 400, "mapping values are not allowed"),
        ("a: [", 400, "error converting YAML to JSON"),
        ("\ta: 1", 400, "error converting YAML to JSON"),
        ("[" * (MAX_DEPTH + 1), 400, "exceeded max depth"),
        ("- a\n" * (MAX_YAML_VALUES + 1), 413, "send JSON"),
    ],
)
def test_what_json_cannot_have_is_refused(text: str, code: int, sentence: str) -> None:
    with pytest.raises(StatusError) as caught:
        read_yaml(text.encode())

    assert (caught.value.code, sentence in caught.value.message) == (code, True), caught.value.message


def test_invalid_utf_8_is_refused() -> None:
    with pytest.raises(StatusError, match="error converting YAML to JSON"):
        read_yaml(b"a: \xff")


@given(VALUES)
def test_what_was_written_is_read_back(value: Any) -> None:
    text = yaml.safe_dump({"a": value})

    assert read_yaml(text.encode())[0] == {"a": value}


@given(st.binary(max_size=60) | st.text(alphabet="ab:-?[]{}&*!|>'\"%@#\n ", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_yaml(body)
    except StatusError as error:
        assert error.code in (400, 413)  # noqa: PT017 - both outcomes are right
