"""What comes over the wire becomes typed objects, whatever the size of the pieces."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.client.client import _lines
from kubernel.client.wire import WireType, error_of
from kubernel.objects.errors import StatusError
from kubernel.objects.kinds import BUILTIN, EVENT, POD
from kubernel.objects.models import core
from kubernel.objects.registry import Registry

PODS = WireType(POD, core.Pod)


@pytest.mark.parametrize("change", ["ADDED", "MODIFIED", "DELETED"])
def test_watch_line_becomes_a_typed_event(change: str) -> None:
    line = b'{"type":"%s","object":{"metadata":{"name":"a","resourceVersion":"7"}}}' % change.encode()

    event = PODS.decode_line(line)

    assert (event.type, type(event.object), event.resource_version) == (change, core.Pod, "7")


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.resource)
def test_bookmark_is_an_otherwise_empty_object_of_any_kind(kind: object) -> None:
    known = next(k for k in Registry(BUILTIN) if k is kind)
    wire = WireType(known, known.type)

    event = wire.decode_line(b'{"type":"BOOKMARK","object":{"kind":"X","metadata":{"resourceVersion":"9"}}}')

    assert (event.type, type(event.object), event.resource_version) == ("BOOKMARK", known.type, "9")


def test_error_line_raises_what_the_server_says() -> None:
    line = b'{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}'

    with pytest.raises(StatusError, match="too old") as raised:
        PODS.decode_line(line)

    assert (raised.value.code, raised.value.reason) == (410, "Expired")


def test_list_knows_its_moment_and_its_next_page() -> None:
    page = PODS.decode_list(b'{"items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"5","continue":"x"}}')

    assert ([pod.metadata and pod.metadata.name for pod in page.items], page.resource_version) == (["a"], "5")
    assert page.continue_token == "x"


def test_list_of_nothing_is_empty_also_when_items_are_null() -> None:
    assert PODS.decode_list(b'{"items":null,"metadata":{"resourceVersion":"5"}}').items == []


def test_event_kind_with_mandatory_fields_decodes() -> None:
    events = WireType(EVENT, core.Event)

    event = events.decode(b'{"metadata":{"name":"e"},"involvedObject":{"name":"p"},"count":2}')

    assert (event.involvedObject.name, event.count) == ("p", 2)


def test_error_without_a_status_keeps_the_text() -> None:
    error = error_of(502, {"Retry-After": "3"}, b"<html>bad gateway</html>")

    assert (error.code, error.retry_after_s) == (502, 3)
    assert "bad gateway" in error.message


@given(
    st.lists(st.binary(min_size=1).map(lambda b: b.replace(b"\n", b"x").replace(b"\r", b"x")), max_size=8), st.data()
)
def test_lines_come_out_whole_however_they_are_cut(payloads: list[bytes], data: st.DataObject) -> None:
    lines = [msgspec.json.encode(payload) for payload in payloads]
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert _collect(pieces) == lines


def _collect(pieces: list[bytes]) -> list[bytes]:

    async def chunks() -> AsyncGenerator[bytes, None]:
        for piece in pieces:
            yield piece

    async def collect() -> list[bytes]:
        return [line async for line in _lines(chunks())]

    return asyncio.run(collect())
