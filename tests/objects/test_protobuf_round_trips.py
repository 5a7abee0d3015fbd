"""JSON = YAML = protobuf, for every kind: the same object, however a client writes it."""

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kubernel.objects import codec
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.protobuf import open_envelope, read_plain
from kubernel.objects.published import fields_of, name_of

from tests.objects.go_protobuf import encode
from tests.objects.published_objects import objects

PUBLISHED = [kind for kind in BUILTIN if fields_of(name_of(kind.type))]
OPTIONS = ["policy_v1.Eviction", "core_v1.Binding", "authentication_v1.TokenRequest", "autoscaling_v1.Scale"]
SETTINGS = settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def _decoded(body: bytes, message: str) -> Any:
    return read_plain(open_envelope(body), message)


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: f"{kind.group}.{kind.version}.{kind.name}")
@SETTINGS
@given(data=st.data())
def test_object_is_the_same_in_every_form(kind: Kind[Any], data: st.DataObject) -> None:
    message = name_of(kind.type)
    drawn = data.draw(objects(message))
    plain = {"apiVersion": kind.api_version, "kind": kind.name, **drawn}

    from_protobuf = _decoded(encode(message, plain), message)

    assert from_protobuf == plain
    typed, unknown = codec.from_plain(kind, from_protobuf, find_unknown=True)
    assert unknown == []
    assert codec.encode(typed) == codec.encode(codec.decode(kind, codec.encode_plain(plain))[0])
    assert yaml.safe_load(yaml.safe_dump(plain)) == plain


@pytest.mark.parametrize("message", [*OPTIONS, "meta_v1.DeleteOptions"])
@SETTINGS
@given(data=st.data())
def test_what_is_sent_beside_objects_is_the_same_in_both_forms(message: str, data: st.DataObject) -> None:
    module, _, name = message.partition(".")
    group, _, version = module.partition("_")
    plain = {"apiVersion": "v1" if group == "core" else f"{group}/{version}", "kind": name} | data.draw(
        objects(message)
    )

    envelope = open_envelope(encode(message, plain))

    assert envelope.message == message
    assert read_plain(envelope, envelope.message) == plain
