"""Bytes to objects and back: the head that every stored object has, and what is said of wrong bodies."""

import json
from typing import Any

import pytest
from kubernel.objects.codec import decode, encode, head, with_revision
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN, EVENT, POD

from tests.objects.kind_samples import sample_of


def _body(kind: Kind[Any]) -> bytes:
    metadata = {"name": "a", "labels": {"a": "b"}}
    return json.dumps({**sample_of(kind), "metadata": metadata}).encode()


@pytest.mark.parametrize("kind", [k for k in BUILTIN if k.is_stored], ids=lambda kind: kind.resource)
def test_every_kind_is_stored_behind_its_head(kind: Kind[Any]) -> None:
    obj, _ = decode(kind, _body(kind))
    obj.apiVersion, obj.kind = kind.api_version, kind.name

    stored = with_revision(encode(obj), len(head(kind.api_version, kind.name)), 42)

    plain = json.loads(stored)
    assert stored.startswith(head(kind.api_version, kind.name) + b'"resourceVersion":"42",')
    assert plain["metadata"]["resourceVersion"] == "42"
    assert decode(kind, stored)[0].metadata.name == "a"


def test_an_event_keeps_its_own_fields_beside_the_head() -> None:
    involved = {"apiVersion": "v1", "kind": "Pod", "name": "x"}
    obj, _ = decode(EVENT, json.dumps({"metadata": {}, "involvedObject": involved}).encode())

    assert json.loads(encode(obj))["involvedObject"] == involved


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (b"{", 400, "json parse error"),
        (b"\xff", 400, "json parse error"),
        (b"[]", 400, "cannot unmarshal array into Go value of type struct"),
        (b'{"kind":"Service"}', 400, "Service"),
        (b'{"apiVersion":"v2"}', 400, "does not match the expected API version (v1)"),
        (
            b'{"spec":{"containers":5}}',
            400,
            "cannot unmarshal number into Go struct field PodSpec.spec.containers of type",
        ),
        (b'{"spec":{"containers":[{"image":"a"}]},"metadata":{"name":"q"}}', 422, "spec.containers[0].name: Required"),
        (
            b'{"spec":{"hostNetwork":"yes","containers":[]}}',
            400,
            "string into Go struct field PodSpec.spec.hostNetwork of type bool",
        ),
        (b"[" * 5_000, 400, ""),
    ],
)
def test_decode_says_what_is_wrong(body: bytes, code: int, words: str) -> None:
    with pytest.raises(StatusError) as caught:
        decode(POD, body)

    assert caught.value.code == code
    assert words in caught.value.message


def test_decode_names_every_unknown_field() -> None:
    body = b'{"colour":1,"metadata":{"name":"a"},"spec":{"a":1,"containers":[{"name":"x"},{"name":"y","b":{"c":1}}]}}'

    _, unknown = decode(POD, body, find_unknown=True)

    assert unknown == ['unknown field "colour"', 'unknown field "spec.a"', 'unknown field "spec.containers[1].b"']


def test_decode_drops_unknown_fields() -> None:
    obj, _ = decode(POD, b'{"colour":1,"metadata":{"name":"a"},"spec":{"containers":[{"name":"x","b":1}]}}')

    assert b"colour" not in encode(obj)
