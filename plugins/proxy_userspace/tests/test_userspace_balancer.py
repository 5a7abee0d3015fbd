"""Which backend a client gets, on a clock of the test's own."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from kubernel.plugin.contracts.proxy import Backend, ServicePort
from kubernel_proxy_userspace.balancer import Balancer

A, B, C = (Backend(f"127.64.0.{i}", 80) for i in (1, 2, 3))


def port(*backends: Backend, affinity_s: int | None = None) -> ServicePort:
    return ServicePort("default", "svc", "", "TCP", "127.96.0.1", 80, backends, affinity_s)


def test_goes_round_and_offers_the_others_after_the_first() -> None:
    balancer = Balancer(port(A, B, C))

    assert [balancer.candidates("x") for _ in range(4)] == [(A, B, C), (B, C, A), (C, A, B), (A, B, C)]


def test_goes_on_behind_the_last_one_when_the_backends_change() -> None:
    balancer = Balancer(port(A, B, C))
    assert balancer.candidates("x")[0] == A

    balancer.update(port(A, C))

    assert [balancer.candidates("x")[0] for _ in range(2)] == [C, A]


def test_has_nothing_to_offer_without_backends() -> None:
    assert Balancer(port()).candidates("x") == ()


def test_affinity_holds_until_it_was_unused_for_too_long() -> None:
    now_s = 0.0
    balancer = Balancer(port(A, B, C, affinity_s=10), lambda: now_s)
    balancer.settled("x", B)

    now_s = 10.0
    assert balancer.candidates("x") == (B, C, A)
    assert balancer.candidates("y")[0] == A
    now_s = 20.1
    assert balancer.candidates("x")[0] != A


def test_affinity_ends_with_its_backend() -> None:
    balancer = Balancer(port(A, B, affinity_s=10))
    balancer.settled("x", B)

    balancer.update(port(A, C, affinity_s=10))

    assert balancer.candidates("x")[0] in (A, C)


@given(st.lists(st.sets(st.integers(1, 250), max_size=6).map(sorted), min_size=1, max_size=5), st.integers(1, 4))
def test_every_backend_gets_the_same_share_between_two_changes(lists: list[list[int]], rounds: int) -> None:
    balancer = Balancer(port())
    for numbers in lists:
        backends = tuple(sorted(Backend(f"127.64.0.{number}", 80) for number in numbers))
        balancer.update(replace(port(), backends=backends))

        firsts = [balancer.candidates("x")[0] for _ in range(rounds * len(backends))]

        assert Counter(firsts) == dict.fromkeys(backends, rounds)
