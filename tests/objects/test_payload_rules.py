"""Base64 in ConfigMaps and Secrets: a wrong one is a body that cannot be decoded, as in Kubernetes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from kubernel.objects import codec
from kubernel.objects.errors import StatusError
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import CONFIG_MAP, SECRET
from kubernel.objects.lifecycle import prepare_new
from kubernel.objects.rules.payloads import base64_error, decoded_bytes

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "YQ==", "YWI=", "YWJj", "YWJj\nYWJj\n", "YW\r\nJj", "+/+/"])
def test_base64_is_accepted(text: str) -> None:
    assert base64_error(text) == ""


@pytest.mark.parametrize(
    ("text", "at"), [("?", 0), ("YQ", 0), ("YWJj*", 4), ("YWJjYQ", 4), ("YQ==YQ==", 2), ("-_-_", 0), ("é", 0)]
)
def test_what_is_no_base64_is_told_where(text: str, at: int) -> None:
    assert base64_error(text) == f"illegal base64 data at input byte {at}"


@pytest.mark.parametrize(("kind", "field"), [(SECRET, "data"), (CONFIG_MAP, "binaryData")])
def test_object_with_wrong_base64_cannot_be_decoded(kind: Kind[Any], field: str) -> None:
    obj, _ = codec.from_plain(kind, {"metadata": {"name": "a"}, field: {"k": "?"}})

    with pytest.raises(StatusError) as caught:
        prepare_new(kind, obj, namespace="default", now=NOW)

    start = f'{kind.name} in version "v1" cannot be handled as a {kind.name}: '
    assert (caught.value.code, caught.value.message) == (400, f"{start}illegal base64 data at input byte 0")


def test_decoded_bytes_are_counted_without_padding() -> None:
    assert decoded_bytes({"a": "YQ==", "b": "YWI=", "c": "YWJj", "d": ""}) == 6
