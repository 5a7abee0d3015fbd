"""Amounts that are a number of pods or a percentage of them: ``maxSurge``, ``minAvailable``.

Source: Kubernetes' ``pkg/apis/apps/validation`` (``ValidatePositiveIntOrPercent``).
"""

import re
from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid
from kubernel.objects.rules.names import regex_error
from kubernel.objects.rules.values import at_least_zero

__all__ = ["Amount", "amount_errors", "amount_of", "at_most_all"]

Amount = int | str

_PERCENT = re.compile("[0-9]+%", re.ASCII)
_NUMBER = re.compile("[+-]?[0-9]+", re.ASCII)
_SENTENCE = "a valid percent string must be a numeric string followed by an ending '%'"
_ALL = 100
_DIGITS_MAX = 18
"""Longer numbers are all the same to every rule here, and reading them can take long."""


def amount_errors(amount: Amount | None, path: str) -> Iterable[FieldError]:
    """Check that an amount is a number of at least 0 or a percentage; ``None`` is right."""
    if isinstance(amount, str):
        if not _PERCENT.fullmatch(amount):
            yield field_invalid(path, amount, regex_error(_SENTENCE, _PERCENT.pattern, "1%", "93%"))
    else:
        yield from at_least_zero(amount, path)


def at_most_all(amount: Amount | None, path: str) -> Iterable[FieldError]:
    """Check that a percentage is at most 100 %; a number may be any."""
    if isinstance(amount, str) and _PERCENT.fullmatch(amount) and amount_of(amount) > _ALL:
        yield field_invalid(path, amount, "must not be greater than 100%")


def amount_of(amount: Amount | None) -> int:
    """Return the number or the percentage without its sign; what is neither counts as 0."""
    if not isinstance(amount, str):
        return amount or 0
    digits = amount.removesuffix("%") if _PERCENT.fullmatch(amount) else amount
    return int(digits[:_DIGITS_MAX]) if _NUMBER.fullmatch(digits) else 0
