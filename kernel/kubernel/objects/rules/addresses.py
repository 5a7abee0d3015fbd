"""IP addresses and networks in CIDR form, in text.

There are two rules for each. Fields that are older than the strict rules take every spelling that is not ambiguous
(`ip_errors`, `cidr_errors`); newer fields want the canonical one (`canonical_ip_errors`, `canonical_cidr_errors`).
The words are Kubernetes' (source: apimachinery ``pkg/util/validation/ip.go``).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from kubernel.objects.errors import FieldError, field_invalid

__all__ = [
    "Address",
    "Network",
    "address_of",
    "canonical_cidr_errors",
    "canonical_ip_errors",
    "cidr_errors",
    "family_errors",
    "family_of",
    "interface_address_errors",
    "ip_errors",
    "network_of",
    "special_ip_errors",
]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_OCTET_ZEROS = re.compile(r"(?<![0-9A-Fa-f:])0+(?=[0-9])")


@lru_cache(maxsize=16384)
def address_of(text: str) -> Address | None:
    """Return the address, or ``None`` for what is none; remembered, for services with very many endpoints."""
    if "%" in text:  # a zone, which only one machine understands
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def _problem(text: str) -> str:
    address = address_of(text)
    if address is None:
        if ":" not in text and address_of(_OCTET_ZEROS.sub("", text)) is not None:
            return "must not have leading 0s"
        return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return "must not be an IPv4-mapped IPv6 address"
    return ""


def ip_errors(value: str, path: str, *, known: Iterable[str] = ()) -> Iterable[FieldError]:
    """Check an IPv4 or IPv6 address; ``known`` are those that an update found there, right or wrong."""
    if value not in known and (why := _problem(value)):
        yield field_invalid(path, value, why)


def canonical_ip_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check an IPv4 or IPv6 address that must be in its shortest form."""
    if why := _problem(value):
        yield field_invalid(path, value, why)
    elif value != (canonical := str(address_of(value))):
        yield field_invalid(path, value, f'must be in canonical form ("{canonical}")')


def family_errors(value: str, family: str, path: str) -> Iterable[FieldError]:
    """Check that an address is of a family, ``IPv4`` or ``IPv6``."""
    if family_of(value) != family:
        yield field_invalid(path, value, f"must be an {family} address")


def family_of(text: str) -> str:
    """Return ``IPv4`` or ``IPv6`` for an address or a network, or the empty string for what is neither."""
    address = address_of(text.partition("/")[0])
    return "" if address is None else f"IPv{address.version}"


def special_ip_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check an endpoint's address: one that can be reached from elsewhere.

    Kubernetes also refuses loopback addresses. Here they are what the embedded network gives to pods.
    """
    address = address_of(value)
    if address is None:
        yield field_invalid(path, value, "must be a valid IP address")
    elif address.is_unspecified:
        yield field_invalid(path, value, f"may not be unspecified ({value})")
    elif address.is_link_local:
        yield field_invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    elif address.is_multicast and _is_link_local_multicast(address):
        yield field_invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")


def _is_link_local_multicast(address: Address) -> bool:
    return address.packed[:3] == b"\xe0\x00\x00" if address.version == 4 else address.packed[:2] == b"\xff\x02"


@lru_cache(maxsize=4096)
def network_of(text: str) -> Network | None:
    """Return the network, whatever its address has beyond the prefix, or ``None`` for what is none."""
    address, slash, length = text.partition("/")
    if not slash or address_of(address) is None or not (length.isdecimal() and length.isascii()):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _network_problem(text: str) -> str:
    network, (address, _, length) = network_of(text), text.partition("/")
    if network is None or (length.startswith("0") and length != "0"):
        if network_of(f"{_OCTET_ZEROS.sub('', address)}/{length.lstrip('0') or length[:1]}") is not None:
            return "must not have leading 0s in IP or prefix length"
        return "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    first = network.network_address
    if isinstance(first, IPv6Address) and first.ipv4_mapped is not None:
        return "must not have an IPv4-mapped IPv6 address"
    if address_of(address) != first:
        return "must not have bits set beyond the prefix length"
    return ""


def cidr_errors(value: str, path: str, *, known: Iterable[str] = ()) -> Iterable[FieldError]:
    """Check a network; ``known`` are those that an update found there, right or wrong."""
    if value not in known and (why := _network_problem(value)):
        yield field_invalid(path, value, why)


def canonical_cidr_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check a network that must be in its shortest form."""
    if why := _network_problem(value):
        yield field_invalid(path, value, why)
    elif value != (canonical := str(network_of(value))):
        yield field_invalid(path, value, f'must be in canonical form ("{canonical}")')


def interface_address_errors(value: str, path: str) -> Iterable[FieldError]:
    """Check an address with the length of its network's prefix, as an interface has it, in the shortest form."""
    address = address_of(value.partition("/")[0])
    network = network_of(value)
    if network is None or address is None:
        yield field_invalid(path, value, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)")
    elif value != (canonical := f"{address}/{network.prefixlen}"):
        yield field_invalid(path, value, f'must be in canonical form ("{canonical}")')
