"""Schemas at work: pruning, defaulting, validation, JSON paths."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.custom.shape import Shape
from kubernel.objects.models import Plain
from kubernel.objects.schemas.json_paths import BadPath, parse_path
from kubernel.objects.schemas.schema import read_schema
from kubernel.objects.schemas.validating.formats import STRINGS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
NESTED: Plain = {
    "type": "object",
    "properties": {
        "a": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"b": {"type": "string"}}},
        "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "integer", "default": 1}}}},
        "c": {"type": "object", "additionalProperties": {"type": "string", "nullable": True}},
    },
}


def _shape(schema: Plain) -> Shape:
    read, errors = read_schema(schema, "")
    assert read is not None, errors
    return Shape(read)


def _errors(spec: Plain, value: Any) -> list[str]:
    shape = _shape({"type": "object", "properties": {"spec": spec}})
    return [str(error) for error in shape.errors({"spec": value})]


@given(value=st.dictionaries(st.sampled_from("abcd"), JSON))
def test_completing_twice_is_completing_once(value: Plain) -> None:
    shape = _shape(NESTED)

    once = shape.complete(value)

    assert shape.complete(once) == once
    assert shape.unknown(once) == []


@given(value=st.dictionaries(st.sampled_from("abcd"), JSON))
def test_whatever_a_schema_is_asked_it_answers(value: Plain) -> None:
    shape = _shape(NESTED)

    errors = list(shape.errors(shape.complete(value)))

    assert all(error.path and error.detail for error in errors)


@pytest.mark.parametrize(
    ("given_value", "completed", "unknown"),
    [
        ({"d": 1}, {}, ["d"]),
        ({"a": {"x": {"y": 1}, "b": "s"}}, {"a": {"x": {"y": 1}, "b": "s"}}, []),
        ({"b": [{"x": 1}, {"c": 5}]}, {"b": [{"c": 1}, {"c": 5}]}, ["b[0].x"]),
        ({"b": [{"c": None}]}, {"b": [{"c": 1}]}, []),
        ({"b": [{"c": 2.0}]}, {"b": [{"c": 2}]}, []),
        ({"c": {"k": None, "l": "x"}}, {"c": {"k": None, "l": "x"}}, []),
        ({"a": None}, {}, []),
    ],
)
def test_object_is_pruned_and_completed(given_value: Plain, completed: Plain, unknown: list[str]) -> None:
    shape = _shape(NESTED)

    assert shape.complete(given_value) == completed
    assert shape.unknown(given_value) == unknown


@pytest.mark.parametrize(
    ("spec", "value", "error"),
    [
        ({"type": "integer"}, "x", 'spec: Invalid value: "string": spec in body must be of type integer: "string"'),
        ({"type": "object", "required": ["a"]}, {}, "spec.a: Required value"),
        ({"type": "string", "enum": ["a", "b"]}, "c", 'spec: Unsupported value: "c": supported values: "a", "b"'),
        ({"type": "string", "maxLength": 1}, "ab", "spec: Too long: may not be more than 1 bytes"),
        (
            {"type": "string", "minLength": 3},
            "ab",
            'spec: Invalid value: "ab": spec in body should be at least 3 chars long',
        ),
        (
            {"type": "string", "pattern": "^(?i)a$"},
            "b",
            "spec: Invalid value: \"b\": spec in body should match '^(?i)a$'",
        ),
        (
            {"type": "integer", "maximum": 3},
            4,
            "spec: Invalid value: 4: spec in body should be less than or equal to 3",
        ),
        (
            {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
            3,
            "spec: Invalid value: 3: spec in body should be greater than 3",
        ),
        (
            {"type": "number", "multipleOf": 0.5},
            0.7,
            "spec: Invalid value: 0.7: spec in body should be a multiple of 0.5",
        ),
        (
            {"type": "array", "maxItems": 1, "items": {"type": "string"}},
            ["a", "b"],
            "spec: Too many: 2: must have at most 1 item",
        ),
        (
            {"type": "object", "minProperties": 1},
            {},
            "spec: Invalid value: 0: spec in body should have at least 1 properties",
        ),
        (
            {"type": "string", "format": "date-time"},
            "now",
            'spec: Invalid value: "now": spec in body must be of type datetime: "now"',
        ),
        (
            {"type": "integer", "format": "int32"},
            2**31,
            '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec',
        ),
        (
            {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
            ["a", "b", "a"],
            'spec[2]: Duplicate value: "a"',
        ),
        (
            {"x-kubernetes-int-or-string": True},
            True,
            'spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"',
        ),
    ],
)
def test_words_of_what_is_wrong(spec: Plain, value: Any, error: str) -> None:
    assert _errors(spec, value) == [error]


def test_alternatives_say_what_the_nearest_lacks() -> None:
    fields = {"a": {"type": "string"}, "b": {"type": "string"}}
    spec = {"type": "object", "properties": fields, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}

    assert _errors(spec, {}) == [
        '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
        "spec.a: Required value",
    ]
    assert _errors(spec, {"a": "x", "b": "y"}) == [
        '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'
    ]


def test_very_many_errors_are_cut_off() -> None:
    assert len(_errors({"type": "array", "items": {"type": "string"}}, [1] * 100_000)) == 200


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".spec.size", 3),
        (".spec.none", None),
        (".spec.list[1].name", "b"),
        (".spec.list[-1].name", "b"),
        (".spec.list[*].name", "a"),
        ('.spec.list[?(@.name=="b")].value', 2),
        (".spec.list[?(@.value>1)].name", "b"),
        (".spec['dotted.name']", "x"),
        (".spec.dotted\\.name", "x"),
        ("..value", 1),
    ],
)
def test_path_finds_the_first_value(path: str, found: Any) -> None:
    items = [{"name": "a", "value": 1}, {"name": "b", "value": 2}]
    value = {"spec": {"size": 3, "list": items, "dotted.name": "x"}}

    assert parse_path(path).first(value) == found


@pytest.mark.parametrize("path", [".a[", ".a[?(", ".a[?(@.b==c)]", "." * 2_000])
def test_text_that_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(BadPath):
        parse_path(path)


def test_path_with_many_descents_ends() -> None:
    value: Any = 1
    for _ in range(200):
        value = {"a": value, "b": value if not isinstance(value, dict) else 1}

    assert parse_path("..a..b..a..b..none").first(value) is None


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"),
        ("datetime", "2026-02-28T10:00:00Z", "2026-02-28 10:00"),
        ("duration", "1h30m", "soon"),
        ("email", "a@example.com", "a@"),
        ("ipv4", "10.0.0.1", "10.0.0.300"),
        ("ipv6", "2001:db8::1", "10.0.0.1"),
        ("cidr", "10.0.0.0/8", "10.0.0.0"),
        ("uri", "https://example.com/a", "not a uri"),
        ("uuid", "6bd8fa6e-4e0b-4f0a-8fb3-2f7a0a6d1d3b", "6bd8"),
        ("byte", "aGVsbG8=", "a"),
        ("hostname", "a.example.com", "a..b"),
        ("mac", "00:1a:2b:3c:4d:5e", "00:1a"),
        ("hexcolor", "#ffffff", "#ggg"),
        ("creditcard", "4111 1111 1111 1111", "4111 1111 1111 1112"),
        ("isbn", "978-0321751041", "978-0321751042"),
        ("k8sshortname", "web-1", "Web"),
    ],
)
def test_format_knows_its_texts(name: str, good: str, bad: str) -> None:
    assert STRINGS[name](good)
    assert not STRINGS[name](bad)
