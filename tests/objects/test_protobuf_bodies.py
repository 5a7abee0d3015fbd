"""Protobuf bodies: what becomes of zero values, and the sentence for what is no such message."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.bounds import MAX_DEPTH, MAX_VALUES
from kubernel.objects.errors import StatusError
from kubernel.objects.protobuf import ProtobufError, open_envelope, read_plain

from tests.objects.go_protobuf import encode

MAGIC = b"k8s\x00"


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found += bytes([value & 0x7F | 0x80])
        value >>= 7
    return found + bytes([value])


def _wrapped(raw: bytes) -> bytes:
    return MAGIC + _field(2, raw)


def _read(body: bytes, message: str = "core_v1.ConfigMap") -> dict[str, Any]:
    return read_plain(open_envelope(body), message)


def test_config_map_of_kubectl_is_read() -> None:
    type_meta, config_map = (
        "0a0f0a0276311209436f6e6669674d6170",
        "0a110a016112001a0022002a0032003800420012060a016b120176",
    )
    body = bytes.fromhex(f"6b387300{type_meta}121b{config_map}1a002200")

    assert _read(body) == {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}}


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("apps_v1.DeploymentSpec", {"replicas": 0, "template": {}}),
        ("core_v1.ConfigMap", {"immutable": False}),
        ("core_v1.PodSpec", {"containers": [], "automountServiceAccountToken": False, "securityContext": {}}),
        ("core_v1.Volume", {"name": "a", "emptyDir": {}}),
        ("networking_v1.NetworkPolicySpec", {"ingress": [{}]}),
        ("core_v1.ContainerPort", {"containerPort": 0}),
    ],
)
def test_zero_that_means_something_is_kept(message: str, plain: dict[str, Any]) -> None:
    assert _read(encode(message, plain), message) == plain


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("meta_v1.ObjectMeta", {"name": "", "generation": 0, "labels": {}}),
        ("core_v1.Pod", {"metadata": {}, "status": {}}),
        ("apps_v1.ReplicaSet", {"status": {"replicas": 0}}),
        ("core_v1.Container", {"tty": False, "resources": {}}),
    ],
)
def test_zero_that_means_nothing_is_left_out(message: str, plain: dict[str, Any]) -> None:
    assert _read(encode(message, plain), message) == _read(encode(message, {}), message)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "does not appear to be a protobuf message, expected prefix [107 56 115 0]"),
        (b"{}", "does not appear to be a protobuf message"),
        (MAGIC, "empty body"),
        (MAGIC + b"\x12", "unexpected EOF"),
        (MAGIC + b"\x12\x05ab", "unexpected EOF"),
        (MAGIC + b"\x12" + b"\xff" * 10, "proto: integer overflow"),
        (MAGIC + b"\x80", "unexpected EOF"),
        (MAGIC + b"\x07", "proto: illegal tag 0 (wire type 7)"),
        (MAGIC + b"\x0f", "proto: illegal wireType 7"),
        (MAGIC + b"\x13\x14", "proto: illegal wireType 3"),
        (_wrapped(b"\x08\x01"), "proto: wrong wireType = 0 for field Metadata"),
        (_wrapped(_field(2, b"\x08\x01")), "proto: wrong wireType = 0 for field mapkey"),
        (_wrapped(_field(2, _field(1, b"\xff"))), "proto: string field contains invalid UTF-8"),
        (_wrapped(_field(1, _field(1, b"\xff"))), "proto: string field contains invalid UTF-8"),
        (MAGIC + _field(2, b"") + _field(3, b"gzip"), "the envelope must hold plain protobuf"),
        (_wrapped(_field(1, _field(8, b"\x08" + b"\xff" * 9 + b"\x00"))), "year outside of range"),
        (_wrapped(_field(1, _field(17, _field(7, _field(1, b"{"))))), "json: error calling MarshalJSON"),
    ],
)
def test_what_is_no_message_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(ProtobufError) as caught:
        _read(body)

    assert sentence in str(caught.value)


def test_message_of_a_type_that_is_not_published_is_refused() -> None:
    envelope = open_envelope(MAGIC + _field(1, _field(1, b"zoo/v1") + _field(2, b"Pony")) + _field(2, b""))

    with pytest.raises(ProtobufError, match='no kind "Pony" is registered for version "zoo/v1"'):
        read_plain(envelope, envelope.message)


def test_message_that_nests_too_deep_is_refused() -> None:
    schema = b""
    for _ in range(MAX_DEPTH + 1):
        schema = _field(28, schema)  # not: {not: {not: …

    with pytest.raises(ProtobufError, match="exceeded max depth"):
        _read(_wrapped(schema), "apiextensions_v1.JSONSchemaProps")


def test_message_of_too_many_values_is_refused() -> None:
    with pytest.raises(StatusError) as caught:
        _read(_wrapped(b"\x0a\x00" * (MAX_VALUES + 1)), "core_v1.ConfigMap")

    assert caught.value.code == 413


def test_unknown_fields_are_skipped() -> None:
    assert _read(_wrapped(_field(1000, b"x") + b"\xf8\x3e\x05" + _field(1, _field(1, b"a")))) == {
        "metadata": {"name": "a"}
    }


def test_packed_numbers_are_read() -> None:
    read = _read(_wrapped(_field(4, b"\x01\x80\x01")), "core_v1.PodSecurityContext")

    assert read == {"supplementalGroups": [1, 128]}


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    with contextlib.suppress(ProtobufError):
        assert isinstance(_read(_wrapped(raw), "core_v1.Pod"), dict)


@given(st.data())
def test_changed_message_is_a_message_or_refused(data: st.DataObject) -> None:
    plain = {"metadata": {"name": "a", "labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    body = bytearray(encode("core_v1.Pod", plain))
    body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(ProtobufError):
        assert isinstance(_read(bytes(body[: data.draw(st.integers(5, len(body)))]), "core_v1.Pod"), dict)
