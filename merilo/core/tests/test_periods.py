from __future__ import annotations

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core import periods
from merilo.core.periods import Period, PeriodReversed, years

REVIEW = years(2019, 2020)


def test_docstrings_hold() -> None:
    assert doctest.testmod(periods).failed == 0


def test_period_refuses_an_end_before_its_start() -> None:
    with pytest.raises(PeriodReversed, match="2020-01-01 lies before 2020-01-02"):
        Period(date(2020, 1, 2), date(2020, 1, 1))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (date(2019, 1, 1), True),
        (date(2020, 12, 31), True),
        (date(2018, 12, 31), False),
        (date(2021, 1, 1), False),
        (Period(date(2019, 1, 1), date(2020, 12, 31)), True),
        (Period(date(2018, 12, 31), date(2019, 6, 1)), False),
        (Period(date(2020, 6, 1), date(2021, 1, 1)), False),
    ],
)
def test_period_contains(inside: date | Period, *, expected: bool) -> None:
    assert REVIEW.contains(inside) is expected


def test_overlap_is_the_days_of_both() -> None:
    other = Period(date(2020, 12, 31), date(2022, 3, 1))
    assert REVIEW.overlap(other) == Period(date(2020, 12, 31), date(2020, 12, 31))
    assert REVIEW.overlap(years(2021, 2022)) is None


def test_whole_years_only_when_both_ends_are() -> None:
    assert Period(date(2019, 1, 1), date(2019, 12, 30)).whole_years is None
    assert Period(date(2019, 2, 1), date(2019, 12, 31)).whole_years is None


DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
PERIODS = st.tuples(DAYS, DAYS).map(lambda pair: Period(min(pair), max(pair)))


@given(PERIODS, PERIODS)
def test_overlap_is_symmetric_and_inside_both(one: Period, other: Period) -> None:
    shared = one.overlap(other)
    assert shared == other.overlap(one)
    assert shared is None or (one.contains(shared) and other.contains(shared))
