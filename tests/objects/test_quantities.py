from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.quantity import QuantityError, bytes_of, canonical, millicores, parse_quantity

SUFFIXES = st.sampled_from(["n", "u", "m", "", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("100m", Fraction(1, 10)),
        ("1.5Gi", 3 * 2**29),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1E", 10**18),
        ("12e-2", Fraction(12, 100)),
        ("-5", -5),
        ("+5", 5),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        (2, 2),
        (0.5, Fraction(1, 2)),
        ("0.1n", Fraction(1, 10**9)),
        ("100Ei", 2**63 - 1),
    ],
)
def test_quantity_has_its_exact_value(text: str | float, value: Fraction | int) -> None:
    assert parse_quantity(text) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("1000Ki", "1000Ki"),
        ("1000k", "1M"),
        ("0.1Ki", "102400m"),
        ("1023", "1023"),
        ("0.5Ki", "512"),
        ("1e3", "1e3"),
        ("1500e0", "1500"),
        ("100000", "100k"),
        ("0Gi", "0"),
        ("-1500m", "-1500m"),
        (0.25, "250m"),
        (1, "1"),
        ("128Mi", "128Mi"),
    ],
)
def test_canonical_form_is_that_of_kubernetes(text: str | float, shown: str) -> None:
    assert canonical(text) == shown


@given(st.integers(-(10**6), 10**6), st.integers(0, 999), SUFFIXES)
def test_canonical_form_keeps_the_value_and_is_final(whole: int, thousandths: int, suffix: str) -> None:
    text = f"{whole}.{thousandths:03}{suffix}"

    shown = canonical(text)

    assert parse_quantity(shown) == parse_quantity(text)
    assert canonical(shown) == shown
    assert "." not in shown


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_quantities_add_without_rounding(a: int, b: int) -> None:
    assert parse_quantity(f"{a}m") + parse_quantity(f"{b}m") == Fraction(a + b, 1000)


@pytest.mark.parametrize("text", ["", "m", "1.2.3", "1 Gi", "1KB", "Ki", "--1", "0x1", "1e", "٣", "1e999999999x"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityError, match="quantities must match the regular expression"):
        parse_quantity(text)


def test_truth_values_are_no_quantities() -> None:
    assert canonical(1) == "1"
    with pytest.raises(QuantityError):
        canonical(True)


def test_huge_exponent_is_answered_at_once() -> None:
    assert parse_quantity("1e999999999") > 10**18
    assert parse_quantity("1e-999999999") == Fraction(1, 10**9)


def test_cpu_and_memory_are_rounded_up_to_whole_units() -> None:
    assert millicores("1.5") == 1500
    assert millicores("0.1m") == 1
    assert bytes_of("1Ki") == 1024
    assert bytes_of("1500m") == 2
