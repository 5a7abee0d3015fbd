"""Bodies in which something is wrong: what Kubernetes' decoder finds, and says, and takes all the same."""

from typing import Any

import pytest
from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN

KINDS = {kind.name: kind for kind in BUILTIN}
POD = KINDS["Pod"]


def _read(kind: Kind[Any], body: bytes) -> tuple[Any, list[str]]:
    read = codec.decode(kind, body, find_unknown=True)
    new, findings = codec.decode_new(kind, body)
    assert (codec.encode(new), findings) == (codec.encode(read[0]), read[1])
    return read


@pytest.mark.parametrize(
    ("kind", "body", "sentences"),
    [
        ("Pod", b'{"metadata":{"name":"a","name":"b"}}', ['duplicate field "metadata.name"']),
        ("Pod", b'{"kind":"Pod","apiVersion":"v1","kind":"Pod"}', ['duplicate field "kind"']),
        ("ConfigMap", b'{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"1","a":"2"}}', ['duplicate field "data.a"']),
        ("ConfigMap", b'{"data":{"a":"1","\\u0061":"2"}}', ['duplicate field "data.a"']),
        ("ConfigMap", b'{"data":{"a":":","b":"\\":"}}', []),
        ("ConfigMap", b'{"data":null,"metadata":{"creationTimestamp":null}}', []),
        ("ConfigMap", b'{"Data":{},"x":1,"x":2}', ['unknown field "Data"', 'unknown field "x"']),
        (
            "Pod",
            b'{"spec":{"z":1,"containers":[{"name":"a","name":"b","ports":[{"containerPort":1,"y":{}}]}]},"a":0}',
            [
                'unknown field "spec.z"',
                'duplicate field "spec.containers[0].name"',
                'unknown field "spec.containers[0].ports[0].y"',
                'unknown field "a"',
            ],
        ),
    ],
)
def test_strict_decoding_finds(kind: str, body: bytes, sentences: list[str]) -> None:
    assert _read(KINDS[kind], body)[1] == sentences


def test_last_of_two_equal_fields_counts() -> None:
    read, _ = _read(POD, b'{"metadata":{"name":"a","name":"b","labels":{"k":"1","k":"2"}}}')

    assert (read.metadata.name, read.metadata.labels) == ("b", {"k": "2"})


def test_strict_decoding_stops_at_a_hundred_sentences() -> None:
    body = b'{"metadata":{%s}}' % b",".join(b'"x%d":1' % i for i in range(300))

    assert len(_read(POD, body)[1]) == 100


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        (
            "Pod",
            b'{"metadata":{"labels":{"a":1}}}',
            "number into Go struct field ObjectMeta.metadata.labels of type string",
        ),
        (
            "Pod",
            b'{"metadata":{"labels":[]}}',
            "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
        ),
        ("ConfigMap", b'{"data":{"a":true}}', "bool into Go struct field ConfigMap.data of type string"),
        (
            "Pod",
            b'{"spec":{"containers":[{"name":"a","ports":[{"containerPort":4294967296}]}]}}',
            "number 4294967296 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        (
            "ReplicationController",
            b'{"spec":{"replicas":1.5}}',
            "number 1.5 into Go struct field ReplicationControllerSpec.spec.replicas of type int32",
        ),
        (
            "Pod",
            b'{"spec":{"containers":[{"name":"a","env":{}}]}}',
            "object into Go struct field Container.spec.containers.env of type []v1.EnvVar",
        ),
        (
            "Pod",
            b'{"spec":{"containers":[{"name":1}]}}',
            "number into Go struct field Container.spec.containers.name of type string",
        ),
        ("Pod", b'{"metadata":{"generation":9223372036854775808}}', "ObjectMeta.metadata.generation of type int64"),
    ],
)
def test_wrong_type_is_refused_in_the_words_of_go(kind: str, body: bytes, sentence: str) -> None:
    with pytest.raises(StatusError) as caught:
        codec.decode_new(KINDS[kind], body)

    start = f'{kind} in version "v1" cannot be handled as a {kind}: json: cannot unmarshal '
    assert caught.value.message.startswith(start)
    assert sentence in caught.value.message
    assert caught.value.code == 400


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"metadata":{"creationTimestamp":"now"}}', 'parsing time "now" as "2006-01-02T15:04:05Z07:00"'),
        (b'{"metadata":{"creationTimestamp":"2026-01-01T00:00:00"}}', 'parsing time "2026-01-01T00:00:00"'),
        (b'{"metadata":{"generation":1e400}}', "Number out of range"),
        (b'{"a":NaN}', "json parse error"),
        (b'{"a":"\\ud800"}', "json parse error"),
        (b"\xef\xbb\xbf{}", "json parse error"),
        (b"{} {}", "trailing characters"),
        (b'{"a"', "unexpected end of JSON input"),
        (b"", "unexpected end of JSON input"),
        (b"null", "cannot unmarshal null into Go value"),
        (b'{"kind":5}', "json parse error"),
        (b'{"a":%s}' % (b"9" * 5000), "out of range"),
    ],
)
def test_what_is_no_json_for_it_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(StatusError) as caught:
        codec.decode_new(POD, body)

    assert (caught.value.code, sentence in caught.value.message) == (400, True), caught.value.message


def test_every_missing_value_is_named() -> None:
    with pytest.raises(StatusError) as caught:
        codec.decode_new(POD, b'{"metadata":{"name":"a"},"spec":{"containers":[{},{"env":[{}]}]}}')

    assert (caught.value.code, caught.value.name) == (422, "a")
    assert {(cause.reason, cause.field) for cause in caught.value.causes} == {
        ("FieldValueRequired", f"spec.containers{name}")
        for name in ("[0].name", "[0].image", "[1].name", "[1].env[0].name", "[1].image")
    }


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        (b'{"metadata":{"labels":{"a":null}}}', ("metadata", "labels"), {"a": ""}),
        (b'{"spec":{"containers":null}}', ("spec", "containers"), []),
        (
            b'{"spec":{"containers":[{"name":"a","command":["x",null]}]}}',
            ("spec", "containers", 0, "command"),
            ["x", ""],
        ),
        (
            b'{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":1}}}]}}',
            ("spec", "containers", 0, "resources", "limits"),
            {"cpu": "1"},
        ),
    ],
)
def test_null_and_numbers_are_taken_as_go_takes_them(body: bytes, path: tuple[str | int, ...], value: Any) -> None:
    found: Any = codec.to_plain(_read(POD, body)[0])

    for step in path:
        found = found[step]
    assert found == value


def test_schema_of_a_definition_is_read_all_the_way_down() -> None:
    inner = b'{"a":{"type":"string","typo":1,"items":[{"oops":1}]}}'
    schema = b'{"type":"object","properties":%s,"additionalProperties":true}' % inner
    body = (
        b'{"metadata":{"name":"a"},"spec":{"group":"g","scope":"Cluster","names":{"plural":"a","kind":"A"},'
        b'"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":%s}}]}}' % schema
    )

    _, findings = codec.decode_new(KINDS["CustomResourceDefinition"], body)

    place = "spec.versions[0].schema.openAPIV3Schema.properties.a"
    assert findings == [f'unknown field "{place}.typo"', f'unknown field "{place}.items[0].oops"']


def test_patch_is_read_with_what_stands_twice() -> None:
    value, findings = codec.decode_untyped(b'{"metadata":{"labels":{"a":"1","a":"2"}},"x":[{"y":1,"y":2}]}')

    assert value == {"metadata": {"labels": {"a": "2"}}, "x": [{"y": 2}]}
    assert findings == ['duplicate field "metadata.labels.a"', 'duplicate field "x[0].y"']
