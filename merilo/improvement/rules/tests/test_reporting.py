"""When reports are due, when somebody is reminded, what a link is worth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.periods import Period
from merilo.improvement.rules.reporting import Standing, occasion, report_due, standing

YEAR = Period(date(2026, 3, 1), date(2026, 10, 30))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("heard", "months", "due"),
    [
        (None, 3, date(2026, 6, 1)),
        (date(2025, 12, 1), 3, date(2026, 6, 1)),  # before it began nothing was to report
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
        (date(2026, 9, 15), 3, date(2026, 10, 30)),  # its end comes first
        (date(2026, 10, 30), 3, date(2027, 1, 30)),  # after its end it goes on until it is done
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_report_is_due_some_months_after_the_last_or_at_the_end(heard, months, due):
    assert report_due(YEAR, heard, months) == due


@given(first=DAYS, length=st.integers(0, 800), heard=st.none() | DAYS, months=st.sampled_from([1, 2, 3, 6]))
def test_a_report_is_always_due_after_what_was_heard(first, length, heard, months):
    due = report_due(Period(first, first + timedelta(days=length)), heard, months)
    assert due > (heard or date.min)
    assert due > first


@pytest.mark.parametrize(
    ("days", "found"),
    [(-1, None), (0, 0), (6, 0), (7, 7), (29, 7), (30, 30), (59, 30), (60, 60), (95, 90)],
)
def test_reminders_come_at_once_after_a_week_and_then_every_month(days, found):
    due = date(2026, 5, 1)
    expected = None if found is None else due + timedelta(days=found)
    assert occasion(due, due + timedelta(days=days)) == expected


@given(due=DAYS, days=st.integers(0, 2000))
def test_the_occasions_of_days_that_follow_only_go_forward(due, days):
    one, next_one = (occasion(due, due + timedelta(days=n)) for n in (days, days + 1))
    assert one is not None
    assert next_one is not None
    assert due <= one <= next_one <= due + timedelta(days=days + 1)


def test_a_link_is_used_before_it_is_anything_else():
    assert standing(is_used=True, is_late=True, is_theirs=False) is Standing.USED
    assert standing(is_used=False, is_late=True, is_theirs=False) is Standing.OVER
    assert standing(is_used=False, is_late=True, is_theirs=True) is Standing.EXPIRED
    assert standing(is_used=False, is_late=False, is_theirs=True) is Standing.OPEN
