"""``quantity("1.5Gi")`` and its arithmetic, exact as everywhere else.

Source: Kubernetes' CEL library ``kubernetes.quantity``.
"""

from collections.abc import Callable
from fractions import Fraction

from kubernel.objects.cel.functions.declared import BOOL, DOUBLE, INT, STRING, Function, Opaque, opaque
from kubernel.objects.quantity import QuantityError, parse_quantity

__all__ = ["FUNCTIONS"]

_QUANTITY = "kubernetes.Quantity"
_INT_MAX, _INT_MIN = 2**63 - 1, -(2**63)


def _of(value: Fraction) -> Opaque:
    # The text of a fraction in lowest terms: two quantities are equal when their amounts are.
    return opaque(_QUANTITY, amount=str(value))


def _amount(quantity: Opaque | int) -> Fraction:
    return Fraction(quantity) if isinstance(quantity, int) else Fraction(quantity["amount"])


def _parse(text: str) -> Opaque:
    return _of(parse_quantity(text))


def _is_quantity(text: str) -> bool:
    try:
        parse_quantity(text)
    except QuantityError:
        return False
    return True


def _is_integer(quantity: Opaque) -> bool:
    amount = _amount(quantity)
    return amount.denominator == 1 and _INT_MIN <= amount <= _INT_MAX


def _as_integer(quantity: Opaque) -> int:
    if not _is_integer(quantity):
        raise ValueError("cannot convert value to integer")
    return int(_amount(quantity))


def _compare(left: Opaque, right: Opaque) -> int:
    a, b = _amount(left), _amount(right)
    return (a > b) - (a < b)


def _arithmetic(operate: Callable[[Fraction, Fraction], Fraction]) -> Callable[[Opaque, Opaque | int], Opaque]:
    return lambda left, right: _of(operate(_amount(left), _amount(right)))


_add = _arithmetic(lambda a, b: a + b)
_subtract = _arithmetic(lambda a, b: a - b)

FUNCTIONS = (
    Function("quantity", "string_to_quantity", (STRING,), _QUANTITY, _parse, is_member=False),
    Function("isQuantity", "is_quantity_string", (STRING,), BOOL, _is_quantity, is_member=False),
    Function("sign", "quantity_sign", (_QUANTITY,), INT, lambda q: (_amount(q) > 0) - (_amount(q) < 0)),
    Function("isInteger", "quantity_is_integer", (_QUANTITY,), BOOL, _is_integer),
    Function("asInteger", "quantity_get_int", (_QUANTITY,), INT, _as_integer),
    Function("asApproximateFloat", "quantity_get_float", (_QUANTITY,), DOUBLE, lambda q: float(_amount(q))),
    Function("add", "quantity_add", (_QUANTITY, _QUANTITY), _QUANTITY, _add),
    Function("add", "quantity_add_int", (_QUANTITY, INT), _QUANTITY, _add),
    Function("sub", "quantity_sub", (_QUANTITY, _QUANTITY), _QUANTITY, _subtract),
    Function("sub", "quantity_sub_int", (_QUANTITY, INT), _QUANTITY, _subtract),
    Function("isLessThan", "quantity_is_less_than", (_QUANTITY, _QUANTITY), BOOL, lambda a, b: _compare(a, b) < 0),
    Function(
        "isGreaterThan", "quantity_is_greater_than", (_QUANTITY, _QUANTITY), BOOL, lambda a, b: _compare(a, b) > 0
    ),
    Function("compareTo", "quantity_compare_to", (_QUANTITY, _QUANTITY), INT, _compare),
)
