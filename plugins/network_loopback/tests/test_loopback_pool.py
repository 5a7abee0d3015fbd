"""Which addresses the loopback network deals, and in which order."""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.plugin.contracts.network import AddressesExhausted
from kubernel_network_loopback import LoopbackNetwork, LoopbackSettings
from kubernel_network_loopback.pool import AddressPool

PODS = IPv4Network("127.64.0.0/10")
SERVICES = IPv4Network("127.96.0.0/12")


def test_pool_starts_with_the_first_usable_address() -> None:
    assert AddressPool(PODS, [SERVICES]).next_free(None, set()) == IPv4Address("127.64.0.1")


def test_pool_jumps_over_a_reserved_range() -> None:
    pool = AddressPool(PODS, [SERVICES])

    assert pool.next_free(IPv4Address("127.95.255.254"), set()) == IPv4Address("127.112.0.1")


def test_pool_goes_round() -> None:
    pool = AddressPool(PODS, [SERVICES])

    assert pool.next_free(IPv4Address("127.127.255.254"), set()) == IPv4Address("127.64.0.1")


@given(after=st.integers(int(PODS.network_address), int(PODS.broadcast_address)))
def test_pool_deals_only_usable_addresses(after: int) -> None:
    address = AddressPool(PODS, [SERVICES]).next_free(IPv4Address(after), set())

    assert address is not None
    assert address in PODS
    assert address not in SERVICES
    assert int(address) & 0xFF not in (0, 255)


@given(taken=st.sets(st.integers(1, 14)))
def test_pool_finds_every_free_address_of_a_small_range(taken: set[int]) -> None:
    small = IPv4Network("127.64.0.0/28")
    used = {small[number] for number in taken}
    found: list[IPv4Address] = []

    while (address := AddressPool(small).next_free(found[-1] if found else None, used)) is not None:
        used.add(address)
        found.append(address)

    assert sorted(found) == [small[number] for number in range(1, 16) if number not in taken]


async def test_network_says_that_its_range_is_full(tmp_path: Path) -> None:
    network = LoopbackNetwork(LoopbackSettings(range="127.64.0.0/30", reserved=()))
    await network.start(tmp_path)
    for uid in ("a", "b", "c"):
        await network.attach(uid, namespace="default", name=uid)

    with pytest.raises(AddressesExhausted, match=r"default/d.*127\.64\.0\.0/30"):
        await network.attach("d", namespace="default", name="d")

    await network.stop()


def test_network_refuses_a_range_that_linux_does_not_answer_on() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/8 is not inside 127\.0\.0\.0/8"):
        LoopbackNetwork(LoopbackSettings(range="10.0.0.0/8"))
