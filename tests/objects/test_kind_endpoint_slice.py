"""EndpointSlices: what they refuse, fill in, keep, count and show."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from kubernel.objects.kind import Kind
from kubernel.objects.kinds.discovery.endpoint_slice import ENDPOINT_SLICE
from kubernel.objects.lifecycle import prepare_changed
from kubernel.objects.models import Plain
from kubernel.objects.tables import table

Complain = Callable[[Kind[Any], Plain], list[str]]
Change = Callable[..., list[str]]
Create = Callable[..., Any]


def piece(*endpoints: Plain, family: str = "IPv4", ports: list[Plain] | None = None) -> Plain:
    return {"addressType": family, "endpoints": list(endpoints), "ports": ports or []}


E = "endpoints[0]"


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (piece({"addresses": ["127.64.0.1"]}, ports=[{"port": 80}]), []),
        (piece(family="IP"), ['addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"']),
        (piece({"addresses": []}), [f"{E}.addresses: Required value: must contain at least 1 address"]),
        (
            piece({"addresses": ["2001:db8::1"]}),
            [f'{E}.addresses[0]: Invalid value: "2001:db8::1": must be an IPv4 address'],
        ),
        (
            piece({"addresses": ["web"]}, family="FQDN"),
            [
                (
                    f'{E}.addresses[0]: Invalid value: "web": '
                    "should be a domain with at least two segments separated by dots"
                )
            ],
        ),
        (piece({"addresses": ["web.example."]}, family="FQDN"), []),
        (
            piece(*({"addresses": ["10.0.0.1"]} for _ in range(1001))),
            ["endpoints: Too many: 1001: must have at most 1000 items"],
        ),
        (
            piece({"addresses": ["10.0.0.1"] * 101}),
            [f"{E}.addresses: Too many: 101: must have at most 100 items"],
        ),
        (
            piece(ports=[{"name": "a"}, {"name": "a", "protocol": "X"}]),
            [
                'ports[1].name: Duplicate value: "a"',
                'ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
            ],
        ),
        (
            piece({"addresses": ["10.0.0.1"], "hints": {"forZones": [{"name": "a"}, {"name": "a"}]}}),
            [f'{E}.hints.forZones[1].name: Duplicate value: "a"'],
        ),
    ],
)
def test_slice_is_refused_with_every_reason(complaints: Complain, plain: Plain, expected: list[str]) -> None:
    assert complaints(ENDPOINT_SLICE, plain) == expected


def test_slice_keeps_its_address_type(forbidden_changes: Change) -> None:
    assert forbidden_changes(ENDPOINT_SLICE, piece(), piece(family="IPv6")) == [
        'addressType: Invalid value: "IPv6": field is immutable'
    ]


def test_slice_gets_defaults_and_counts_what_matters(create: Create, now: datetime) -> None:
    first = piece({"addresses": ["10.0.0.1"], "deprecatedTopology": {"a": "b"}}, ports=[{}])
    old = create(ENDPOINT_SLICE, first)

    changes: list[Plain] = [
        {},
        {"endpoints": []},
        {"metadata": {"labels": {"a": "b"}}},
        {"metadata": {"annotations": {"a": "b"}}},
    ]
    generations = []
    for change in changes:
        new = msgspec.convert({**first, "metadata": {}, **change}, ENDPOINT_SLICE.type)
        prepare_changed(ENDPOINT_SLICE, new, old, subresource=None, now=now)
        generations.append(new.metadata.generation)

    assert (old.ports[0].name, old.ports[0].protocol) == ("", "TCP")
    assert old.endpoints[0].deprecatedTopology is None
    assert generations == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (piece(), ["IPv4", "<unset>", "<unset>"]),
        (
            piece({"addresses": ["10.0.0.1", "10.0.0.2"]}, ports=[{"port": 80}, {"name": "web"}, {}]),
            ["IPv4", "80,web,*", "10.0.0.1,10.0.0.2"],
        ),
        (
            piece(*({"addresses": [f"10.0.0.{i}"]} for i in range(5)), ports=[{"port": port} for port in range(1, 5)]),
            ["IPv4", "1,2,3 + 1 more...", "10.0.0.0,10.0.0.1,10.0.0.2 + 2 more..."],
        ),
    ],
)
def test_cells_are_those_of_kubectl(plain: Plain, expected: list[Any], now: datetime) -> None:
    obj = msgspec.convert(plain, ENDPOINT_SLICE.type)

    assert table(ENDPOINT_SLICE, [obj], now=now, include="None")["rows"][0]["cells"][1:4] == expected
