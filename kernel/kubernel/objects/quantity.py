"""Quantities: ``500m``, ``1.5Gi``, ``1e3`` — exact numbers with a suffix.

A quantity is parsed into a `Fraction`, never a float, so ``0.1`` + ``0.2`` is ``300m``. The rules and the
canonical form are Kubernetes' (source: apimachinery ``api/resource``): at most nine decimal places (finer ones
are rounded up, away from zero), binary magnitudes are capped at 2^63-1, and the canonical form keeps the family
of its suffix (decimal, binary or exponent), has no fraction, and the largest suffix that loses nothing.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

__all__ = ["QuantityError", "add", "bytes_of", "canonical", "compare", "millicores", "parse_quantity", "subtract"]

_FORM = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+|)", re.ASCII)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL_SUFFIX = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_BINARY_SUFFIX = {0: "", **{exponent: suffix for suffix, exponent in _BINARY.items()}}
_LARGEST = 2**63 - 1
_NANO = 10**9
# No sensible amount lies beyond these, and computing 10**(10**9) would never end.
_EXPONENT_MAX, _DIGITS_MAX = 40, 64


class QuantityError(ValueError):
    """The text is not a quantity."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    value: Fraction
    family: str  # "decimal", "binary" or "exponent"


@lru_cache(maxsize=4096)
def _parse(text: str) -> _Parsed:
    match = _FORM.fullmatch(text)
    if match is None or len(text) > _DIGITS_MAX:
        raise QuantityError(
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        )
    sign, digits, suffix = match.groups()
    value, family = _scaled(Fraction(digits.rstrip(".") if digits.endswith(".") else digits), suffix)
    value = Fraction(ceil(value * _NANO), _NANO)
    if family == "binary":
        value = min(value, Fraction(_LARGEST))
        family = "decimal" if 0 < value < 1 else family
    return _Parsed(-value if sign == "-" else value, family)


def _scaled(digits: Fraction, suffix: str) -> tuple[Fraction, str]:
    if suffix in _BINARY:
        return digits * (1 << _BINARY[suffix]), "binary"
    if suffix in _DECIMAL:
        return digits * Fraction(10) ** _DECIMAL[suffix], "decimal"
    exponent = int(suffix[1:])
    if abs(exponent) > _EXPONENT_MAX:
        exponent = _EXPONENT_MAX if exponent > 0 else -_EXPONENT_MAX
    return digits * Fraction(10) ** exponent, "exponent"


def parse_quantity(text: str | float) -> Fraction:
    """Return the exact value of a quantity.

    Args:
        text: The text of a manifest; YAML also yields bare numbers, read by their decimal form.

    Raises:
        QuantityError: It is not a quantity; the message has Kubernetes' words.
    """
    return _parse(text if type(text) is str else _text(text)).value


def millicores(text: str | float) -> int:
    """Return an amount of CPU in thousandths of a core, rounded up: ``0.5`` and ``500m`` are 500.

    Raises:
        QuantityError: It is not a quantity.
    """
    return ceil(parse_quantity(text) * 1000)


def bytes_of(text: str | float) -> int:
    """Return an amount of memory or storage in bytes, rounded up: ``1Ki`` is 1024.

    Raises:
        QuantityError: It is not a quantity.
    """
    return ceil(parse_quantity(text))


@lru_cache(maxsize=4096, typed=True)
def canonical(text: str | float) -> str:
    """Return the one way in which Kubernetes writes this quantity: ``0.5`` → ``500m``, ``1024Mi`` → ``1Gi``.

    Raises:
        QuantityError: It is not a quantity.
    """
    parsed = _parse(_text(text))
    return _written(parsed.value, parsed.family)


def add(first: str | float, second: str | float) -> str:
    """Return the exact sum, written as the first is, or as the second when the first is zero.

    Raises:
        QuantityError: One of them is not a quantity.
    """
    return _combined(first, second, 1)


def subtract(first: str | float, second: str | float) -> str:
    """Return the exact difference, written as `add` writes a sum; it may be negative.

    Raises:
        QuantityError: One of them is not a quantity.
    """
    return _combined(first, second, -1)


def compare(first: str | float, second: str | float) -> int:
    """Return -1, 0 or 1 when the first is less than, equal to or greater than the second, however they are written.

    Raises:
        QuantityError: One of them is not a quantity.
    """
    difference = parse_quantity(first) - parse_quantity(second)
    return (difference > 0) - (difference < 0)


def _combined(first: str | float, second: str | float, sign: int) -> str:
    one, other = _parse(_text(first)), _parse(_text(second))
    return _written(one.value + sign * other.value, one.family if one.value else other.family)


def _written(value: Fraction, family: str) -> str:
    if value == 0:
        return "0"
    if family == "binary" and abs(value) >= 1024 and value.denominator == 1:
        return _binary(value.numerator)
    return _decimal(value, as_exponent=family == "exponent")


def _text(value: str | float) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise QuantityError("quantities must be a string or a number")
    return value if isinstance(value, str) else repr(value)


def _binary(value: int) -> str:
    exponent = 0
    while exponent < 60 and value % 1024 == 0:
        value //= 1024
        exponent += 10
    return f"{value}{_BINARY_SUFFIX[exponent]}"


def _decimal(value: Fraction, *, as_exponent: bool) -> str:
    exponent = 0
    while value.denominator != 1:
        value *= 1000
        exponent -= 3
    mantissa = value.numerator
    # The largest suffix is `E`; an exponent has no largest.
    while (as_exponent or exponent < _DECIMAL["E"]) and mantissa % 1000 == 0:
        mantissa //= 1000
        exponent += 3
    if as_exponent:
        return f"{mantissa}e{exponent}" if exponent else str(mantissa)
    return f"{mantissa}{_DECIMAL_SUFFIX[exponent]}"
