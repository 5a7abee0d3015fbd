"""The formats that schemas may ask of strings and numbers; any other one is ignored, as Kubernetes ignores it.

Source: apiextensions-apiserver ``pkg/apiserver/validation/formats.go`` and kube-openapi's ``strfmt``.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date
from email.utils import parseaddr
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_interface
from urllib.parse import urlsplit

from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors

__all__ = ["NUMBERS", "STRINGS", "is_recognized", "normalized"]

_HEX = "[0-9a-fA-F]"
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))")
_HOST_LABEL = re.compile(r"[^\W_]([^\W_]|-(?!$)){0,62}")
_GO_DURATION = re.compile(r"[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)")
_WORD_DURATION = re.compile(
    r"((\d+)\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|"
    r"minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s*)+",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|"
    r"(2131|1800|35[0-9]{3})[0-9]{11})"
)
_ISBN10, _ISBN13, _BYTE = 10, 13, 255


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_date_time(text: str) -> bool:
    day, _, rest = text.lower().partition("t")
    match = _TIME.fullmatch(rest.partition("t")[0])
    return _is_date(day) and match is not None and match[1] <= "23" and match[2] <= "59" and match[3] <= "59"


def _is_duration(text: str) -> bool:
    return _GO_DURATION.fullmatch(text) is not None or _WORD_DURATION.fullmatch(text) is not None


def _is_email(text: str) -> bool:
    name, _, domain = parseaddr(text)[1].rpartition("@")
    return bool(name and domain) and " " not in domain


def _is_hostname(text: str) -> bool:
    return 0 < len(text) <= _BYTE and all(_HOST_LABEL.fullmatch(label) for label in text.split("."))


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        return "%" not in str(IPv6Address(text))
    except AddressValueError:
        return False


def _is_cidr(text: str) -> bool:
    address, slash, bits = text.partition("/")
    try:
        ip_interface(text)
    except ValueError:
        return False
    return bool(slash) and bits.isdecimal() and "%" not in address


def _is_uri(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return (text.startswith("/") or bool(parts.scheme)) and not any(c.isspace() or ord(c) < ord(" ") for c in text)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_isbn(text: str, length: int | None = None) -> bool:
    digits = re.sub(r"[\s-]+", "", text)
    if len(digits) == _ISBN10 and length in (None, _ISBN10) and re.fullmatch("[0-9]{9}[0-9X]", digits):
        numbers = [10 if d == "X" else int(d) for d in digits]
        return sum((i + 1) * n for i, n in enumerate(numbers)) % 11 == 0
    if len(digits) == _ISBN13 and length in (None, _ISBN13) and digits.isdecimal():
        return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
    return False


def _is_card(text: str) -> bool:
    digits = re.sub(r"[^0-9]+", "", text)
    if not _CARD.fullmatch(digits):
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _is_rgb(text: str) -> bool:
    match = re.fullmatch(r"rgb\(\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*\)", text)
    return match is not None and all(int(group) <= _BYTE for group in match.groups())


def _uuid(version: str, variant: str) -> Callable[[str], bool]:
    form = re.compile(f"{_HEX}{{8}}-?{_HEX}{{4}}-?{version}{_HEX}{{3}}-?{variant}{_HEX}{{3}}-?{_HEX}{{12}}")
    return lambda text: form.fullmatch(text) is not None


def _form(pattern: str) -> Callable[[str], bool]:
    form = re.compile(pattern)
    return lambda text: form.fullmatch(text) is not None


STRINGS: Mapping[str, Callable[[str], bool]] = {
    "bsonobjectid": _form(f"{_HEX}{{24}}"),
    "byte": _is_base64,
    "cidr": _is_cidr,
    "creditcard": _is_card,
    "date": _is_date,
    "datetime": _is_date_time,
    "duration": _is_duration,
    "email": _is_email,
    "hexcolor": _form(f"#?({_HEX}{{3}}|{_HEX}{{6}})"),
    "hostname": _is_hostname,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "isbn": _is_isbn,
    "isbn10": lambda text: _is_isbn(text, _ISBN10),
    "isbn13": lambda text: _is_isbn(text, _ISBN13),
    "k8slongname": lambda text: not dns_subdomain_errors(text),
    "k8sshortname": lambda text: not dns_label_errors(text),
    "mac": _form(f"({_HEX}{{2}}([:-]{_HEX}{{2}}){{5,19}}|{_HEX}{{4}}(\\.{_HEX}{{4}}){{2,9}})"),
    "password": lambda _text: True,
    "rgbcolor": _is_rgb,
    "ssn": _form(r"[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}"),
    "uri": _is_uri,
    "uuid": _uuid(_HEX, _HEX),
    "uuid3": _uuid("3", _HEX),
    "uuid4": _uuid("4", "[89abAB]"),
    "uuid5": _uuid("5", "[89abAB]"),
}
"""Formats of strings, by their normalized name."""

NUMBERS: Mapping[str, tuple[str, float]] = {
    "int32": ("integer", 2**31),
    "int64": ("integer", 2**63),
    "float": ("number", 3.4028235677973366e38),
    "double": ("number", float("inf")),
}
"""Formats of numbers: the type that they go with and the limit of their size."""


def normalized(name: str) -> str:
    """Return a format's name without dashes: ``date-time`` and ``datetime`` are the same."""
    return name.replace("-", "")


def is_recognized(name: str, of_type: str) -> bool:
    """Whether a format means something for values of a type; Kubernetes warns of one that does not."""
    if of_type in ("", "string"):
        return normalized(name) in STRINGS
    return NUMBERS.get(name, ("", 0))[0] == of_type
