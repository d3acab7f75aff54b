from __future__ import annotations

import doctest
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core import numbers
from merilo.core.numbers import as_decimal, display, mean, parts, rounded


def test_docstrings_hold() -> None:
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("100", "100"),
        ("49.5", "49.5"),
        ("49.45", "49.5"),
        ("49.449999", "49.4"),
        ("0.05", "0.1"),
        ("49.96", "50"),
        ("-0.05", "−0.1"),
        ("-0.04", "0"),
        ("-12", "−12"),
        ("1E+2", "100"),
        ("999.95", "1000"),
    ],
)
def test_display_rounds_half_up_to_one_decimal(value: str, shown: str) -> None:
    assert display(Decimal(value)) == shown


@given(st.decimals(-(10**15), 10**15, places=9))
def test_a_number_is_rounded_by_at_most_half_a_tenth(value: Decimal) -> None:
    assert abs(rounded(value) - value) <= Decimal("0.05")


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_no_finite_number_is_too_large_or_too_small_to_be_rounded(value: Decimal) -> None:
    assert rounded(value).is_finite()


@pytest.mark.parametrize("text", ["1e60", "-9.9e49", "1e-999999999", "9" * 48 + ".96", "1e5000"])
def test_extreme_numbers_are_shown_and_break_nothing(text: str) -> None:
    assert display(Decimal(text), group=" ").strip("−0123456789 ") == ""


def test_display_takes_the_marks_of_the_language() -> None:
    assert display(Decimal("12345.67"), mark=",", group="\N{NO-BREAK SPACE}") == "12\N{NO-BREAK SPACE}345,7"


def test_display_of_a_third_does_not_depend_on_the_callers_context() -> None:
    with localcontext() as context:
        context.prec = 2
        assert as_decimal(Fraction(100, 3)) == Decimal("33." + "3" * 48)
        assert display(Decimal("1234.56")) == "1234.6"


def test_mean_of_nothing_is_nothing_and_not_zero() -> None:
    assert mean([]) is None


def test_mean_stays_exact_where_decimals_would_not() -> None:
    thirds = [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]
    assert mean(thirds) == Fraction(1, 3)


def test_parts_of_a_whole_negative_number() -> None:
    assert parts(Decimal("-7.0")).tenths == ""
    assert parts(Decimal("-7.0")).negative


@given(st.decimals(min_value=-10_000, max_value=10_000, places=6))
def test_display_is_never_further_than_half_a_tenth(value: Decimal) -> None:
    text = display(value).replace("−", "-")
    assert abs(Decimal(text) - value) <= Decimal("0.05")
    assert Decimal(text) == rounded(value)
