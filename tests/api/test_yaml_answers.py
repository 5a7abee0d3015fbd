"""YAML answers: what JSON says, in pieces, while everybody else goes on."""

import asyncio
from time import perf_counter
from typing import Any

import msgspec
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernel.api.http.yaml_writing import AT_ONCE_BYTES, yaml_pieces
from kubernel.client import Client
from kubernel.testing import ApiServer

from tests.api.calls import Api, config_map, pod

LISTED = 2_000
LONGEST_WAIT_S = 0.2
"""Far more than the 50 ms that it is on an idle machine, and a third of what one turn used to take."""

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])) | st.sampled_from(
    ["...", "a\n...\n", "a\n\n", "- a", "no", "1e3", "a\u2028b\nc", "a\x85b\n", "\ufeff", "---\n", " a\n b"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_yaml_in_pieces_reads_as_the_json_it_is_made_of(value: dict[str, Any]) -> None:
    text = "".join(yaml_pieces(msgspec.json.encode(value)))

    assert (yaml.load(text, yaml.CSafeLoader) or {}) == value


@settings(max_examples=20, deadline=None)
@given(VALUES)
def test_large_values_are_written_to_read_the_same(value: Any) -> None:
    large = {"filling": "x" * AT_ONCE_BYTES, "value": value}

    text = "".join(yaml_pieces(msgspec.json.encode({"items": [large, 1], "member": large})))

    assert yaml.load(text, yaml.CSafeLoader) == {"items": [large, 1], "member": large}


async def test_others_go_on_while_a_large_list_becomes_yaml(api: Api, shared_server: ApiServer) -> None:
    for start in range(0, LISTED, 200):
        await asyncio.gather(*(api.post(api.path("pods"), pod(f"p-{start + i}")) for i in range(200)))
    other: Client
    async with shared_server.client() as other:
        listing = asyncio.ensure_future(api.client.request("GET", api.path("pods"), accept="application/yaml"))
        waits = []
        while not listing.done():
            began = perf_counter()
            await other.request("GET", api.path("pods", "p-0"))
            waits.append(perf_counter() - began)
        answer = await listing

    assert answer.body.count(b"\n- apiVersion: v1\n") == LISTED
    assert len(waits) > 20
    assert max(waits) < LONGEST_WAIT_S


async def test_others_go_on_while_a_large_object_becomes_yaml(api: Api, shared_server: ApiServer) -> None:
    await api.post(api.path("configmaps"), config_map("large", **{f"key-{i}": "value" for i in range(25_000)}))
    await api.post(api.path("configmaps"), config_map("small", a="1"))
    other: Client
    async with shared_server.client() as other:
        path = api.path("configmaps", "large")
        reading = asyncio.ensure_future(api.client.request("GET", path, accept="application/yaml"))
        waits = []
        while not reading.done():
            began = perf_counter()
            await other.request("GET", api.path("configmaps", "small"))
            waits.append(perf_counter() - began)
        answer = await reading

    assert answer.body.count(b": value\n") == 25_000
    assert max(waits) < LONGEST_WAIT_S
