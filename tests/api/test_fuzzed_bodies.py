"""Objects of every kind with something wrong in them: accepted or refused, never a failure of the server."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN
from kubernel.objects.published import fields_of, name_of
from kubernel.testing import ApiServer

from tests.api.sockets import Heard, request, send
from tests.objects.go_protobuf import encode
from tests.objects.published_objects import objects

KINDS = [kind for kind in BUILTIN if fields_of(name_of(kind.type)) and "create" in kind.verbs]
SETTINGS = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
JUNK = st.sampled_from(
    [None, True, -1, 1.5, 10**30, "", "x", "-1", "\u0000", [], {}, [None], {"": None}, "9" * 100, "🎈"]
)
VALIDATION = st.sampled_from(["Strict", "Warn", "Ignore"])


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    """Put something else in the place of some value inside."""
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: _spoil(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], _spoil(draw, value[at]), *value[at + 1 :]]
    return draw(JUNK)


@st.composite
def spoiled(draw: st.DrawFn, kind: Kind[Any]) -> Any:
    """Draw an object of a kind, usually with something wrong in it."""
    plain = draw(objects(name_of(kind.type), depth=4))
    plain.setdefault("metadata", {})["name"] = draw(st.sampled_from(["a", "b.c", "A", "x" * 300]))
    return _spoil(draw, plain) if draw(st.integers(0, 3)) else plain


def _is_answered(heard: Heard) -> None:
    assert 200 <= heard.code < 500, heard
    if heard.code >= 400:
        assert (heard.body["kind"], heard.body["code"]) == ("Status", heard.code)
        assert heard.body["message"]


def _path(kind: Kind[Any]) -> str:
    return kind.path("default" if kind.namespaced else None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.plural}.{kind.group}.{kind.version}")
@SETTINGS
@given(data=st.data())
def test_object_with_something_wrong_is_answered(
    shared_server: ApiServer, kind: Kind[Any], data: st.DataObject
) -> None:
    body = json.dumps(data.draw(spoiled(kind))).encode()
    query = f"?dryRun=All&fieldValidation={data.draw(VALIDATION)}"

    _is_answered(send(shared_server.socket, request("POST", _path(kind) + query, body)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.plural}.{kind.group}.{kind.version}")
@SETTINGS
@given(data=st.data())
def test_object_in_protobuf_is_answered(shared_server: ApiServer, kind: Kind[Any], data: st.DataObject) -> None:
    message = name_of(kind.type)
    body = bytearray(encode(message, {"metadata": {"name": "a"}, **data.draw(objects(message, depth=3))}))
    if data.draw(st.booleans()):
        body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))

    heard = send(
        shared_server.socket,
        request("POST", f"{_path(kind)}?dryRun=All", bytes(body), "application/vnd.kubernetes.protobuf"),
    )

    _is_answered(heard)
