"""``ip("10.0.0.1")`` and ``cidr("10.0.0.0/8")``.

Source: Kubernetes' CEL libraries ``kubernetes.net.ip`` and ``net.cidr``.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from kubernel.objects.cel.functions.declared import BOOL, INT, STRING, Function, Opaque, opaque

__all__ = ["FUNCTIONS"]

_IP, _CIDR = "net.IP", "net.CIDR"
_Address = IPv4Address | IPv6Address


def _read_address(text: str) -> _Address:
    try:
        address = ip_address(text)
    except ValueError as error:
        raise ValueError(
            f'IP Address "{text}" parse error during conversion from string: ParseAddr("{text}"): unable to parse IP'
        ) from error
    if isinstance(address, IPv6Address):
        if address.scope_id:
            raise ValueError(f'IP address "{text}" with zone value is not allowed')
        if address.ipv4_mapped is not None:
            raise ValueError(f'IPv4-mapped IPv6 address "{text}" is not allowed')
    return address


def _ip(text: str) -> Opaque:
    return opaque(_IP, address=str(_read_address(text)))


def _holds(read: Callable[[str], object]) -> Callable[[str], bool]:
    def is_readable(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return is_readable


def _address(ip: Opaque) -> _Address:
    return ip_address(ip["address"])


def _is_global_unicast(ip: Opaque) -> bool:
    address = _address(ip)
    is_broadcast = str(address) == "255.255.255.255"
    return not (
        is_broadcast or address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
    )


def _is_link_local_multicast(ip: Opaque) -> bool:
    address = _address(ip)
    if isinstance(address, IPv4Address):
        return address in ip_network("224.0.0.0/24")
    return address.is_multicast and address.packed[1] & 0x0F == 0x02


def _cidr(text: str) -> Opaque:
    address, slash, bits = text.partition("/")
    try:
        if not slash or not bits.isascii() or not bits.isdigit() or (len(bits) > 1 and bits[0] == "0"):
            raise ValueError("no '/' and number of bits")  # noqa: TRY301 - one place words all of these
        parsed = _read_address(address)
        if int(bits) > parsed.max_prefixlen:
            raise ValueError("prefix length out of range")  # noqa: TRY301 - likewise
    except ValueError as error:
        words = "network address parse error during conversion from string"
        raise ValueError(f'{words}: netip.ParsePrefix("{text}"): {error}') from error
    return opaque(_CIDR, address=str(parsed), bits=int(bits))


def _contains_ip(cidr: Opaque, ip: Opaque | str) -> bool:
    other = _address(_ip(ip) if isinstance(ip, str) else ip)
    return other in ip_network(f"{cidr['address']}/{cidr['bits']}", strict=False)


def _contains_cidr(cidr: Opaque, other: Opaque | str) -> bool:
    inner = _cidr(other) if isinstance(other, str) else other
    return bool(inner["bits"] >= cidr["bits"]) and _contains_ip(cidr, inner)


def _masked(cidr: Opaque) -> Opaque:
    network = ip_network(f"{cidr['address']}/{cidr['bits']}", strict=False)
    return opaque(_CIDR, address=str(network.network_address), bits=cidr["bits"])


FUNCTIONS = (
    Function("ip", "string_to_ip", (STRING,), _IP, _ip, is_member=False),
    Function("isIP", "is_ip", (STRING,), BOOL, _holds(_read_address), is_member=False),
    Function(
        "ip.isCanonical", "ip_is_canonical", (STRING,), BOOL, lambda s: str(_read_address(s)) == s, is_member=False
    ),
    Function("family", "ip_family", (_IP,), INT, lambda ip: _address(ip).version),
    Function("isUnspecified", "ip_is_unspecified", (_IP,), BOOL, lambda ip: _address(ip).is_unspecified),
    Function("isLoopback", "ip_is_loopback", (_IP,), BOOL, lambda ip: _address(ip).is_loopback),
    Function("isLinkLocalMulticast", "ip_is_link_local_multicast", (_IP,), BOOL, _is_link_local_multicast),
    Function("isLinkLocalUnicast", "ip_is_link_local_unicast", (_IP,), BOOL, lambda ip: _address(ip).is_link_local),
    Function("isGlobalUnicast", "ip_is_global_unicast", (_IP,), BOOL, _is_global_unicast),
    Function("cidr", "string_to_cidr", (STRING,), _CIDR, _cidr, is_member=False),
    Function("isCIDR", "is_cidr", (STRING,), BOOL, _holds(_cidr), is_member=False),
    Function("ip", "cidr_ip", (_CIDR,), _IP, lambda c: opaque(_IP, address=c["address"])),
    Function("containsIP", "cidr_contains_ip_string", (_CIDR, STRING), BOOL, _contains_ip),
    Function("containsIP", "cidr_contains_ip_ip", (_CIDR, _IP), BOOL, _contains_ip),
    Function("containsCIDR", "cidr_contains_cidr_string", (_CIDR, STRING), BOOL, _contains_cidr),
    Function("containsCIDR", "cidr_contains_cidr", (_CIDR, _CIDR), BOOL, _contains_cidr),
    Function("masked", "cidr_masked", (_CIDR,), _CIDR, _masked),
    Function("prefixLength", "cidr_prefix_length", (_CIDR,), INT, lambda c: c["bits"]),
)
