"""Sums, differences and comparisons of quantities: exact, and written as the first one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.quantity import QuantityError, add, canonical, compare, parse_quantity, subtract

SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-2"]  # sums stay below 2^63
QUANTITIES = st.builds(
    lambda sign, whole, digits, suffix: f"{sign}{whole}.{digits}{suffix}",
    st.sampled_from(["", "-", "+"]),
    st.integers(0, 1000),
    st.integers(0, 999),
    st.sampled_from(SUFFIXES),
)


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        ("10", "-2", "8"),
        ("0", "1Gi", "1Gi"),
        ("1Gi", "0", "1Gi"),
        ("1Gi", "1G", "2073741824"),
        ("1Gi", "1024Mi", "2Gi"),
        ("0.1", "0.2", "300m"),
        ("1e3", "500", "1500"),
        ("1e3", "2e3", "3e3"),
        ("9E", "1E", "10E"),
        ("1e21", "0", "1e21"),
        (1, "500m", "1500m"),
    ],
)
def test_sum_is_exact_and_written_as_the_first(first: str | float, second: str, total: str) -> None:
    assert add(first, second) == total


@pytest.mark.parametrize(
    ("first", "second", "rest"),
    [("1", "500m", "500m"), ("0", "1Gi", "-1Gi"), ("1Gi", "1Gi", "0"), ("1", "2", "-1"), ("2Ki", "1", "2047")],
)
def test_difference_is_exact_and_may_be_negative(first: str, second: str, rest: str) -> None:
    assert subtract(first, second) == rest


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [("100m", "0.1", 0), ("1Ki", "1k", 1), ("10000T", "100Gi", 1), ("50m", "100m", -1), ("-1", "0", -1)],
)
def test_quantities_are_compared_however_they_are_written(first: str, second: str, order: int) -> None:
    assert compare(first, second) == order


@pytest.mark.parametrize("wrong", ["", "1 Gi", "1KiB", "0x10", "1e", "--1", "NaN", "9" * 100])
def test_what_is_no_quantity_has_no_sum(wrong: str) -> None:
    with pytest.raises(QuantityError):
        add("1", wrong)


@given(QUANTITIES, QUANTITIES)
def test_sum_has_the_value_of_its_parts(first: str, second: str) -> None:
    assert parse_quantity(add(first, second)) == parse_quantity(first) + parse_quantity(second)


@given(QUANTITIES, QUANTITIES)
def test_what_is_added_can_be_taken_away_again(first: str, second: str) -> None:
    assert compare(subtract(add(first, second), second), first) == 0


@given(QUANTITIES, QUANTITIES)
def test_order_of_a_sum_does_not_matter_for_its_value(first: str, second: str) -> None:
    assert compare(add(first, second), add(second, first)) == 0


@given(QUANTITIES)
def test_canonical_form_is_its_own(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
