"""Addresses and networks in text: what the older and the newer fields take."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import FieldError
from kubernel.objects.rules.addresses import (
    canonical_cidr_errors,
    canonical_ip_errors,
    cidr_errors,
    family_of,
    ip_errors,
    special_ip_errors,
)

Rule = Callable[[str, str], Iterable[FieldError]]
NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_NETWORK = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (ip_errors, "10.0.0.1", ""),
        (ip_errors, "FE80:0::0abc", ""),
        (ip_errors, "10.0.0.256", NO_IP),
        (ip_errors, "", NO_IP),
        (ip_errors, "fe80::1%eth0", NO_IP),
        (ip_errors, "010.0.0.1", "must not have leading 0s"),
        (ip_errors, "::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address"),
        (canonical_ip_errors, "fe80::abc", ""),
        (canonical_ip_errors, "FE80:0::0abc", 'must be in canonical form ("fe80::abc")'),
        (canonical_ip_errors, "x", NO_IP),
        (cidr_errors, "10.0.0.0/8", ""),
        (cidr_errors, "2001:DB8::/32", ""),
        (cidr_errors, "10.0.0.0", NO_NETWORK),
        (cidr_errors, "10.0.0.0/33", NO_NETWORK),
        (cidr_errors, "10.0.0.0/-1", NO_NETWORK),
        (cidr_errors, "10.0.0.0/08", "must not have leading 0s in IP or prefix length"),
        (cidr_errors, "010.0.0.0/8", "must not have leading 0s in IP or prefix length"),
        (cidr_errors, "10.1.0.0/8", "must not have bits set beyond the prefix length"),
        (cidr_errors, "::ffff:1.2.3.0/120", "must not have an IPv4-mapped IPv6 address"),
        (canonical_cidr_errors, "2001:DB8::/32", 'must be in canonical form ("2001:db8::/32")'),
        (canonical_cidr_errors, "0.0.0.0/0", ""),
        (special_ip_errors, "0.0.0.0", "may not be unspecified (0.0.0.0)"),
        (special_ip_errors, "169.254.0.1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        (special_ip_errors, "224.0.0.9", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
        (special_ip_errors, "ff02::1", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
        (special_ip_errors, "127.64.0.1", ""),
        (special_ip_errors, "224.0.1.9", ""),
    ],
)
def test_text_is_an_address_or_says_why_not(rule: Rule, value: str, expected: str) -> None:
    errors = [str(error) for error in rule(value, "f")]

    assert errors == ([f'f: Invalid value: "{value}": {expected}'] if expected else [])


def test_what_was_there_before_may_stay() -> None:
    assert list(ip_errors("010.0.0.1", "f", known=["010.0.0.1"])) == []
    assert list(cidr_errors("10.1.0.0/8", "f", known=["10.1.0.0/8"])) == []


@given(st.builds(lambda n, p: (n, p), st.integers(0, 2**32 - 1), st.integers(0, 32)))
def test_every_ipv4_network_is_right_in_its_own_text(made: tuple[int, int]) -> None:
    text = str(IPv4Network(made, strict=False))

    assert list(canonical_cidr_errors(text, "f")) == list(cidr_errors(text, "f")) == []
    assert family_of(text) == "IPv4"


@given(st.builds(lambda n, p: (n, p), st.integers(2**64, 2**128 - 1), st.integers(0, 128)))
def test_every_ipv6_network_is_right_in_its_own_text(made: tuple[int, int]) -> None:
    text = str(IPv6Network(made, strict=False))

    assert list(cidr_errors(text, "f")) == []
    assert family_of(text) == "IPv6"


@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    for rule in (ip_errors, canonical_ip_errors, cidr_errors, canonical_cidr_errors, special_ip_errors):
        assert len(list(rule(text, "f"))) <= 1
