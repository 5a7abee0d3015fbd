"""Amounts of named resources: exact sums, and their text."""

from collections.abc import Mapping
from fractions import Fraction

from kubernel.objects.quantity import canonical

__all__ = ["Amounts", "added", "shown", "shown_amount", "subtracted"]

Amounts = Mapping[str, Fraction]
"""The name of a resource, such as ``requests.cpu`` or ``count/jobs.batch``, and how much of it."""

_NANO, _KIBI = 10**9, 1024
_BYTES = ("memory", "storage")


def added(one: Amounts, other: Amounts) -> dict[str, Fraction]:
    """Return the sum."""
    total = dict(one)
    for name, amount in other.items():
        total[name] = total.get(name, Fraction(0)) + amount
    return total


def subtracted(one: Amounts, other: Amounts) -> dict[str, Fraction]:
    """Return the difference; what is not in ``one`` counts as nothing."""
    return added(one, {name: -amount for name, amount in other.items()})


def shown_amount(name: str, amount: Fraction) -> str:
    """Return an amount as Kubernetes writes it: bytes in powers of 1024 where that is exact."""
    if amount.denominator != 1:
        return canonical(f"{int(amount * _NANO)}n")
    is_bytes = name.endswith(_BYTES) or "hugepages-" in name
    if is_bytes and amount and amount % _KIBI == 0:
        return canonical(f"{int(amount // _KIBI)}Ki")
    return canonical(str(amount.numerator))


def shown(amounts: Amounts) -> str:
    """Return ``pods=1,requests.cpu=500m``, sorted by name."""
    return ",".join(f"{name}={shown_amount(name, amounts[name])}" for name in sorted(amounts))
