"""What changed between values, which values make one line, how a value is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from merilo.core.periods import Period, years
from merilo.indicators.rules.change import Point, comparable, plain, reached, verdict

numbers = st.decimals(-10_000, 10_000, places=6)


@given(numbers, numbers)
@example(Decimal(4), Decimal(4))
def test_the_other_way_is_the_other_verdict(before: Decimal, after: Decimal) -> None:
    opposite = {"better": "worse", "worse": "better", "same": "same"}
    assert verdict(before, after, "down") == opposite[verdict(before, after, "up")]
    assert verdict(before, after, "none") == ("same" if before == after else "changed")


def test_a_quarter_makes_no_line_with_years() -> None:
    quarter = Point(Period(date(2025, 1, 1), date(2025, 3, 31)), Decimal(1))
    whole = [Point(years(year, year), Decimal(year)) for year in (2025, 2023, 2024)]
    assert [int(point.value) for point in comparable([quarter, *whole])] == [2023, 2024, 2025]
    assert comparable([]) == []


def test_months_and_leap_years_make_a_line() -> None:
    months = [
        Point(Period(date(2024, 2, 1), date(2024, 2, 29)), Decimal(1)),
        Point(Period(date(2024, 3, 1), date(2024, 3, 31)), Decimal(2)),
    ]
    assert len(comparable(months)) == 2


@given(numbers)
def test_nothing_of_a_value_is_lost_in_writing(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert not plain(value).endswith(".")


def test_a_target_is_reached_in_its_direction() -> None:
    four = Decimal(4)
    assert [reached(Decimal(value), four, "up") for value in (3, 4, 5)] == [False, True, True]
    assert [reached(Decimal(value), four, "down") for value in (3, 4, 5)] == [True, True, False]
    assert reached(four, four, "none") is None
    assert reached(four, None, "up") is None
